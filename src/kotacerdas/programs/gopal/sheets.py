"""The register of tanks as a table, in and out by the same columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.territory.queries import area_by_code, inside_regency
from kotacerdas.kernel import clock
from kotacerdas.kernel.sheets import Column, Key, Kind, Row, Rows, Sheet, Wrong
from kotacerdas.programs.gopal.actions.importing import tanks_import
from kotacerdas.programs.gopal.actions.tanks import LARGEST_L, MOST_USERS
from kotacerdas.programs.gopal.models import Tank, TankClass
from kotacerdas.programs.gopal.pack_tables import desludging
from kotacerdas.programs.gopal.permissions import IMPORT

PLAIN = ("code", "area_code", "address", "tank_class", "volume_l", "hose_m", "users", "last_emptied_on")


def row_of(tank: Tank) -> dict[str, Any]:
    """A tank as the table has it; six decimals of a degree, a tenth of a metre."""
    found = {name: getattr(tank, name) for name in PLAIN}
    found |= {"lat": _degrees(tank.lat), "lng": _degrees(tank.lng)}
    codes = sorted(one.code for one in tank.buildings.all())
    return {**found, "buildings": ", ".join(codes), "skills": ", ".join(sorted(tank.skills))}


def current(keys: Sequence[Key]) -> Mapping[Key, Mapping[str, Any]]:
    """What is stored of these tanks, by code."""
    codes = [code for (code,) in keys]
    return {
        (one.code,): row_of(one) for one in Tank.objects.filter(code__in=codes).prefetch_related("buildings")
    }


def check(rows: Sequence[Row], actor: Any) -> Iterator[tuple[int, Wrong]]:
    """Villages and classes are known, positions lie within the regency, and codes are not another agency's."""
    agency = agency_of(actor)
    others = set(
        Tank.objects.filter(code__in=[row.values["code"] for row in rows])
        .exclude(agency=agency)
        .values_list("code", flat=True)
    )
    classes = set(TankClass.objects.filter(closed_on=None).values_list("code", flat=True))
    for row in rows:
        if row.values["code"] in others:
            yield row.line, Wrong(column="code", message=_("Another agency has a tank with this code."))
        yield from ((row.line, one) for one in _flaws(row, classes))


def _flaws(row: Row, classes: set[str]) -> Iterator[Wrong]:
    area, lat, lng = row.get("area_code"), row.get("lat"), row.get("lng")
    if area and area_by_code(area) is None:
        yield Wrong(column="area_code", message=_("There is no village with this code."))
    if row.get("tank_class") not in classes:
        yield Wrong(
            column="tank_class",
            message=_("There is no such class."),
            remedy=_("Write one of: %(codes)s."),
            given={"codes": ", ".join(sorted(classes))},
        )
    if (lat is None) != (lng is None):
        yield Wrong(column="lat", message=_("A position is a latitude and a longitude."))
    elif lat is not None and lng is not None and not inside_regency(float(lat), float(lng)):
        yield Wrong(
            column="lat",
            message=_("This position lies in the sea or outside the regency."),
            remedy=_("Check the decimal mark, and that both are not exchanged."),
        )
    emptied = row.get("last_emptied_on")
    if emptied is not None and emptied > clock.today():
        yield Wrong(column="last_emptied_on", message=_("This day lies ahead."))


def take(rows: Rows, actor: Any) -> None:
    """Store tanks that are new or differ."""
    tanks_import(actor=actor, agency=agency_of(actor), rows=(_values(row) for row in rows))


def agency_of(actor: Any) -> Agency:
    """Whose tanks somebody reads in: those of their post's agency."""
    agency: Agency = actor.position.agency
    return agency


def _values(row: Row) -> dict[str, Any]:
    found = {name: row.get(name) for name in PLAIN}
    lat, lng = row.get("lat"), row.get("lng")
    words = {name: _parts(row.get(name)) for name in ("buildings", "skills")}
    place = {"lat": float(lat) if lat is not None else None, "lng": float(lng) if lng is not None else None}
    return {**found, **place, **words}


def _parts(text: Any) -> list[str]:
    return sorted({one.strip() for one in str(text or "").replace(";", ",").split(",") if one.strip()})


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.6f}").normalize()


def six_decimals(value: Decimal) -> Decimal:
    """Coordinates to a tenth of a metre."""
    return round(value, 6).normalize()


def listed(value: str) -> str:
    """Codes in their order, as they are stored."""
    return ", ".join(_parts(value))


def _whole(name: str, words: Any, most: int, least: int = 1, **more: Any) -> Column:
    return Column(name=name, words=words, kind=Kind.WHOLE, least=Decimal(least), most=Decimal(most), **more)


TANKS = Sheet(
    name="gopal.tanks",
    words=_("Septic tanks"),
    about=_(
        "New tanks are registered, known ones changed by their code. An empty cell leaves what is known."
    ),
    key=("code",),
    permission=IMPORT,
    check=check,
    current=current,
    take=take,
    onward=("gopal:tanks", _("To the register")),
    columns=(
        Column(
            name="code",
            words=_("Tank code"),
            kind=Kind.CODE,
            required=True,
            longest=40,
            aliases=("kode", "no tangki", "nomor tangki", "id tangki"),
        ),
        Column(
            name="area_code",
            words=_("Village code"),
            kind=Kind.CODE,
            longest=16,
            aliases=("kode desa", "kode wilayah", "desa"),
            hint=_("the Ministry's code, as in 12.34.56.2001"),
        ),
        Column(
            name="address", words=_("Address"), longest=200, aliases=("jalan", "lokasi", "alamat pemilik")
        ),
        Column(
            name="lat",
            words=_("Latitude"),
            kind=Kind.DECIMAL,
            least=Decimal(-90),
            most=Decimal(90),
            normal=six_decimals,
            aliases=("lintang", "y", "latitude"),
        ),
        Column(
            name="lng",
            words=_("Longitude"),
            kind=Kind.DECIMAL,
            least=Decimal(-180),
            most=Decimal(180),
            normal=six_decimals,
            aliases=("bujur", "x", "longitude"),
        ),
        Column(
            name="tank_class",
            words=_("Tank class"),
            kind=Kind.CODE,
            required=True,
            longest=40,
            aliases=("golongan", "kelas"),
        ),
        _whole("volume_l", _("Holds (litres)"), LARGEST_L, aliases=("volume", "volume liter", "isi")),
        _whole(
            "hose_m", _("Hose (metres)"), desludging().longest_hose_m, 0, aliases=("selang", "panjang selang")
        ),
        _whole("users", _("Users"), MOST_USERS, aliases=("jumlah jiwa", "jiwa", "penghuni")),
        Column(
            name="last_emptied_on",
            words=_("Emptied last"),
            kind=Kind.DATE,
            aliases=("tanggal sedot", "sedot terakhir", "terakhir sedot"),
        ),
        Column(
            name="buildings",
            words=_("Building codes"),
            longest=400,
            normal=listed,
            aliases=("bangunan",),
            hint=_("several with a comma between them"),
        ),
        Column(
            name="skills",
            words=_("Needs of the truck"),
            longest=120,
            normal=listed,
            aliases=("akses",),
            hint=_("codes, as narrow_road"),
        ),
    ),
)
SHEETS = (TANKS,)
