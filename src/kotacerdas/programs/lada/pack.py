"""What the pack says of goods: the code list, lives, overhaul bands, the threshold of capitalisation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.pack import Counts, Pack, Section
from kotacerdas.kernel.packstore import upsert
from kotacerdas.programs.lada import codes
from kotacerdas.programs.lada.demo.declarations import SECTIONS as DEMO_SECTIONS
from kotacerdas.programs.lada.depreciation import MONTHS
from kotacerdas.programs.lada.models import GoodsCode, LifeRule, OverhaulBand, Threshold, WorkUnit


@dataclass(frozen=True, kw_only=True)
class CodeRow:
    """One line of goods_codes.csv: a code of any level, with its points."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class LifeRow:
    """One line of asset_lives.csv; 0 months: never depreciated."""

    valid_from: date
    code: str
    months: int
    source: str


@dataclass(frozen=True, kw_only=True)
class BandRow:
    """One line of overhaul_bands.csv: cost as hundredths of a percent of the acquisition value."""

    valid_from: date
    code: str
    from_bp: int
    to_bp: int
    add_months: int
    source: str


@dataclass(frozen=True, kw_only=True)
class ThresholdRow:
    """One line of asset_thresholds.csv, in whole rupiah."""

    valid_from: date
    code: str
    least: int
    source: str


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """One line of asset_units.csv: the 14 digits that name an agency in a register code."""

    agency: str
    digits: str
    source: str


def check_units(rows: Sequence[UnitRow], pack: Pack) -> Iterator[tuple[UnitRow | None, str]]:
    """14 digits each, of an agency of the pack, and no two alike."""
    taken: set[str] = set()
    for row in rows:
        if len(row.digits) != codes.UNIT_DIGITS or not row.digits.isdecimal():
            yield row, _("digits: a work unit has 14 digits")
        elif row.digits in taken:
            yield row, _("digits: another agency has these")
        taken.add(row.digits)


def load_units(rows: Sequence[UnitRow], pack: Pack) -> Counts:
    """The digits of each agency; those gone from the pack are zeros again."""
    agencies = dict(Agency.objects.values_list("code", "id"))
    wanted = [{"agency_id": agencies[row.agency], "digits": row.digits, "source": row.source} for row in rows]
    gone, _kinds = WorkUnit.objects.exclude(agency__code__in=[row.agency for row in rows]).delete()
    return upsert(WorkUnit, ("agency_id",), wanted) + Counts(closed=gone)


def check_codes(rows: Sequence[CodeRow], pack: Pack) -> Iterator[tuple[CodeRow | None, str]]:
    """Each code has the digits of its level, and the level above it."""
    known = {row.code for row in rows}
    for row in rows:
        digits = [len(part) for part in row.code.split(".")]
        if tuple(digits) != codes.LEVELS[: len(digits)] or not row.code.replace(".", "").isdigit():
            yield row, _("code: the levels have 1, 1, 1, 2, 2, 2 and 3 digits")
        elif "." in row.code and row.code.rpartition(".")[0] not in known:
            yield (
                row,
                _("code: the level above, %(above)s, is not in the list")
                % {"above": row.code.rpartition(".")[0]},
            )
        elif codes.is_whole(row.code) and not codes.card_of(row.code):
            yield row, _("code: its group %(group)s is of no card (KIB A to F)") % {"group": row.code[:5]}


def check_bands(rows: Sequence[BandRow], pack: Pack) -> Iterator[tuple[BandRow | None, str]]:
    """The bands of one code and day begin at 0 and leave no gap and no overlap."""
    tables: dict[tuple[date, str], list[BandRow]] = {}
    for row in rows:
        tables.setdefault((row.valid_from, row.code), []).append(row)
    for table in tables.values():
        end = 0
        for row in sorted(table, key=lambda one: one.from_bp):
            if row.to_bp <= row.from_bp:
                yield row, _("to_bp: a band ends after it begins")
            if row.add_months % MONTHS:
                yield row, _("add_months: whole semesters, so a multiple of 6")
            given = {"from": row.from_bp, "end": end}
            if row.from_bp > end:
                yield row, _("from_bp: between %(end)d and %(from)d there is a gap") % given
            elif row.from_bp < end:
                yield row, _("from_bp: %(from)d overlaps a band that ends at %(end)d") % given
            end = max(end, row.to_bp)


