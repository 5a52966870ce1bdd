"""The queue as a spreadsheet: what the page shows within its filter, all pages of it, and no more than that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Assignment
from kotacerdas.foundation.casework.declarations import Cell, Desk
from kotacerdas.foundation.casework.filters import Moments, chosen, filters, group_of, groups
from kotacerdas.foundation.casework.origin import FILTER
from kotacerdas.foundation.casework.queries import whole_queue
from kotacerdas.foundation.casework.rows import rows_of
from kotacerdas.foundation.parties.access import acting, grants_for
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.tables.writing import XLSX, write_csv, write_xlsx
from kotacerdas.kernel import clock
from kotacerdas.kernel.sheets import Column, Kind, Sheet

_AT_ONCE = 500  # rows whose clocks and assignments are read together


def queue_sheet(request: HttpRequest, desk: Desk) -> HttpResponse:
    """My work within the filter of the address, as XLSX, in the order of the page."""
    made = write_xlsx(_sheet(desk), _asked(request, desk))
    return HttpResponse(made, content_type=XLSX, headers=_named(desk, "xlsx"))


def queue_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same as CSV, as a spreadsheet in Indonesia opens it: semicolons, and a mark of its encoding."""
    made = "".join(write_csv(_sheet(desk), _asked(request, desk)))
    return HttpResponse(made, content_type="text/csv; charset=utf-8", headers=_named(desk, "csv"))


def _asked(request: HttpRequest, desk: Desk) -> Iterator[list[Any]]:
    grants, at = grants_for(request), Moments.current()
    wanted = chosen(filters(desk, grants, at), request.GET.get(FILTER, ""))
    return _rows(desk, whole_queue(desk, grants, wanted), at, acting(request))


def _named(desk: Desk, ending: str) -> dict[str, str]:
    name = f"{slugify(str(desk.texts.queue))}-{clock.today():%Y-%m-%d}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _sheet(desk: Desk) -> Sheet:
    own = [Column(name=f"own_{one.name}", words=one.label) for one in desk.columns]
    return Sheet(
        name="casework.queue",
        words=desk.texts.queue,
        columns=(
            Column(name="group", words=_("Group")),
            Column(name="due", words=_("Due"), width=18),
            Column(name="left", words=_("Time left")),
            Column(name="number", words=_("Number"), kind=Kind.CODE),
            Column(name="case", words=_("Case")),
            *own,
            Column(name="holder", words=_("Holder")),
            Column(name="escalated", words=_("Escalated"), kind=Kind.YES_NO),
        ),
    )


def _rows(desk: Desk, work: Iterator[Assignment], at: Moments, actor: Actor) -> Iterator[list[Any]]:
    labels = {group.name: str(group.label) for group in groups(at)}
    while some := list(islice(work, _AT_ONCE)):
        names = {one.id: group_of(one, at) for one in some}
        for one, row in zip(some, rows_of(desk, some, names, actor), strict=True):
            yield [
                labels[row.group],
                _local(one.due_at or one.case.due_at) if row.badge else None,
                str(row.badge.text) if row.badge else "",
                row.number,
                str(row.title),
                *(_text(cell) for _name, cell in row.cells),
                str(row.holder) or str(_("Nobody")),
                row.escalated,
            ]


def _local(due: datetime | None) -> datetime | None:
    return due.astimezone(clock.local_zone()) if due is not None else None


def _text(cell: Cell) -> str:
    """A cell of the page as one text."""
    return ", ".join(str(part) for part in (cell.text, cell.small) if str(part))
