"""The addresses of a desk, for a program's `urls.py`: `path("desk/loans/", include(desk_urls(LOAN_DESK)))`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.casework import export, searching, views_case, views_paper, views_queue, views_step
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.parties.access import desk as staff

View = Callable[..., HttpResponse]


def desk_urls(desk: Desk) -> list[URLPattern]:
    """Queue and its spreadsheet, list, search and cases of a desk. Words of one's own before a number belong before these patterns."""

    def door(route: str, name: str, view: View, *permissions: str, post: bool = False) -> URLPattern:
        found: URLPattern = path(route, _at(desk, view, permissions, post=post), name=name)
        return found

    doors = [
        door("", "queue", views_queue.queue, desk.work),
        door("antrean.xlsx", "queue_sheet", export.queue_sheet, desk.work),
        door("antrean.csv", "queue_csv", export.queue_csv, desk.work),
        door("cari/", "search", searching.answer, *desk.reads),
        door("dinas/", "agency", views_queue.agency, *desk.lists),
        door("langkah/<slug:name>/", "bulk", views_step.bulk, desk.work, post=True),
        door("<str:number>/", "case", views_case.case, *desk.readers),
        door("<str:number>/cetak/", "print", views_case.print_sheet, *desk.reads),
        door("<str:number>/bukti.json", "evidence", views_case.evidence_pack, *desk.readers),
        door("<str:number>/surat/<slug:kind>/", "issue", views_paper.issue, *desk.reads, post=True),
        door("<str:number>/surat/<uuid:paper>.pdf", "paper", views_paper.paper, *desk.reads),
        door("<str:number>/langkah/<slug:name>/", "step", views_step.step, *desk.reads, post=True),
    ]
    if desk.opening:
        route = f"<str:number>/{desk.party}/<uuid:party_id>/"
        doors.append(door(route, "reveal", views_step.reveal, *desk.opening, post=True))
    return doors


def _at(desk: Desk, view: View, permissions: tuple[str, ...], *, post: bool) -> Any:
    """The view at this desk, for who has one of the permissions."""

    @wraps(view)
    def at_desk(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return view(request, desk, *args, **kwargs)

    return (require_POST if post else require_safe)(staff(*permissions)(at_desk))
