"""Reads a cell as the value of its column; else says what is wrong with it, and the way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kotacerdas.foundation.tables import notation
from kotacerdas.foundation.tables.reading.heads import folded
from kotacerdas.kernel.money import NotMoney, rupiah
from kotacerdas.kernel.sheets import Column, Kind, Wrong
from kotacerdas.kernel.texts import clean_line

LANGUAGES = ("id", "en")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SURE_DIGITS = 10**15  # a spreadsheet keeps fifteen digits of a number and forgets the others
_FIRST_1900, _FIRST_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LAST_SERIAL = 2_958_465  # 31 December 9999
_ERROR_TEXT = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:\d+", re.I)
_YES = frozenset({"ya", "y", "yes", "iya", "true", "benar", "1", "ada", "✓", "✔", "x", "v"})
_NO = frozenset({"tidak", "tdk", "no", "n", "false", "salah", "0", "tidak ada", "bukan"})
Read = Callable[[Any], Any]


class BadCell(Exception):
    """A cell that cannot be read; `wrong` has no column yet."""

    def __init__(self, message: Any, remedy: Any, **given: Any) -> None:
        super().__init__(str(message))
        self.message, self.remedy, self.given = message, remedy, given

    def of(self, column: str) -> Wrong:
        return Wrong(column=column, message=self.message, remedy=self.remedy, given=self.given)


@dataclass(frozen=True, kw_only=True)
class Habit:
    """How values are written in one column of one file: as chosen by hand, else as its cells prove.

    mark, order  "" where nothing was chosen and nothing, or both ways, is proven
    """

    mark: str = ""
    order: str = ""
    from_1904: bool = False
    is_mixed: bool = False  # dates of this column prove both orders
    is_text: bool = False  # a CSV has no numbers, so a bare number is no date


def habit_of(head: Mapping[str, Any], place: int, chosen: Mapping[str, str]) -> Habit:
    """The habit of the column at a place (from 0) of a file."""
    proof = notation.Evidence(head["marks"][place], head["orders"][place])
    return Habit(
        mark=chosen.get("mark") or proof.mark,
        order=chosen.get("order") or proof.order,
        from_1904=head["from_1904"],
        is_mixed={notation.DAY_FIRST, notation.MONTH_FIRST} <= proof.orders,
        is_text=head["kind"] == "csv",
    )


def reader(column: Column, habit: Habit) -> Read:
    """What reads the cells of a column. It raises BadCell; an empty cell is None."""
    read = {
        Kind.TEXT: _text_reader,
        Kind.CODE: _code_reader,
        Kind.WHOLE: _number_reader,
        Kind.DECIMAL: _number_reader,
        Kind.RUPIAH: _rupiah_reader,
        Kind.DATE: _date_reader,
        Kind.YES_NO: lambda column, habit: _yes_no,
        Kind.CHOICE: _choice_reader,
    }[column.kind](column, habit)
    normal = column.normal
    if normal is None:
        return lambda cell: None if cell is None else read(_sound(cell))

    def normally(cell: Any) -> Any:
        value = None if cell is None else read(_sound(cell))
        try:
            return value if value is None else normal(value)
        except ValueError:
            raise BadCell(_("This is not written as it should be."), column.hint) from None

    return normally


def _sound(cell: Any) -> Any:
    """The cell itself, unless it is an error value or hides its content. Raises BadCell."""
    if type(cell) is dict:
        why = cell.get("x")
        if why == "unvalued":
            raise BadCell(
                _("A formula whose result is not in the file."),
                _("Open the file in Excel or LibreOffice and save it, or write the value itself."),
            )
        if why == "failed":
            raise BadCell(_("The formula gives an error (#N/A or the like)."), _("Write the value itself."))
        if why == "merged":
            raise BadCell(
                _("This cell is merged with another one."),
                _("Unmerge the cells and write the value into each row."),
            )
    elif type(cell) is str and _ERROR_TEXT.fullmatch(cell):
        raise BadCell(_("The formula gives an error (#N/A or the like)."), _("Write the value itself."))
    return cell


def shown(cell: Any) -> str:
    """A cell as a person reads it."""
    if cell is None:
        return ""
    if type(cell) is dict:
        if "d" in cell:
            year, month, day = cell["d"].split("-")
            return f"{day}/{month}/{year}"
        return str(cell.get("t", ""))
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return repr(cell) if isinstance(cell, float) else str(cell)


def _text_reader(column: Column, habit: Habit) -> Read:
    longest = column.longest

    def read(cell: Any) -> str | None:
        given = cell if type(cell) is str else shown(cell)
        if given[:1] == "'" and given[1:2] in _FORMULA_STARTS:
            given = given[1:]  # as `writing.csv_text` wrote it
        text = clean_line(given)
        if len(text) > longest:
            raise BadCell(
                _("%(n)s letters: at most %(longest)s can be stored."),
                _("Shorten the text."),
                n=len(text),
                longest=longest,
            )
        return text or None

    return read


def _code_reader(column: Column, habit: Habit) -> Read:
    text = _text_reader(column, habit)

    def read(cell: Any) -> str | None:
        if isinstance(cell, bool) or (type(cell) is dict and "d" in cell):
            raise BadCell(
                _("The spreadsheet has made a date or a yes of this code."),
                _("Set the column to the format Text and write the code again."),
            )
        if isinstance(cell, float) or (isinstance(cell, int) and abs(cell) >= _SURE_DIGITS):
            raise BadCell(
                _("The spreadsheet keeps this as a number and has forgotten some of its digits."),
                _("Set the column to the format Text and write the code again."),
            )
        if type(cell) is str and re.fullmatch(r"[0-9][.,]?[0-9]*E\+[0-9]+", cell):
            raise BadCell(
                _("The spreadsheet has shortened this number to powers of ten."),
                _("Set the column to the format Text and write the code again."),
            )
        return text(cell)  # type: ignore[no-any-return]

    return read


def _number_reader(column: Column, habit: Habit) -> Read:
    is_whole = column.kind == Kind.WHOLE

    def read(cell: Any) -> Any:
        value = _number(cell, column, habit)
        if value is None:
            return None
        if is_whole and value != value.to_integral_value():
            raise BadCell(
                _("This must be a whole number."), _("Round it, or ask which column it belongs to.")
            )
        _must_be_within(value, column)
        return int(value) if is_whole else value

    return read


def _must_be_within(value: Decimal | int, column: Column) -> None:
    if column.least is not None and value < column.least:
        raise BadCell(_("Less than %(least)s cannot be."), _("Check the number."), least=column.least)
    if column.most is not None and value > column.most:
        raise BadCell(_("More than %(most)s cannot be."), _("Check the number."), most=column.most)


def _number(cell: Any, column: Column, habit: Habit) -> Decimal | None:
    if isinstance(cell, bool) or type(cell) is dict:
        raise BadCell(
            _("This is no number."), _("Write the number, and set the format of the cell to Number.")
        )
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        return Decimal(repr(cell))
    text = notation.plain(cell)
    if text.endswith(" %") or not notation.is_number(text):
        raise BadCell(_("This is no number."), _("Write digits alone, as in 1.234,56."))
    mark = notation.decimal_mark(text)
    if mark == notation.UNSURE:
        mark = habit.mark or _by_limits(text, column)
    elif mark and habit.mark and mark != habit.mark:
        raise BadCell(
            _("Other cells of this column use the comma and the point the other way round."),
            _("Write all numbers of the column alike, as in 1.234,56."),
        )
    if not mark and ("," in text or "." in text):
        raise BadCell(
            _("This can be read in two ways: with thousands, or with a decimal mark."),
            _("Say under Columns which mark the decimals have, or write it without one."),
        )
    plain = notation.ungrouped(text, mark) if mark else text
    try:
        return Decimal(plain or "x")
    except InvalidOperation:
        raise BadCell(
            _("The points and commas of this number do not stand where they should."),
            _("Write it as in 1.234,56."),
        ) from None


def _by_limits(text: str, column: Column) -> str:
    """The one reading that lies within the column's limits, or that a whole number allows; "" where both do."""
    if column.kind == Kind.WHOLE and "." in text:
        return notation.COMMA  # a point before three digits parts thousands, as everywhere here
    fits = []
    for mark in (notation.COMMA, notation.DOT):
        value = Decimal(notation.ungrouped(text, mark) or "0")
        if (column.least is None or value >= column.least) and (column.most is None or value <= column.most):
            fits.append(mark)
    return fits[0] if len(fits) == 1 else ""