def check_lives(rows: Sequence[LifeRow], pack: Pack) -> Iterator[tuple[LifeRow | None, str]]:
    """Lives are whole semesters, of a code whose group has a card."""
    for row in rows:
        if row.months < 0 or row.months % MONTHS:
            yield row, _("months: whole semesters, so a multiple of 6; 0 for never")
        if not codes.card_of(row.code):
            yield row, _("code: its group %(group)s is of no card (KIB A to F)") % {"group": row.code[:5]}


def check_thresholds(rows: Sequence[ThresholdRow], pack: Pack) -> Iterator[tuple[ThresholdRow | None, str]]:
    """Thresholds are rupiah of nothing or more, of a code whose group has a card."""
    for row in rows:
        if row.least < 0:
            yield row, _("least: rupiah, not less than 0")
        if not codes.card_of(row.code):
            yield row, _("code: its group %(group)s is of no card (KIB A to F)") % {"group": row.code[:5]}


def load_codes(rows: Sequence[CodeRow], pack: Pack) -> Counts:
    """Codes of goods; those gone from the pack are closed, never deleted."""
    wanted = [{**asdict(row), "card": codes.card_of(row.code), "closed_on": None} for row in rows]
    return upsert(GoodsCode, ("code",), wanted, gone=_closed)


def _closed(row: Any) -> dict[str, date]:
    return {"closed_on": row.closed_on or clock.today()}


def _rules(model: Any, keys: tuple[str, ...], rows: Sequence[Any]) -> Counts:
    """Rules as they stand in the pack; others go. Locked semesters keep their own figures."""
    wanted = {tuple(getattr(row, name) for name in keys): asdict(row) for row in rows}
    gone = [one.pk for one in model.objects.all() if tuple(getattr(one, k) for k in keys) not in wanted]
    model.objects.filter(pk__in=gone).delete()
    return upsert(model, keys, wanted.values()) + Counts(closed=len(gone))


def load_lives(rows: Sequence[LifeRow], pack: Pack) -> Counts:
    """How long goods last."""
    return _rules(LifeRule, ("valid_from", "code"), rows)


def load_bands(rows: Sequence[BandRow], pack: Pack) -> Counts:
    """What overhauls add."""
    return _rules(OverhaulBand, ("valid_from", "code", "from_bp"), rows)


def load_thresholds(rows: Sequence[ThresholdRow], pack: Pack) -> Counts:
    """From when on goods are capitalised."""
    return _rules(Threshold, ("valid_from", "code"), rows)


def _section(
    name: str, row: Any, stored: type[Any], key: tuple[str, ...], load: Any, check: Any = None
) -> Section:
    more: dict[str, Any] = {"check": check} if check is not None else {}
    if name != "goods_codes":
        more |= {"after": ("goods_codes",), "refs": {"code": "goods_codes.code"}}
    return Section(
        name=name, file=f"{name}.csv", row=row, stored=stored, key=key, load=load, optional=True, **more
    )


SECTIONS = (
    _section("goods_codes", CodeRow, GoodsCode, ("code",), load_codes, check_codes),
    Section(
        name="asset_units",
        file="asset_units.csv",
        row=UnitRow,
        stored=WorkUnit,
        key=("agency",),
        load=load_units,
        after=("agencies",),
        refs={"agency": "agencies.code"},
        check=check_units,
        optional=True,
    ),
    _section("asset_lives", LifeRow, LifeRule, ("valid_from", "code"), load_lives, check_lives),
    _section(
        "overhaul_bands", BandRow, OverhaulBand, ("valid_from", "code", "from_bp"), load_bands, check_bands
    ),
    _section(
        "asset_thresholds", ThresholdRow, Threshold, ("valid_from", "code"), load_thresholds, check_thresholds
    ),
    *DEMO_SECTIONS,
)
