"""What the pack says of areas and landmarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _

from kotacerdas.foundation.territory.index import forget_index
from kotacerdas.foundation.territory.models import Area, Place
from kotacerdas.foundation.territory.names import name_key
from kotacerdas.foundation.territory.pack_positions import far_areas, far_places, flaw_of, spot_of
from kotacerdas.kernel import clock
from kotacerdas.kernel.pack import Counts, Pack, Section
from kotacerdas.kernel.packstore import upsert

_LEVELS = {
    "kabupaten": Area.Level.REGENCY,
    "kota": Area.Level.REGENCY,
    "kecamatan": Area.Level.DISTRICT,
    "distrik": Area.Level.DISTRICT,
    "desa": Area.Level.VILLAGE,
    "kelurahan": Area.Level.VILLAGE,
}
_PARTS = {Area.Level.REGENCY: 2, Area.Level.DISTRICT: 3, Area.Level.VILLAGE: 4}


@dataclass(frozen=True, kw_only=True)
class AreaRow:
    """One line of areas.csv; lat and lng in WGS 84 degrees, a point surely inside, where it is known."""

    code: str
    kind: Literal["kabupaten", "kota", "kecamatan", "distrik", "desa", "kelurahan"]
    name: str
    parent: str = ""
    postcode: str = ""
    lat: float | None = None
    lng: float | None = None
    area_km2: float | None = None


@dataclass(frozen=True, kw_only=True)
class LandmarkRow:
    """One line of landmarks.csv: a place callers name. `area` is its village where that is known."""

    name: str
    kind: str
    lat: float
    lng: float
    area: str = ""
    basis: str


def check_areas(rows: Sequence[AreaRow], pack: Pack) -> Iterator[tuple[AreaRow | None, str]]:
    """Codes, parents, positions and the one regency fit together."""
    regencies = [row for row in rows if _LEVELS[row.kind] == Area.Level.REGENCY]
    if len(regencies) != 1:
        yield (
            None,
            _("kind: exactly one row is the regency itself (kabupaten or kota), not %(count)s")
            % {"count": len(regencies)},
        )
    own = str(pack.table("instance").get("area", ""))
    if own and regencies and own not in [row.code for row in regencies]:
        words = {"own": own, "code": regencies[0].code}
        yield regencies[0], _("code: pack.toml says [instance] area = %(own)s, not %(code)s") % words
    points: dict[tuple[float, float], AreaRow] = {}
    for row in rows:
        level = _LEVELS[row.kind]
        if not name_key(row.name):
            yield row, _("name: it has no Latin letter or digit, so that nobody could search for it")
        parts = row.code.split(".")
        if len(parts) != _PARTS[level] or not all(part.isascii() and part.isdigit() for part in parts):
            yield (
                row,
                _("code: %(code)s is no Kemendagri code of a %(kind)s; a village is like 12.34.56.2001")
                % {
                    "code": row.code,
                    "kind": row.kind,
                },
            )
        elif level == Area.Level.REGENCY and row.parent:
            yield row, _("parent: the regency has none; leave it empty")
        elif level != Area.Level.REGENCY and row.parent != row.code.rpartition(".")[0]:
            yield (
                row,
                _("parent: the code says %(said)s, not %(given)s")
                % {
                    "said": row.code.rpartition(".")[0],
                    "given": row.parent,
                },
            )
        yield from _point_flaws(row, points)
        if row.postcode and not (
            len(row.postcode) == 5 and row.postcode.isascii() and row.postcode.isdigit()
        ):
            yield row, _("postcode: %(code)s has not five digits") % {"code": row.postcode}
    yield from far_areas(rows, regencies[0].name if regencies else "")


def _point_flaws(row: AreaRow, points: dict[tuple[float, float], AreaRow]) -> Iterator[tuple[AreaRow, str]]:
    """A position that cannot be true, and one that two villages share."""
    if message := flaw_of(row):
        yield row, message
    spot, is_village = spot_of(row), _LEVELS[row.kind] == Area.Level.VILLAGE
    if spot and is_village and (other := points.setdefault(spot, row)) is not row:
        words = {"name": other.name}
        yield row, _("lat, lng: the same point as %(name)s; each village has its own") % words


def check_landmarks(rows: Sequence[LandmarkRow], pack: Pack) -> Iterator[tuple[LandmarkRow, str]]:
    """Names that a search tells apart, and positions that can be true."""
    seen: dict[tuple[str, str], LandmarkRow] = {}
    for row in rows:
        if (other := seen.setdefault((name_key(row.name), row.area), row)) is not row and (
            other.name != row.name
        ):
            words = {"name": row.name, "other": other.name}
            yield row, _("name: %(name)s and %(other)s are one name to a search; name them apart") % words
        if message := flaw_of(row):
            yield row, message
    yield from far_places(rows, pack.of("areas"))


def load_areas(rows: Sequence[AreaRow], pack: Pack) -> Counts:
    """Levels from the top down, so that parents stand; areas gone from the pack are closed, never deleted.

    A point that was imported since stays."""
    stamp = {"changed_at": clock.now()}
    own = {
        one["code"]: {"lat": one["lat"], "lng": one["lng"]}
        for one in Area.objects.exclude(point_basis="").values("code", "lat", "lng")
    }
    counts = Counts()
    for level in (Area.Level.REGENCY, Area.Level.DISTRICT, Area.Level.VILLAGE):
        ids = dict(Area.objects.values_list("code", "id"))
        wanted = [
            _area_values(row, level, ids) | own.get(row.code, {})
            for row in rows
            if _LEVELS[row.kind] == level
        ]
        counts += upsert(
            Area, ("code",), wanted, among=Area.objects.filter(level=level), gone=_closed, stamp=stamp
        )
    forget_index()
    return counts


def load_landmarks(rows: Sequence[LandmarkRow], pack: Pack) -> Counts:
    """Landmarks by name and village; those gone from the pack are closed. Typed places are left alone."""
    areas = dict(Area.objects.values_list("code", "id"))
    wanted = [
        {
            "kind": Place.Kind.LANDMARK,
            "feature": row.kind,
            "name": row.name,
            "name_key": name_key(row.name),
            "lat": row.lat,
            "lng": row.lng,
            "area_id": areas.get(row.area),
            "basis": row.basis,
            "closed_on": None,
        }
        for row in rows
    ]
    landmarks = Place.objects.filter(kind=Place.Kind.LANDMARK)
    return upsert(Place, ("name_key", "area_id"), wanted, among=landmarks, gone=_closed)


def _area_values(row: AreaRow, level: str, ids: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": row.code,
        "level": level,
        "kind": row.kind,
        "name": row.name,
        "name_key": name_key(row.name),
        "parent_id": ids.get(row.parent),
        "postcode": row.postcode,
        "lat": row.lat,
        "lng": row.lng,
        "area_km2": row.area_km2,
        "closed_on": None,
    }


def _closed(row: Any) -> dict[str, date]:
    return {"closed_on": row.closed_on or clock.today()}


SECTIONS = (
    Section(
        name="areas",
        file="areas.csv",
        row=AreaRow,
        stored=Area,
        key=("code",),
        load=load_areas,
        refs={"parent": "areas.code"},
        check=check_areas,
    ),
    Section(
        name="landmarks",
        file="landmarks.csv",
        row=LandmarkRow,
        stored=Place,
        columns={"kind": "feature", "area": ""},
        key=("name", "area"),
        load=load_landmarks,
        after=("areas",),
        refs={"area": "areas.code"},
        check=check_landmarks,
        optional=True,
    ),
)
