"""What the pack says of agencies and their posts. Every district is an agency too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.demo import SECTIONS as DEMO_SECTIONS
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.foundation.parties.roles import declared
from kotacerdas.kernel import clock
from kotacerdas.kernel.pack import Counts, Pack, Section
from kotacerdas.kernel.packcolumns import misfit
from kotacerdas.kernel.packstore import upsert

DISTRICT = "kecamatan"
EVERY_KIND = "*"
_CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_COLUMNS = {"area": "area_code"}
_DISTRICT_KINDS = ("kecamatan", "distrik")


@dataclass(frozen=True, kw_only=True)
class AgencyRow:
    """One line of agencies.csv. Districts are not listed: they are made from areas.csv."""

    code: str
    kind: str
    name: str
    short_name: str
    area: str
    phone: str = ""
    basis: str


@dataclass(frozen=True, kw_only=True)
class PositionRow:
    """One [[positions]] of positions.toml: a post for every agency of some kinds, or for those named."""

    code: str
    title_id: str
    title_en: str
    roles: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()

    def matches(self, code: str, kind: str) -> bool:
        """Whether an agency of this code and kind gets the post."""
        return code in self.agencies or kind in self.kinds or EVERY_KIND in self.kinds


def district_agency_code(name: str) -> str:
    """The agency code of a district by its name: "Kedokan Bunder" → KEC-KEDOKAN-BUNDER."""
    return "KEC-" + "-".join(name.upper().split())


def agency_rows(pack: Pack) -> list[AgencyRow]:
    """The listed agencies and those made from the districts."""
    made = [
        AgencyRow(
            code=district_agency_code(area.name),
            kind=DISTRICT,
            name=f"Kecamatan {area.name}" if area.kind == DISTRICT else f"Distrik {area.name}",
            short_name=f"Kec. {area.name}" if area.kind == DISTRICT else f"Distrik {area.name}",
            area=area.code,
            basis="made from the district in areas.csv",
        )
        for area in pack.of("areas")
        if area.kind in _DISTRICT_KINDS
    ]
    return [*pack.of("agencies"), *made]


def check_agencies(rows: Sequence[AgencyRow], pack: Pack) -> Iterator[tuple[AgencyRow | None, str]]:
    """Codes are capitals, and none is that of a district."""
    made = agency_rows(pack)[len(rows) :]
    districts = {row.code for row in made}
    yield from _made_flaws(made)
    for row in rows:
        if not _CODE.fullmatch(row.code):
            yield row, _("code: %(code)s must be capital letters, digits and dashes") % {"code": row.code}
        elif row.code in districts:
            yield (
                row,
                _("code: %(code)s is made from areas.csv already; remove this line") % {"code": row.code},
            )
    listed = {row.code for row in rows}
    for name, code in pack.table("desks").items():
        if isinstance(code, str) and code and code not in listed:
            yield (
                None,
                _("pack.toml names %(code)s as %(name)s, but no agency has this code")
                % {
                    "code": code,
                    "name": name,
                },
            )


def _made_flaws(made: Sequence[AgencyRow]) -> Iterator[tuple[None, str]]:
    """Districts whose names make the same agency, or one that its columns cannot hold."""
    seen: dict[str, AgencyRow] = {}
    for row in made:
        words = {"name": row.name, "code": row.code, "area": row.area}
        if (other := seen.setdefault(row.code, row)) is not row:
            words["other"] = other.area
            yield (
                None,
                _("areas.csv: %(area)s makes the agency %(code)s as %(other)s does; name them apart") % words,
            )
        for one in fields(row):
            wrong = misfit(Agency._meta.get_field(_COLUMNS.get(one.name, one.name)), getattr(row, one.name))
            if wrong:
                yield None, _("areas.csv: the agency of %(area)s (%(name)s)") % words + f": {wrong}"


def check_positions(rows: Sequence[PositionRow], pack: Pack) -> Iterator[tuple[PositionRow | None, str]]:
    """Roles are declared, agencies known, and each rule makes at least one post."""
    known = declared().roles
    agencies = agency_rows(pack)
    codes = {agency.code for agency in agencies}
    for row in rows:
        for role in row.roles:
            if role not in known:
                yield (
                    row,
                    _("roles: nobody declares %(role)s; known are %(known)s")
                    % {
                        "role": role,
                        "known": ", ".join(sorted(known)),
                    },
                )
        for code in row.agencies:
            if code not in codes:
                yield (
                    row,
                    _("agencies: there is no %(code)s in agencies.csv or among the districts")
                    % {"code": code},
                )
        if not any(row.matches(agency.code, agency.kind) for agency in agencies):
            yield row, _("no agency matches; name kinds or agencies that exist")


def load_agencies(rows: Sequence[AgencyRow], pack: Pack) -> Counts:
    """Agencies by code; those gone from the pack are closed, never deleted, and others are left alone."""
    wanted = [
        {
            "code": row.code,
            "kind": row.kind,
            "name": row.name,
            "short_name": row.short_name,
            "area_code": row.area,
            "phone": row.phone,
            "basis": row.basis,
            "closed_on": None,
            "from_pack": True,
        }
        for row in agency_rows(pack)
    ]
    return upsert(Agency, ("code",), wanted, gone=_closed)


def load_positions(rows: Sequence[PositionRow], pack: Pack) -> Counts:
    """Posts by agency and code; of those it brought, what no rule makes any more is closed, never deleted."""
    ids = dict(Agency.objects.values_list("code", "id"))
    wanted: dict[tuple[str, str], dict[str, Any]] = {}
    for agency in agency_rows(pack):
        for row in rows:
            if row.matches(agency.code, agency.kind):
                wanted[agency.code, row.code] = {
                    "agency_id": ids[agency.code],
                    "code": row.code,
                    "title_id": row.title_id,
                    "title_en": row.title_en,
                    "roles": list(row.roles),
                    "closed_on": None,
                    "from_pack": True,
                }
    return upsert(Position, ("agency_id", "code"), wanted.values(), gone=_closed)


def position_codes(pack: Pack) -> set[str]:
    """`<AGENCY>.<position>` of every post the pack makes: what an escalation may name."""
    return {
        f"{agency.code}.{row.code}"
        for agency in agency_rows(pack)
        for row in pack.of("positions")
        if row.matches(agency.code, agency.kind)
    }


def _closed(row: Any) -> dict[str, date]:
    """What becomes of a row that the pack has no more; nothing of one that it never brought."""
    return {"closed_on": row.closed_on or clock.today()} if row.from_pack else {}


SECTIONS = (
    *DEMO_SECTIONS,
    Section(
        name="agencies",
        file="agencies.csv",
        row=AgencyRow,
        stored=Agency,
        key=("code",),
        load=load_agencies,
        after=("areas",),
        refs={"area": "areas.code"},
        check=check_agencies,
    ),
    Section(
        name="positions",
        file="positions.toml",
        row=PositionRow,
        stored=Position,
        key=("code", "kinds", "agencies"),
        load=load_positions,
        after=("agencies",),
        check=check_positions,
    ),
)
