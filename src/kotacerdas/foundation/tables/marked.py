"""The wrong rows of a file as a workbook: their cells marked, with what is wrong and the way out beside them.

Corrected there, the workbook itself can be imported: its heads are those of the file.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from kotacerdas.foundation.tables import child, storage
from kotacerdas.foundation.tables.cells import shown
from kotacerdas.foundation.tables.columns import names_of
from kotacerdas.foundation.tables.models import Problem, Upload
from kotacerdas.foundation.tables.reading.refused import Unreadable
from kotacerdas.foundation.tables.writing import Book, Marked
from kotacerdas.kernel.sheets import Column


def make(upload_id: str, language: str) -> None:
    """Make the workbook in a language and keep it beside the file, unless the file was read anew meanwhile."""
    upload = Upload.objects.filter(pk=upload_id, dropped_at=None).first()
    if upload is None:
        return
    try:
        with override(language):
            data = workbook(upload)
    except Unreadable:
        data = b""
    with transaction.atomic():
        locked = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if data and locked.dropped_at is None and locked.wrong_lines == upload.wrong_lines:
            storage.path_of(upload.id, language).unlink(missing_ok=True)
            storage.put(upload.id, data, language)
        locked.marking_at = None
        locked.save(update_fields=["marking_at"])


def workbook(upload: Upload) -> bytes:
    """The wrong rows as XLSX. Raises Unreadable where the file is gone."""
    data = storage.get(upload.id)
    if data is None:
        raise Unreadable("gone")
    problems: defaultdict[int, list[Problem]] = defaultdict(list)
    for one in upload.problems.all():
        problems[one.line].append(one)
    lines = set(upload.wrong_lines)
    out = io.BytesIO()
    with child.read(data, names_of(upload.sheet), sheet=upload.head.get("sheet")) as table, Book(out) as book:
        columns = [
            Column(name=str(place), words=head or " ") for place, head in enumerate(table.head["heads"])
        ]
        extra = [
            Column(name="line", words=_("Line in your file"), width=12),
            Column(name="why", words=_("What is wrong, and what to do"), width=60),
        ]
        book.page(_("Wrong rows"), [*columns, *extra], _rows(table, len(columns), lines, problems))
    return out.getvalue()


def words_of(problem: Problem) -> tuple[str, str]:
    """What is wrong and the way out, in the active language."""
    language = "id" if (get_language() or "id").startswith("id") else "en"
    message, remedy = problem.words.get(language, ["", ""])
    return message, remedy


def _rows(
    table: child.Table, width: int, lines: set[int], problems: dict[int, list[Problem]]
) -> Iterator[list[Any]]:
    for batch in table.batches:
        for line, cells, _is_sum in batch:
            if line not in lines:
                continue
            found = problems.get(line, [])
            places = {one.place for one in found}
            padded = [*cells[:width], *[None] * (width - len(cells))]
            row = [
                Marked(value=shown(cell)) if place in places else _value(cell)
                for place, cell in enumerate(padded, 1)
            ]
            yield [*row, line, "\n".join(_problem_text(table.head["heads"], one) for one in found)]


def _problem_text(heads: list[str], problem: Problem) -> str:
    head = heads[problem.place - 1] if 0 < problem.place <= len(heads) else ""
    message, remedy = words_of(problem)
    return f"{head}: {message} {remedy}" if head else f"{message} {remedy}"


def _value(cell: Any) -> Any:
    """A cell as it was: numbers and dates stay what they are."""
    if type(cell) is dict:
        return date.fromisoformat(cell["d"]) if "d" in cell else shown(cell)
    return shown(cell) if isinstance(cell, bool) else cell
