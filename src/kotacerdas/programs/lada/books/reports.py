"""Reports of the books: KIB A to F, KIR by room, mutation, depreciation, summary. All by replay of the ledger, by agency and day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.tags.words import day as day_words
from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.sheets import Column, Kind
from kotacerdas.programs.lada.actions.periods import reckoned_in
from kotacerdas.programs.lada.books import replay
from kotacerdas.programs.lada.books.columns import COMMON, FACTS
from kotacerdas.programs.lada.books.importing import shown_fact
from kotacerdas.programs.lada.depreciation import Semester
from kotacerdas.programs.lada.lifecycles.changes import TITLES
from kotacerdas.programs.lada.models import Depreciation, Period, Room

Agencies = Collection[str] | None
CARDS = "ABCDEF"
NAMES = {
    "kib": gettext_lazy("Inventory card (KIB)"),
    "kir": gettext_lazy("List by room (KIR)"),
    "mutation": gettext_lazy("Mutation of goods"),
    "depreciation": gettext_lazy("Depreciation"),
    "summary": gettext_lazy("Summary of goods"),
}
COLUMN_NAMES = {
    replay.NEW: gettext_lazy("New"),
    replay.RECEIVED: gettext_lazy("Received"),
    replay.ADDED: gettext_lazy("Capitalised"),
    replay.OTHER_IN: gettext_lazy("Other additions"),
    replay.GIVEN: gettext_lazy("Handed to others"),
    replay.DISPOSED: gettext_lazy("Disposed of"),
    replay.OTHER_OUT: gettext_lazy("Other reductions"),
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One table of a report: a sheet of the workbook, a section of the paper."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]

    @property
    def sums(self) -> dict[str, int]:
        """The sums of the columns that have one."""
        return {
            column.name: sum(row[place] or 0 for row in self.rows)
            for place, column in enumerate(self.columns)
            if column.total
        }


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report: its title, of whom, as of when, and its tables."""

    kind: str
    title: str
    of: str
    at: str
    parts: tuple[Part, ...]


def _text(name: str, words: Any, **more: Any) -> Column:
    return Column(name=name, words=words, **more)


def _money(name: str, words: Any) -> Column:
    return Column(name=name, words=words, kind=Kind.RUPIAH, total=True)


def _count(name: str, words: Any) -> Column:
    return Column(name=name, words=words, kind=Kind.WHOLE, total=True)


NIBAR = _text("nibar", "NIBAR", kind=Kind.CODE)
AGENCY = _text("agency", gettext_lazy("Agency"))
CARD = _text("card", "KIB", kind=Kind.CODE)
_GIVEN = {one.name: one for one in COMMON}
_KIB_HEAD = ("goods_code", "register_no", "name", "acquired_on", "origin")
_KIB_FOOT = ("condition", "book", "price")
_KIR = ("goods_code", "register_no", "name", "acquired_on", "condition", "price")


def kib(card: str, day: date, agencies: Agencies) -> Part:
    """One inventory card: the goods of a card as they were on a day. Raises Invalid for a card that is not there."""
    if card not in CARDS or len(card) != 1:
        raise Invalid(_("There are the cards A to F."), fields={"card": _("There are the cards A to F.")})
    facts = [column for cards, column in FACTS if card in cards]
    land = [_GIVEN["certificate"], _GIVEN["certified_on"]] if card == "A" else []
    columns = (
        AGENCY,
        NIBAR,
        *(_GIVEN[one] for one in _KIB_HEAD),
        *facts,
        *land,
        *(_GIVEN[one] for one in _KIB_FOOT),
    )
    found = sorted(
        (one for one in replay.goods_on(day, agencies) if one.card == card),
        key=lambda one: (one.state.agency, one.state.goods_code, one.state.register_no),
    )
    return Part(name=f"KIB {card}", columns=columns, rows=[_row(one, columns) for one in found])


def kir(day: date, agencies: Agencies, room: str = "") -> list[Part]:
    """One table a room. room: its id; "" for all rooms."""
    rooms = {str(one.id): one for one in Room.objects.select_related("agency")}
    within: dict[str, list[replay.Good]] = {}
    for one in replay.goods_on(day, agencies):
        if one.state.room in rooms and room in ("", one.state.room):
            within.setdefault(one.state.room, []).append(one)
    columns = (NIBAR, *(_GIVEN[one] for one in _KIR))
    return [
        Part(
            name=f"{rooms[one].code} {rooms[one].name}",
            columns=columns,
            rows=[_row(good, columns) for good in sorted(within[one], key=lambda good: good.nibar)],
        )
        for one in sorted(within, key=lambda one: (rooms[one].agency.code, rooms[one].code))
    ]


def mutation(first: date, last: date, agencies: Agencies) -> list[Part]:
    """Opening + in - out = closing by agency and card, and each movement. Raises Invalid for a span that ends before it begins."""
    if last < first:
        words = _("The span ends before it begins.")
        raise Invalid(words, fields={"last": words})
    whats = (*replay.INS, *replay.OUTS)
    columns = (
        AGENCY,
        CARD,
        _count("opening_n", gettext_lazy("Goods at the beginning")),
        _money("opening", gettext_lazy("Opening")),
        *(_money(one, COLUMN_NAMES[one]) for one in whats),
        _money("closing", gettext_lazy("Closing")),
        _count("closing_n", gettext_lazy("Goods at the end")),
    )
    rows = []
    for (agency, card), one in replay.balances(first, last, agencies).items():
        if not one.is_even:
            raise RuntimeError(f"the mutation of {agency} {card} does not agree with the ledger")
        sums = [one.moved[what] for what in whats]
        rows.append([agency, card, one.opening_n, one.opening, *sums, one.closing, one.closing_n])
    return [Part(name=_("Mutation"), columns=columns, rows=rows), _movements(first, last, agencies)]