def _rupiah_reader(column: Column, habit: Habit) -> Read:
    def read(cell: Any) -> int:
        if isinstance(cell, int) and not isinstance(cell, bool):
            value = cell
        elif type(cell) is str:
            try:
                value = rupiah(notation.plain(cell))
            except NotMoney:
                raise BadCell(
                    _("This is no amount of whole rupiah."), _("Write it as in 1500000 or Rp 1.500.000.")
                ) from None
        else:
            raise BadCell(
                _("This is no amount of whole rupiah."), _("Write it as in 1500000 or Rp 1.500.000.")
            )
        _must_be_within(value, column)
        return value

    return read


def _date_reader(column: Column, habit: Habit) -> Read:
    def read(cell: Any) -> date:
        if type(cell) is dict:
            return _date_of_cell(cell)
        if isinstance(cell, (int, float)) and not isinstance(cell, bool) and not habit.is_text:
            return _date_of_serial(cell, habit)
        text = notation.plain(cell) if type(cell) is str else ""
        order = notation.date_order(text)
        if order in (notation.DAY_FIRST, notation.MONTH_FIRST) and habit.order and order != habit.order:
            raise BadCell(
                _("Other dates of this column have day and month the other way round."),
                _("Write it as in 31/12/2026, the day first."),
            )
        if order == notation.UNSURE and habit.is_mixed and not habit.order:
            raise BadCell(
                _("This can be read in two ways: the day first, or the month."),
                _("Say under Columns which comes first, or write it as in 31 Desember 2026."),
            )
        found = notation.read_date(text, order if order != notation.UNSURE else habit.order)
        if found is None:
            raise BadCell(
                _("This is no date."),
                _("Write it as in 31/12/2026 or 31 Desember 2026, with four digits of the year."),
            )
        return found

    return read


