"""The tables one may import, one of them with its form, and an empty workbook to fill in."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kotacerdas.foundation.parties.access import acting, desk
from kotacerdas.foundation.tables import actions, present
from kotacerdas.foundation.tables.queries import visible_to
from kotacerdas.foundation.tables.writing import XLSX, Book
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.foundation.ui.tags.words import daytime
from kotacerdas.kernel.errors import KotaError, Missing
from kotacerdas.kernel.sheets import Column, Sheet, sheets

_SHOWN = 20


def sheet_of(request: HttpRequest, name: str) -> Sheet:
    """The table, for whoever may import it. Raises Missing."""
    return actions.importable(acting(request), name)


def crumbs(sheet: Sheet, *more: tuple[Any, str]) -> tuple[Crumb, ...]:
    """The breadcrumbs; the last one is the page itself."""
    own = (
        (_("Import tables"), reverse("tables:index")),
        (sheet.words, reverse("tables:sheet", args=[sheet.name])),
    )
    return tuple(Crumb(text=text, url=url) for text, url in (*own, *more))


@never_cache
@require_safe
@desk()
def index(request: HttpRequest) -> HttpResponse:
    """The tables one may import, and the files that came last."""
    actor = acting(request)
    open_sheets = [
        one for one in sheets().values() if one.take is not None and actions.may_import(actor, one)
    ]
    if not open_sheets:
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
    last = visible_to(actor, *open_sheets)[:_SHOWN]
    context = {
        "sheets": sorted(open_sheets, key=lambda one: str(one.words)),
        "uploads": [
            {"upload": one, "tag": present.tag(one), "words": sheets()[one.sheet].words} for one in last
        ],
    }
    return render(request, "tables/index.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk()
def sheet_page(request: HttpRequest, sheet: str) -> HttpResponse:
    """What a table holds and how to write it; the form that takes a file."""
    found = sheet_of(request, sheet)
    problem: KotaError | None = None
    if request.method == "POST":
        try:
            return _given(request, found)
        except KotaError as error:
            problem = error
    last = visible_to(acting(request), found)[:_SHOWN]
    context = {
        "sheet": found,
        "crumbs": crumbs(found),
        "columns": present.column_lines(found),
        "uploads": [{"upload": one, "tag": present.tag(one), "words": ""} for one in last],
        "problem": problem,
    }
    return render(request, "tables/sheet.html", context, status=problem.status if problem else 200)


def _given(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    file = request.FILES.get("berkas")
    data = file.read() if file is not None else b""
    upload, is_new = actions.upload_open(
        actor=acting(request, sheet.permission),
        sheet=sheet,
        file_name=str(file.name) if file is not None else "",
        data=data,
    )
    if not is_new and upload.taken_at is not None:
        words = _("This very file was taken on %(day)s. Nothing was changed.")
        messages.info(request, words % {"day": daytime(upload.taken_at)})
    elif not is_new:
        messages.info(request, _("You have given this very file already: here it is."))
    return HttpResponseRedirect(reverse("tables:upload", args=[sheet.name, upload.id]))


@never_cache
@require_safe
@desk()
def blank(request: HttpRequest, sheet: str) -> HttpResponse:
    """An empty workbook with the heads, and a second sheet that says how to fill it in."""
    found = sheet_of(request, sheet)
    out = io.BytesIO()
    guide = (
        Column(name="column", words=_("Column"), width=24),
        Column(name="kind", words=_("Kind"), width=16),
        Column(name="must", words=_("Must be filled in"), width=16),
        Column(name="hint", words=_("How to write it"), width=60),
    )
    lines = [
        [str(one.words), str(one.kind), _("yes") if one.required else "", one.hint]
        for one in present.column_lines(found)
    ]
    with Book(out) as book:
        book.page(str(found.words), found.columns, [])
        book.page(_("How to fill it in"), guide, lines)
    return xlsx(out.getvalue(), f"{found.name.replace('.', '-')}.xlsx")


def xlsx(data: bytes, name: str) -> HttpResponse:
    """A workbook to be saved."""
    response = HttpResponse(data, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
