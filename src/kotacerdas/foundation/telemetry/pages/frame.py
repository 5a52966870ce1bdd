"""What the pages share: the way of reading a form, the search box, the live stream, the number of a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.ui.shapes import Search
from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.live import live_token

PAGE_SIZE = 50


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200, live: bool = False
) -> TemplateResponse:
    """A desk page, never stored by the browser."""
    frame: dict[str, Any] = {
        "search": Search(
            url=reverse("telemetry:devices"),
            placeholder=_("Search devices…"),
            query=request.GET.get("q", "")[:80],
        ),
    }
    if live:
        frame["live_url"] = f"/live/?{urlencode({'t': live_token(['telemetry'])})}"
    response = TemplateResponse(request, f"telemetry/{template}", {**frame, **context}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def paged(request: HttpRequest, rows: QuerySet[Any]) -> tuple[Page[Any], dict[str, str]]:
    """One page of a list, and the addresses of the pages before and after it."""
    found = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("hal"))
    links = {}
    if found.has_previous():
        links["before"] = _with(request, str(found.previous_page_number()))
    if found.has_next():
        links["after"] = _with(request, str(found.next_page_number()))
    return found, links


def _with(request: HttpRequest, number: str) -> str:
    given = {key: value for key, value in request.GET.items() if key != "hal"}
    return f"{request.path}?{urlencode({**given, 'hal': number})}"


def put_errors(form: forms.Form, error: Invalid) -> None:
    """What an action found wrong, at its fields."""
    for name, words in error.fields.items():
        form.add_error(name if name in form.fields else None, str(words))
    if not error.fields:
        form.add_error(None, str(error))
