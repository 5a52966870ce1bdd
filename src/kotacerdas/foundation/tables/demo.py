"""The demo's file on its way in: coordinates of some areas, with two cells that are wrong, read and not taken yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kotacerdas.foundation.parties.actors import Actor, staff
from kotacerdas.foundation.parties.models import Holding
from kotacerdas.foundation.tables.actions import upload_open
from kotacerdas.foundation.tables.permissions import ROLES
from kotacerdas.foundation.tables.running import read_upload
from kotacerdas.foundation.tables.writing import write_xlsx
from kotacerdas.foundation.territory.models import Area
from kotacerdas.foundation.territory.sheets import AREAS
from kotacerdas.kernel.pack import Pack

_ROWS, _MOVED = 8, 0.0009  # a tenth of a kilometre
_NAME = "titik-desa-contoh.xlsx"


def finish(_pack: Pack) -> int:
    """Give the file as whoever holds the operator's post; how many files there are. Nothing where nobody does."""
    actor = _operator()
    if actor is None:
        return 0
    upload, _is_new = upload_open(
        actor=actor, sheet=AREAS, file_name=_NAME, data=write_xlsx(AREAS, list(_rows()))
    )
    read_upload(str(upload.id))
    return 1


def _rows() -> Iterator[dict[str, Any]]:
    known = Area.objects.filter(level=Area.Level.VILLAGE, closed_on=None).exclude(lat=None)
    villages = known.order_by("code")[:_ROWS]
    for place, one in enumerate(villages):
        row = {
            "code": one.code,
            "name": one.name,
            "lat": (one.lat or 0) + _MOVED,
            "lng": one.lng,
            "basis": "Contoh pengukuran",
        }
        if place == 2:
            row["name"] = f"{one.name} (contoh salah)"
        if place == 5:
            row["lat"], row["lng"] = one.lng, one.lat
        if place == _ROWS - 1:
            row["lat"] = one.lat
        yield row


def _operator() -> Actor | None:
    holdings = Holding.objects.filter(
        position__roles__contains=[ROLES[0].name], until=None, user__is_demo=True
    )
    holding = holdings.select_related("user", "position").order_by("since").first()
    return staff(holding.user, position=holding.position) if holding else None
