"""The queue of a desk among the places of staff."""

from __future__ import annotations

from functools import partial
from typing import Any

from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.casework.queries import work_count
from kotacerdas.foundation.parties.navigation import NavEntry


def queue_entry(desk: Desk, *, icon: str, section: Any, order: int = 100) -> NavEntry:
    """The entry of a desk's queue, with the number of open cases, for whoever may work on them."""
    return NavEntry(
        label=desk.texts.queue,
        icon=icon,
        url_name=desk.name_of("queue"),
        section=section,
        order=order,
        permissions=(desk.work,),
        count=partial(work_count, desk),
        primary=True,
    )
