"""The round as a spreadsheet: the ministry's self-assessment form as a declared sheet, and the scores.

What people typed is written as text, whatever it begins with: no cell becomes a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from kotacerdas.insight.evaluation import words
from kotacerdas.insight.evaluation.models import Item, Round
from kotacerdas.insight.evaluation.models.rounds import Mark
from kotacerdas.insight.evaluation.panel.queries import Board, board
from kotacerdas.insight.evaluation.rounds.queries import current, mark_of_item

LONGEST = 32_000  # letters in a cell


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the self-assessment form: its head, its width in letters, and what it says of an item."""

    head: Any
    width: int
    value: Callable[[Item], Any]


def _programmes(item: Item) -> str:
    return ", ".join(sorted({one.indicator.programme.name for one in item.figures.all()}))


def _figures(item: Item) -> str:
    return "\n".join(
        f"{one.indicator.name}: {words.figure(one.indicator, one.value) or '–'} ({Mark(one.mark).label})"
        for one in item.figures.all()
    )


def _pieces(item: Item) -> str:
    return "\n".join(
        f"{one.title}: {one.url or one.name or one.get_kind_display()} (SHA-256 {one.sha256})"
        for one in current(item)
    )


FORM = (
    Column(head=gettext_lazy("Measure"), width=16, value=lambda item: item.measure.name),
    Column(head=gettext_lazy("Dimension"), width=18, value=lambda item: item.dimension.name),
    Column(head=gettext_lazy("Agency"), width=24, value=lambda item: item.agency.name),
    Column(head=gettext_lazy("Programme"), width=24, value=_programmes),
    Column(head=gettext_lazy("Own level"), width=10, value=lambda item: item.claimed_level),
    Column(head=gettext_lazy("Explanation"), width=48, value=lambda item: item.words),
    Column(head=gettext_lazy("Figures"), width=40, value=_figures),
    Column(head=gettext_lazy("Evidence"), width=60, value=_pieces),
    Column(head=gettext_lazy("Standing"), width=12, value=lambda item: Mark(mark_of_item(item)).label),
    Column(head=gettext_lazy("State"), width=20, value=lambda item: item.get_state_display()),
)


def workbook(round: Round, *, may_scores: bool) -> bytes:
    """The form, and the scores where they are open. `may_scores` False: not one score stands in it."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = str(_("Self-assessment"))[:31]
    items = round.items.select_related("measure", "dimension", "agency").prefetch_related(
        "figures__indicator__programme", "evidence"
    )
    _fill(first, [str(one.head) for one in FORM], ([one.value(item) for one in FORM] for item in items))
    for column, declared in zip(first.columns, FORM, strict=False):
        first.column_dimensions[column[0].column_letter].width = declared.width
    if may_scores:
        _scores(book.create_sheet(str(_("Panel's scores"))[:31]), board(round))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _scores(page: Any, found: Board) -> None:
    weights = found.scoring.weights
    seats = [f"{one.get_role_display()} {one.number or ''}".strip() for one in found.seats]
    heads = [
        str(_("Measure")),
        str(_("Weight")),
        str(_("Dimension")),
        *seats,
        str(_("Settled")),
        str(_("Why")),
    ]
    rows = [
        [
            one.item.measure.name,
            _plain(weights[one.item.measure.code] * 100),
            one.item.dimension.name,
            *[_plain(value) for value in one.values],
            _plain(one.settled) if one.settled is not None else "",
            one.ruling.words or one.ruling.get_kind_display() if one.ruling else "",
        ]
        for one in found.judged
    ]
    end = [str(_("Index")), "", "", *["" for _seat in seats]]
    rows.append([*end, _plain(found.result.index) if found.result.index is not None else "", ""])
    _fill(page, heads, rows)


def _fill(page: Any, heads: list[str], rows: Iterable[list[Any]]) -> None:
    for place, head in enumerate(heads, 1):
        cell = page.cell(row=1, column=place)
        _write(cell, head)
        cell.font = Font(bold=True)
    for line, row in enumerate(rows, 2):
        for place, value in enumerate(row, 1):
            cell = page.cell(row=line, column=place)
            if isinstance(value, (int, float, Decimal)):
                cell.value = value
            elif value is not None and value != "":
                _write(cell, str(value))
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A2"


def _write(cell: Any, text: str) -> None:
    """Text and nothing else, whatever it begins with."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", text)[:LONGEST]
    cell.data_type = "s"


def _plain(value: Fraction) -> float:
    return float(value)