def _date_of_cell(cell: Mapping[str, str]) -> date:
    text = cell.get("d") or cell.get("t", "")[:10]
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadCell(_("This is a time of day, not a date."), _("Write it as in 31/12/2026.")) from None


def _date_of_serial(cell: int | float, habit: Habit) -> date:
    """The date of a serial number: days since 1900 or 1904; Excel counts a 29 February 1900 that did not exist."""
    first = _FIRST_1904 if habit.from_1904 else _FIRST_1900
    least = 0 if habit.from_1904 else 61
    if not least <= cell <= _LAST_SERIAL - 1_462:
        raise BadCell(_("This number is no date."), _("Write it as in 31/12/2026."))
    return first + timedelta(days=int(cell))


def _yes_no(cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    text = clean_line(shown(cell)).lower()
    if text in _YES or text in _NO:
        return text in _YES
    raise BadCell(_("This is neither yes nor no."), _("Write ya or tidak."))


def _choice_reader(column: Column, habit: Habit) -> Read:
    known = choice_names(column)
    listed = _listed(column)  # lazy: told in the reader's language

    def read(cell: Any) -> str:
        found = known.get(folded(shown(cell)))
        if found is None:
            raise BadCell(
                _("This is none of the values that can be chosen."),
                _("Write one of: %(listed)s."),
                listed=listed,
            )
        return found

    return read


def _words_listed(column: Column) -> str:
    """The choices of a column as people write them."""
    return ", ".join(str(one.words) or one.value for one in column.choices)


_listed = lazy(_words_listed, str)


def choice_names(column: Column) -> dict[str, str]:
    """The value of each name under which a choice is known, folded."""
    known: dict[str, str] = {}
    for one in column.choices:
        for name in (one.value, *in_both(one.words), *one.aliases):
            known.setdefault(folded(name), one.value)
    return known


def in_both(words: Any) -> tuple[str, ...]:
    """Words in both languages."""
    made = []
    for language in LANGUAGES:
        with override(language):
            made.append(str(words))
    return tuple(made)
