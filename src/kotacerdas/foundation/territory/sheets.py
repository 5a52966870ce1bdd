"""The coordinates of areas as a table: code, name to compare, latitude and longitude."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.territory.actions import MOST_BASIS, PLACE_AREAS, area_place
from kotacerdas.foundation.territory.geometry import distance_m
from kotacerdas.foundation.territory.land import LAT_NORTH, LAT_SOUTH, LNG_EAST, LNG_WEST
from kotacerdas.foundation.territory.models import Area
from kotacerdas.foundation.territory.names import name_key, search_key
from kotacerdas.kernel.errors import KotaError
from kotacerdas.kernel.sheets import Column, Key, Kind, Row, RowRefused, Sheet, Wrong

FARTHEST_M = 30_000  # a point that moves farther is a slip: no district here is as wide


def current(keys: Sequence[Key]) -> Mapping[Key, Mapping[str, Any]]:
    """What is stored of open areas, by code; six decimals, a tenth of a metre."""
    found = Area.objects.filter(code__in=[code for (code,) in keys], closed_on=None)
    return {
        (one.code,): {
            "code": one.code,
            "name": one.name,
            "lat": _degrees(one.lat),
            "lng": _degrees(one.lng),
            "basis": one.point_basis,
        }
        for one in found
    }


def _degrees(value: float | None) -> Decimal | None:
    return Decimal(f"{value:.6f}").normalize() if value is not None else None


def check(rows: Sequence[Row], actor: Any) -> Iterator[tuple[int, Wrong]]:
    """Codes are known, names agree, and no point jumps or meets another village's."""
    villages = dict(Area.objects.filter(level=Area.Level.VILLAGE, closed_on=None).values_list("code", "name"))
    known = {
        (round(one.point[0], 6), round(one.point[1], 6)): one.code
        for one in Area.objects.filter(code__in=villages)
        if one.point is not None
    }
    for row in rows:
        if row.before is None:
            yield (
                row.line,
                Wrong(
                    column="code",
                    message=_("There is no area with this code."),
                    remedy=_("Write the Ministry's code, as in 12.34.56.2001."),
                ),
            )
            continue
        name = row.values.get("name")
        if name and _folded(name) != _folded(row.before["name"]):
            yield (
                row.line,
                Wrong(
                    column="name",
                    message=_("The area with this code is called %(name)s."),
                    remedy=_("Check whether the rows have slipped, and correct code or name."),
                    given={"name": row.before["name"]},
                ),
            )
        yield from _point_flaws(row, villages, known)


def _point_flaws(
    row: Row, villages: Mapping[str, str], known: Mapping[tuple[float, float], str]
) -> Iterator[tuple[int, Wrong]]:
    before, lat, lng = row.before or {}, float(row.values["lat"]), float(row.values["lng"])
    is_known = before["lat"] is not None and before["lng"] is not None
    metres = distance_m(lat, lng, float(before["lat"]), float(before["lng"])) if is_known else 0.0
    if metres > FARTHEST_M:
        yield (
            row.line,
            Wrong(
                column="lat",
                message=_("This point lies %(km)s km from the one that is known."),
                remedy=_("Check the decimal mark, and that latitude and longitude are not exchanged."),
                given={"km": round(metres / 1000)},
            ),
        )
    other = known.get((round(lat, 6), round(lng, 6)), before["code"])
    if before["code"] in villages and other != before["code"]:
        yield (
            row.line,
            Wrong(
                column="lat",
                message=_("This is the point of %(name)s already."),
                remedy=_("Each village has its own point."),
                given={"name": villages[other]},
            ),
        )


def _folded(name: str) -> str:
    return search_key(name_key(name)).replace(" ", "")


def take(rows: Iterable[Row], actor: Any) -> None:
    """Move the points of these areas."""
    for row in rows:
        try:
            area_place(
                actor=actor,
                code=row.values["code"],
                lat=float(row.values["lat"]),
                lng=float(row.values["lng"]),
                basis=row.get("basis") or "",
            )
        except KotaError as error:
            raise RowRefused(row.line, Wrong(message=error.message, remedy=error.remedy)) from error


def six_decimals(value: Decimal) -> Decimal:
    """Coordinates to a tenth of a metre."""
    return round(value, 6).normalize()


AREAS = Sheet(
    name="territory.areas",
    words=_("Coordinates of areas"),
    about=_(
        "Moves the reference points of districts and villages to where somebody measured them: a point "
        "surely inside, not the office. The next load of the pack leaves these points alone."
    ),
    key=("code",),
    permission=PLACE_AREAS,
    check=check,
    current=current,
    take=take,
    columns=(
        Column(
            name="code",
            words=_("Area code"),
            kind=Kind.CODE,
            required=True,
            longest=16,
            aliases=("kode", "kode kemendagri", "kode desa", "kode wilayah administrasi", "kdepum"),
            hint=_("the Ministry's code, as in 12.34.56.2001"),
        ),
        Column(
            name="name",
            words=_("Area name"),
            longest=80,
            aliases=("nama", "desa", "kelurahan", "nama desa", "nama desa/kelurahan", "wilayah"),
            hint=_("compared with the code, never changed"),
        ),
        Column(
            name="lat",
            words=_("Latitude"),
            kind=Kind.DECIMAL,
            required=True,
            least=Decimal(str(LAT_SOUTH)),
            most=Decimal(str(LAT_NORTH)),
            aliases=("lintang", "y", "latitude", "koordinat y"),
            normal=six_decimals,
            hint=_("degrees, south is negative, as in -6,327583"),
        ),
        Column(
            name="lng",
            words=_("Longitude"),
            kind=Kind.DECIMAL,
            required=True,
            least=Decimal(str(LNG_WEST)),
            most=Decimal(str(LNG_EAST)),
            aliases=("bujur", "x", "long", "lon", "longitude", "koordinat x"),
            normal=six_decimals,
            hint=_("degrees, as in 108,324936"),
        ),
        Column(
            name="basis",
            words=_("Source of the point"),
            longest=MOST_BASIS,
            aliases=("sumber", "dasar", "keterangan"),
            hint=_("who measured it, and when"),
        ),
    ),
)
SHEETS = (AREAS,)
