"""What the wall shows of devices: open alerts whose rule wants it."""

from __future__ import annotations

from collections.abc import Sequence

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.telemetry.lifecycles import title
from kotacerdas.foundation.telemetry.pages.present import place
from kotacerdas.foundation.telemetry.pages.words import kind_icon, value
from kotacerdas.foundation.telemetry.queries import visible_alerts
from kotacerdas.kernel.banners import Banner

MOST = 3


def alerts(grants: Grants) -> Sequence[Banner]:
    """The newest open alerts of rules that are shown on the wall."""
    found = visible_alerts(grants).filter(recovered_at=None, version__params__then__banner=True)
    return [
        Banner(
            title=f"{title(one.rule.code)}: {value(one.extreme, one.stream.unit if one.stream else '')}"
            if one.extreme is not None
            else title(one.rule.code),
            place=place(one.device.area_code) or one.device.name,
            since=one.raised_at,
            agency=one.device.agency.short_name,
            icon=kind_icon(one.device.kind),
        )
        for one in found.select_related("stream")[:MOST]
    ]


BANNERS = (alerts,)
