"""What the pack says of desludging: classes of tanks and the dated tariff."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.kernel import clock
from kotacerdas.kernel.pack import Counts, Pack, Section
from kotacerdas.kernel.packstore import upsert
from kotacerdas.programs.gopal import tariff
from kotacerdas.programs.gopal.demo.declarations import SECTIONS as DEMO_SECTIONS
from kotacerdas.programs.gopal.models import TankClass, TariffRow

_HOUR = "([01][0-9]|2[0-3]):[0-5][0-9]"
_SLOT = re.compile(rf"({_HOUR})-({_HOUR})")


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """One line of tank_classes.csv, in the order they are offered."""

    code: str
    name_id: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class PriceRow:
    """One line of tariff.csv. The lines of one `valid_from` are a whole tariff, in force until the next one."""

    valid_from: date
    tank_class: str
    zone: int
    from_m: int
    to_m: int
    base_l: int
    price: int
    extra_per_m3: int = 0
    article: str


def check_tariff(rows: Sequence[PriceRow], pack: Pack) -> Iterator[tuple[PriceRow | None, str]]:
    """No gap and no overlap, for each class of tanks; every price names its article."""
    yield from tariff.flaws(rows, [one.code for one in pack.of("tank_classes")])
    for row in rows:
        if not row.article.strip():
            yield row, _("article: a price stands on a bill with its article")


def check_classes(rows: Sequence[ClassRow], pack: Pack) -> Iterator[tuple[ClassRow | None, str]]:
    """[gopal] of pack.toml names an agency of the pack, and times of a day that follow one another."""
    table = pack.table("gopal")
    agency = table.get("agency", "")
    if agency and agency not in {one.code for one in pack.of("agencies")}:
        yield None, _("pack.toml, [gopal] agency: there is no %(code)s in agencies.csv") % {"code": agency}
    slots = table.get("slots", [])
    end = ""
    for text in slots if isinstance(slots, list) else ():
        found = _SLOT.fullmatch(str(text))
        if found is None or found[1] >= found[3] or found[1] < end:
            yield (
                None,
                _(
                    "pack.toml, [gopal] slots: %(text)s is no time of a day after the one before, like 08:00-10:00"
                )
                % {"text": text},
            )
        else:
            end = found[3]


def load_classes(rows: Sequence[ClassRow], pack: Pack) -> Counts:
    """Classes by code; those gone from the pack are closed, never deleted."""
    wanted = [{**asdict(row), "order": order, "closed_on": None} for order, row in enumerate(rows, 1)]
    return upsert(TankClass, ("code",), wanted, gone=_closed)


def _closed(row: Any) -> dict[str, date]:
    return {"closed_on": row.closed_on or clock.today()}


def load_tariff(rows: Sequence[PriceRow], pack: Pack) -> Counts:
    """The prices as they stand in the pack; others go. Orders keep their own quote."""
    keys = ("valid_from", "tank_class", "from_m")
    wanted = {tuple(getattr(row, name) for name in keys): asdict(row) for row in rows}
    gone = [one.pk for one in TariffRow.objects.all() if tuple(getattr(one, k) for k in keys) not in wanted]
    TariffRow.objects.filter(pk__in=gone).delete()
    return upsert(TariffRow, keys, wanted.values()) + Counts(closed=len(gone))


SECTIONS = (
    *DEMO_SECTIONS,
    Section(
        name="tank_classes",
        file="tank_classes.csv",
        row=ClassRow,
        stored=TankClass,
        key=("code",),
        load=load_classes,
        after=("agencies",),
        check=check_classes,
        optional=True,
    ),
    Section(
        name="tariff",
        file="tariff.csv",
        row=PriceRow,
        stored=TariffRow,
        key=("valid_from", "tank_class", "from_m"),
        load=load_tariff,
        after=("tank_classes",),
        refs={"tank_class": "tank_classes.code"},
        check=check_tariff,
        optional=True,
    ),
)
