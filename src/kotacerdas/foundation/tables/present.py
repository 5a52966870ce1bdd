"""What the pages of a file show: its state, its columns, what is wrong, what would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.tables import refusals
from kotacerdas.foundation.tables.marked import words_of
from kotacerdas.foundation.tables.models import Difference, Problem, Upload
from kotacerdas.foundation.tables.reading.extent import letters
from kotacerdas.foundation.ui.shapes import Tag
from kotacerdas.foundation.ui.tags.words import number, rupiah
from kotacerdas.kernel.sheets import Column, Kind, Sheet

State = Upload.State
_TONES = {
    State.WAITING: ("plain", "clock"),
    State.READING: ("laut", "loader-circle"),
    State.MAPPING: ("kunyit", "columns-3"),
    State.READY: ("laut", "list-checks"),
    State.REFUSED: ("terasi", "circle-x"),
    State.TAKING: ("laut", "loader-circle"),
    State.TAKEN: ("padi", "circle-check"),
    State.CANCELLED: ("plain", "ban"),
    State.FAILED: ("terasi", "triangle-alert"),
}
KINDS = {
    Kind.TEXT: gettext_lazy("text"),
    Kind.CODE: gettext_lazy("code"),
    Kind.WHOLE: gettext_lazy("whole number"),
    Kind.DECIMAL: gettext_lazy("number"),
    Kind.RUPIAH: gettext_lazy("rupiah"),
    Kind.DATE: gettext_lazy("date"),
    Kind.YES_NO: gettext_lazy("yes or no"),
    Kind.CHOICE: gettext_lazy("one of these"),
}


@dataclass(frozen=True, kw_only=True)
class ColumnLine:
    """A column as the page of its table explains it."""

    words: Any
    kind: Any
    required: bool
    hint: str


@dataclass(frozen=True, kw_only=True)
class ProblemLine:
    """One wrong cell as the preview shows it: `C12`, the head over it, what stands there, and the words."""

    cell: str
    head: str
    given: str
    message: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One row that would change: its key, and (column, before, after) of each cell; before is "" in a new row."""

    line: int
    key: str
    is_new: bool
    cells: tuple[tuple[Any, str, str], ...]


def tag(upload: Upload) -> Tag:
    """The state as a tag."""
    tone, icon = _TONES[State(upload.state)]
    return Tag(text=upload.get_state_display(), tone=tone, icon=icon)  # type: ignore[arg-type]


def column_lines(sheet: Sheet) -> list[ColumnLine]:
    """The columns of a table with how to write them."""
    return [
        ColumnLine(
            words=one.words,
            kind=KINDS[one.kind],
            required=one.required,
            hint=", ".join(
                str(part)
                for part in (one.hint, " / ".join(str(choice.words) for choice in one.choices))
                if part
            ),
        )
        for one in sheet.columns
    ]


def problem_line(upload: Upload, one: Problem) -> ProblemLine:
    """A wrong cell in the active language."""
    heads = upload.head.get("heads", [])
    message, remedy = words_of(one)
    return ProblemLine(
        cell=f"{letters(one.place)}{one.line}" if one.place else str(one.line),
        head=heads[one.place - 1] if 0 < one.place <= len(heads) else "",
        given=one.given,
        message=message,
        remedy=remedy,
    )


def change_line(sheet: Sheet, one: Difference) -> ChangeLine:
    """A row that would change, its values as people read them."""
    cells = []
    is_new = not one.changes or len(one.changes[0]) == 2
    for name, *values in one.changes:
        column = sheet.column(name)
        words = ["•••" if column.private else value_words(column, value) for value in values]
        cells.append((column.words, "" if is_new else words[0], words[-1]))
    return ChangeLine(line=one.line, key=one.key, is_new=is_new, cells=tuple(cells))


def value_words(column: Column, value: Any) -> str:
    """A stored value in the active language; "–" for none."""
    if value is None or value == "":
        return "–"
    if column.kind == Kind.DATE:
        return date.fromisoformat(value).strftime("%d/%m/%Y")
    if column.kind == Kind.RUPIAH:
        return rupiah(value)
    if column.kind == Kind.YES_NO:
        return _("yes") if value else _("no")
    if column.kind == Kind.DECIMAL:
        parts = Decimal(value).as_tuple().exponent
        return number(Decimal(value), -parts if isinstance(parts, int) and parts < 0 else 0)
    found = next((one.words for one in column.choices if one.value == value), value)
    return str(found)


def notes(upload: Upload, sheet: Sheet) -> list[str]:
    """Notes on what was noticed and decided while the file was read."""
    head, found = upload.head, []
    if len(head.get("sheets", ())) > 1:
        found.append(
            _("Sheet %(name)s was read, the one of %(n)s whose heads fit best.")
            % {"name": head["sheet"], "n": len(head["sheets"])}
        )
    if head.get("last", 1) > 1:
        found.append(
            _("The heads stand in line %(line)s; what is above was passed over.") % {"line": head["last"]}
        )
    if upload.sums:
        found.append(_("Rows of sums were passed over: %(n)s.") % {"n": upload.sums})
    used = {one["place"] for one in upload.columns.values()}
    hidden = [letters(one) for one in head.get("hidden_columns", ()) if one - 1 in used]
    if hidden:
        found.append(_("Hidden columns are read too: %(names)s.") % {"names": ", ".join(hidden)})
    if head.get("hidden_rows"):
        found.append(_("Hidden rows are read too: %(n)s.") % {"n": head["hidden_rows"]})
    found += _date_notes(upload, sheet)
    unused = [one for place, one in enumerate(head.get("heads", ())) if one and place not in used]
    if unused:
        found.append(_("Columns that are not used: %(names)s") % {"names": ", ".join(unused[:12])})
    return found


def _date_notes(upload: Upload, sheet: Sheet) -> list[str]:
    unsure = []
    for name, one in upload.columns.items():
        proven = set(upload.head["orders"][one["place"]]) - {"?"}
        is_date = sheet.column(name).kind == Kind.DATE
        if is_date and "?" in upload.head["orders"][one["place"]] and not proven and not one.get("order"):
            unsure.append(str(sheet.column(name).words))
    if not unsure:
        return []
    return [
        _("Dates such as 5/6/2026 are read with the day first in: %(names)s. Change it under Columns.")
        % {"names": ", ".join(unsure)}
    ]


def refusal(upload: Upload) -> tuple[str, str] | None:
    """Why the file cannot be read or taken, and the way out; None where nothing is to be said."""
    if not upload.refusal:
        return None
    if upload.refusal.get("message"):
        return upload.refusal["message"], upload.refusal.get("remedy", "")
    return refusals.words(upload.refusal)
