"""What the pack says of messages: when people may be written to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from kotacerdas.foundation.notify.hours import FILE, LEAST, TABLE, MessageHours
from kotacerdas.kernel.pack import Pack, Section


def check_hours(rows: Sequence[MessageHours], pack: Pack) -> Iterator[tuple[MessageHours, str]]:
    """They end on the day on which they begin, at least an hour later."""
    for row in rows:
        if row.length < LEAST:
            words = {"from": f"{row.from_:%H:%M}", "until": f"{row.until:%H:%M}"}
            yield row, _("until: %(until)s is less than an hour after %(from)s on the same day") % words


SECTIONS = (Section(name=TABLE, file=FILE, row=MessageHours, key=(), single=True, check=check_hours),)