def _movements(first: date, last: date, agencies: Agencies) -> Part:
    columns = (
        _text("on", gettext_lazy("Day"), kind=Kind.DATE),
        AGENCY,
        CARD,
        NIBAR,
        _text("name", gettext_lazy("Name of the good")),
        _text("kind", gettext_lazy("Event")),
        _money("in", gettext_lazy("In")),
        _money("out", gettext_lazy("Out")),
    )
    found = sorted(replay.moved(first, last, agencies), key=lambda one: (one.event.on, one.good.nibar))
    rows = [
        [
            one.event.on,
            one.agency,
            one.card,
            one.good.nibar,
            one.good.state.name,
            str(TITLES[one.event.kind]),
            max(one.value, 0),
            max(-one.value, 0),
        ]
        for one in found
    ]
    return Part(name=_("Movements"), columns=columns, rows=rows)


def depreciation(one: Semester, agencies: Agencies) -> list[Part]:
    """Each good's depreciation in a semester: as it was locked, else as the rules say today."""
    columns = (
        AGENCY,
        CARD,
        NIBAR,
        _text("name", gettext_lazy("Name of the good")),
        _money("value", gettext_lazy("Value")),
        _money("before", gettext_lazy("Accumulated before")),
        _money("amount", gettext_lazy("This semester")),
        _money("accumulated", gettext_lazy("Accumulated")),
        _money("book", gettext_lazy("Book value")),
    )
    rows = sorted(_depreciated(one, agencies))
    return [Part(name=f"{one.year}-{one.half}", columns=columns, rows=rows)]


def _depreciated(one: Semester, agencies: Agencies) -> Iterable[list[Any]]:
    names = {good.asset: good for good in replay.goods_on(one.last, agencies)}
    period = Period.objects.filter(year=one.year, half=one.half).first()
    figures: Iterable[tuple[Any, int, int, int]]
    if period is not None:
        locked = Depreciation.objects.filter(period=period)
        locked = locked if agencies is None else locked.filter(asset__in=list(names))
        figures = locked.values_list("asset", "amount", "accumulated", "book").iterator()
    else:
        figures = (
            (found.asset, found.figure.amount, found.figure.accumulated, found.figure.book)
            for found in reckoned_in(one, None if agencies is None else list(names))
        )
    for asset, amount, accumulated, book in figures:
        if (good := names.get(asset)) is not None:
            head = [good.state.agency, good.card, good.nibar, good.state.name]
            yield [*head, accumulated + book, accumulated - amount, amount, accumulated, book]


def summary(day: date, agencies: Agencies) -> list[Part]:
    """Goods and value by agency and card, what is intra- and extra-comptable apart."""
    columns = (
        AGENCY,
        CARD,
        _count("n", gettext_lazy("Goods")),
        _money("intra", gettext_lazy("Intra-comptable")),
        _money("extra", gettext_lazy("Extra-comptable")),
        _money("value", gettext_lazy("Value")),
        _count("heavy", gettext_lazy("Heavily damaged")),
    )
    sums: dict[tuple[str, str], list[int]] = {}
    for one in replay.goods_on(day, agencies):
        found = sums.setdefault((one.state.agency, one.card), [0, 0, 0, 0, 0])
        more = (
            1,
            one.state.value * one.state.is_intra,
            one.state.value * (not one.state.is_intra),
            one.state.value,
        )
        for place, add in enumerate((*more, int(one.state.condition == "heavy"))):
            found[place] += add
    rows = [[agency, card, *found] for (agency, card), found in sorted(sums.items())]
    return [Part(name=_("Summary"), columns=columns, rows=rows)]


def made(
    kind: str,
    *,
    agencies: Agencies,
    of: str,
    last: date,
    first: date | None = None,
    card: str = "",
    room: str = "",
) -> Report:
    """A report of a kind. first: of a mutation; card: of a KIB, "" for all six; room: of a KIR."""
    at = _("as of %(day)s") % {"day": day_words(last)}
    parts: Sequence[Part]
    if kind == "kib":
        parts = [kib(one, last, agencies) for one in (card or CARDS)]
    elif kind == "kir":
        parts = kir(last, agencies, room)
    elif kind == "mutation":
        begins = first or date(last.year, 1, 1)
        parts = mutation(begins, last, agencies)
        at = _("%(first)s to %(last)s") % {"first": day_words(begins), "last": day_words(last)}
    elif kind == "depreciation":
        one = Semester(last.year, 1 if last.month <= 6 else 2)
        parts = depreciation(one, agencies)
        at = _("semester %(half)d of %(year)d") % {"half": one.half, "year": one.year}
    else:
        parts = summary(last, agencies)
    return Report(kind=kind, title=str(NAMES[kind]), of=of, at=at, parts=tuple(parts))


def _row(good: replay.Good, columns: Sequence[Column]) -> list[Any]:
    state = good.state
    given: Mapping[str, Any] = {
        "nibar": good.nibar,
        "register_no": f"{state.register_no:07d}",
        "price": state.value,
        "book": "intra" if state.is_intra else "extra",
    }
    return [
        given[one.name]
        if one.name in given
        else shown_fact(one.name, state.facts[one.name])
        if one.name in state.facts
        else getattr(state, one.name, None) or None
        for one in columns
    ]


def agency_words(codes: Agencies) -> str:
    """Of whom a report is: the agency's name, or all."""
    if codes is not None and len(codes) == 1:
        return Agency.objects.get(code=next(iter(codes))).name
    return _("All agencies")


def plain(value: Any) -> str:
    """A value as a paper shows it."""
    return "" if value is None else str(value.normalize() if isinstance(value, Decimal) else value)
