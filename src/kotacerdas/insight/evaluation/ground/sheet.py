"""The round as a spreadsheet: the ministry's self-assessment form as a declared sheet, and the scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.tables.writing import Book
from kotacerdas.insight.evaluation import words
from kotacerdas.insight.evaluation.models import Item, Round
from kotacerdas.insight.evaluation.models.rounds import Mark
from kotacerdas.insight.evaluation.panel.queries import Board, board
from kotacerdas.insight.evaluation.rounds.queries import current, mark_of_item
from kotacerdas.kernel.sheets import Column, Kind


def _programmes(item: Item) -> str:
    return ", ".join(sorted({one.indicator.programme.name for one in item.figures.all()}))


def _figures(item: Item) -> str:
    return "\n".join(
        f"{one.indicator.name}: {words.figure(one.indicator, one.value) or '–'} ({Mark(one.mark).label})"
        for one in item.figures.all()
    )


def _evidence_names(item: Item) -> str:
    return "\n".join(
        f"{one.title}: {one.url or one.name or one.get_kind_display()} (SHA-256 {one.sha256})"
        for one in current(item)
    )


Value = Callable[[Item], Any]
FORM: tuple[tuple[Column, Value], ...] = (
    (Column(name="measure", words=gettext_lazy("Measure"), width=16), lambda item: item.measure.name),
    (Column(name="dimension", words=gettext_lazy("Dimension"), width=18), lambda item: item.dimension.name),
    (Column(name="agency", words=gettext_lazy("Agency"), width=24), lambda item: item.agency.name),
    (Column(name="programme", words=gettext_lazy("Programme"), width=24), _programmes),
    (
        Column(name="level", words=gettext_lazy("Own level"), kind=Kind.DECIMAL, width=10),
        lambda item: item.claimed_level,
    ),
    (Column(name="words", words=gettext_lazy("Explanation"), width=48), lambda item: item.words),
    (Column(name="figures", words=gettext_lazy("Figures"), width=40), _figures),
    (Column(name="evidence", words=gettext_lazy("Evidence"), width=60), _evidence_names),
    (
        Column(name="mark", words=gettext_lazy("Standing"), width=12),
        lambda item: Mark(mark_of_item(item)).label,
    ),
    (Column(name="state", words=gettext_lazy("State"), width=20), lambda item: item.get_state_display()),
)


def workbook(round: Round, *, may_scores: bool) -> bytes:
    """The form, and the scores where they are open. `may_scores` False: not one score stands in it."""
    items = round.items.select_related("measure", "dimension", "agency").prefetch_related(
        "figures__indicator__programme", "evidence"
    )
    out = BytesIO()
    with Book(out) as book:
        rows = ([value(item) for _column, value in FORM] for item in items)
        book.page(_("Self-assessment"), [column for column, _value in FORM], rows)
        if may_scores:
            found = board(round)
            book.page(_("Panel's scores"), _score_columns(found), _score_rows(found))
    return out.getvalue()


def _score_columns(found: Board) -> list[Column]:
    seats = [f"{one.get_role_display()} {one.number or ''}".strip() for one in found.seats]
    return [
        Column(name="measure", words=_("Measure")),
        Column(name="weight", words=_("Weight"), kind=Kind.DECIMAL),
        Column(name="dimension", words=_("Dimension")),
        *[Column(name=f"seat{n}", words=seat, kind=Kind.DECIMAL) for n, seat in enumerate(seats)],
        Column(name="settled", words=_("Settled"), kind=Kind.DECIMAL),
        Column(name="why", words=_("Why"), width=40),
    ]


def _score_rows(found: Board) -> Iterator[list[Any]]:
    weights = found.scoring.weights
    for one in found.judged:
        yield [
            one.item.measure.name,
            _plain(weights[one.item.measure.code] * 100),
            one.item.dimension.name,
            *[_plain(value) for value in one.values],
            _plain(one.settled) if one.settled is not None else None,
            one.ruling.words or one.ruling.get_kind_display() if one.ruling else "",
        ]
    index = _plain(found.result.index) if found.result.index is not None else None
    yield [_("Index"), None, None, *[None for _seat in found.seats], index, None]


def _plain(value: Fraction) -> float:
    return float(value)
