"""The pages of one upload: its state, columns, problems and differences; importing and cancelling it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotacerdas.foundation.parties.access import acting, desk
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.tables import actions, present, storage
from kotacerdas.foundation.tables.columns import lacking
from kotacerdas.foundation.tables.models import Upload
from kotacerdas.foundation.tables.queries import visible_to
from kotacerdas.foundation.tables.reading.extent import letters
from kotacerdas.foundation.tables.views import crumbs, sheet_of, xlsx
from kotacerdas.foundation.ui.tags.words import language
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, KotaError, Missing
from kotacerdas.kernel.sheets import Kind, Sheet

State = Upload.State
_make = limited("table_workbook", capacity=12, seconds=600, methods=("POST",))
_PAGE = 50
_BUSY = (State.WAITING, State.READING, State.TAKING)
_PATIENCE = timedelta(minutes=10)


def _found(request: HttpRequest, sheet: str, upload: UUID) -> tuple[Sheet, Upload]:
    """The file, for whoever may import its table. Raises Missing."""
    declared = sheet_of(request, sheet)
    one = visible_to(acting(request), declared).filter(pk=upload).first()
    if one is None:
        raise Missing(_("There is no such file here."), remedy=_("Choose one from the list."))
    return declared, one


@never_cache
@require_safe
@desk()
def upload_page(request: HttpRequest, sheet: str, upload: UUID) -> HttpResponse:
    """The page of a file; while a job works on it the page asks again every second."""
    declared, one = _found(request, sheet, upload)
    wrong = Paginator(one.problems.all(), _PAGE).get_page(request.GET.get("salah"))
    changes = Paginator(one.differences.all(), _PAGE).get_page(request.GET.get("beda"))
    total = one.new + one.changed
    is_marking = one.marking_at is not None and clock.now() - one.marking_at < _PATIENCE
    context = {
        "sheet": declared,
        "upload": one,
        "crumbs": crumbs(declared, (one.file_name, "")),
        "is_busy": one.state in _BUSY,
        "is_polled": one.state in _BUSY or is_marking,
        "is_marking": is_marking,
        "has_workbook": storage.path_of(one.id, language()).is_file(),
        "is_by_another": declared.by_two and one.user_id == request.user.pk,
        "lacking": [declared.column(name).words for name in lacking(declared, one.columns)],
        "is_ready": one.state == State.READY,
        "can_cancel": one.state in (*_BUSY, State.READY, State.MAPPING, State.REFUSED, State.FAILED),
        "refusal": present.refusal(one),
        "notes": present.notes(one, declared) if one.state in (State.READY, State.TAKEN) and one.head else [],
        "wrong": wrong,
        "problems": [present.problem_line(one, each) for each in wrong],
        "changes": changes,
        "differences": [present.change_line(declared, each) for each in changes],
        "to_take": total,
        "is_cut": one.problem_count > wrong.paginator.count,
        "differences_cut": bool(changes.paginator.count) and total > changes.paginator.count,
        "has_current": declared.current is not None,
    }
    return render(request, "tables/upload.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk()
def columns_page(request: HttpRequest, sheet: str, upload: UUID) -> HttpResponse:
    """The page to map columns by hand; remembered for files with the same heads."""
    declared, one = _found(request, sheet, upload)
    if not one.head.get("heads") or one.state not in (State.MAPPING, State.READY):
        return _back(declared, one)
    problem: Invalid | None = None
    given: dict[str, dict[str, Any]] = one.columns
    if request.method == "POST":
        given = _chosen(request, declared)
        try:
            actions.upload_map(actor=acting(request, declared.permission), upload=one, columns=given)
            return _back(declared, one)
        except Invalid as error:
            problem = error
        except KotaError as error:
            messages.warning(request, str(error))
            return _back(declared, one)
    context = {
        "sheet": declared,
        "upload": one,
        "crumbs": crumbs(
            declared,
            (one.file_name, reverse("tables:upload", args=[declared.name, one.id])),
            (_("Columns"), ""),
        ),
        "lines": [_line(one, column, given, problem) for column in declared.columns],
        "heads": [
            {"place": place, "letter": letters(place + 1), "head": head, "sample": _sample(one, place)}
            for place, head in enumerate(one.head["heads"])
        ],
        "problem": problem,
    }
    return render(request, "tables/columns.html", context, status=422 if problem else 200)


def _chosen(request: HttpRequest, sheet: Sheet) -> dict[str, dict[str, Any]]:
    """The mapping as chosen in the form; an empty choice is a column that the file does not have."""
    made: dict[str, dict[str, Any]] = {}
    for column in sheet.columns:
        place = request.POST.get(f"kolom-{column.name}", "")
        if not place.isascii() or not place.isdigit() or len(place) > 4:
            continue
        made[column.name] = {"place": int(place)}
        if (mark := request.POST.get(f"desimal-{column.name}", "")) in (",", "."):
            made[column.name]["mark"] = mark
        if (order := request.POST.get(f"urutan-{column.name}", "")) in ("day", "month"):
            made[column.name]["order"] = order
    return made


def _line(
    upload: Upload, column: Any, given: dict[str, dict[str, Any]], problem: Invalid | None
) -> dict[str, Any]:
    own = given.get(column.name, {})
    return {
        "column": column,
        "place": own.get("place", -1),
        "mark": own.get("mark", ""),
        "order": own.get("order", ""),
        "has_mark": column.kind in (Kind.DECIMAL, Kind.WHOLE),
        "has_order": column.kind == Kind.DATE,
        "error": problem.fields.get(column.name, "") if problem else "",
    }


def _sample(upload: Upload, place: int) -> str:
    found = [row[place] for row in upload.head.get("sample", ()) if place < len(row)]
    return " · ".join(text[:24] for text in found if text)


@require_POST
@desk()
def take(request: HttpRequest, sheet: str, upload: UUID) -> HttpResponse:
    """Start importing the good rows."""
    declared, one = _found(request, sheet, upload)
    seen = request.POST.get("salah", "")
    try:
        actions.upload_take(
            actor=acting(request, declared.permission),
            upload=one,
            wrong=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1,
        )
    except KotaError as error:
        messages.warning(request, str(error))
    return _back(declared, one)


@require_POST
@desk()
def cancel(request: HttpRequest, sheet: str, upload: UUID) -> HttpResponse:
    """Cancel the file; nothing is imported."""
    declared, one = _found(request, sheet, upload)
    try:
        actions.upload_cancel(actor=acting(request, declared.permission), upload=one)
    except KotaError as error:
        messages.warning(request, str(error))
    return _back(declared, one)


@require_POST
@_make
@desk()
def mark(request: HttpRequest, sheet: str, upload: UUID) -> HttpResponse:
    """Start making the workbook of wrong rows."""
    declared, one = _found(request, sheet, upload)
    try:
        actions.upload_mark(actor=acting(request, declared.permission), upload=one, language=language())
    except KotaError as error:
        messages.warning(request, str(error))
    return _back(declared, one)


@never_cache
@require_safe
@desk()
def wrong_rows(request: HttpRequest, sheet: str, upload: UUID) -> HttpResponse:
    """The wrong rows as a workbook, their cells marked, once it is made."""
    declared, one = _found(request, sheet, upload)
    data = storage.get(one.id, language())
    if data is None:
        raise Missing(_("This workbook is not made."), remedy=_("Go back to the file and have it made."))
    return xlsx(data, f"salah-{declared.name.replace('.', '-')}.xlsx")


def _back(sheet: Sheet, upload: Upload) -> HttpResponse:
    return HttpResponseRedirect(reverse("tables:upload", args=[sheet.name, upload.id]))
