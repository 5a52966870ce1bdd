"""Reporting in five pages, and what scripts ask for meanwhile."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kotacerdas.foundation.following.views import number_address
from kotacerdas.foundation.forms.photos import photo_view
from kotacerdas.foundation.forms.places import places_view
from kotacerdas.foundation.forms.posted import draft_in
from kotacerdas.foundation.forms.views import page_view
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.programs.iceta.public import pages
from kotacerdas.programs.iceta.public.report_form import REPORT_FORM

report_photo, report_place, report_words, report_you, report_check = (
    page_view(REPORT_FORM, name) for name in REPORT_FORM.order
)


def report_words_or_number(request: HttpRequest) -> HttpResponse:
    """The words page; a ticket number typed there redirects to its case."""
    address = number_address(request, request.GET.get("q", "")) if request.method == "GET" else ""
    return HttpResponseRedirect(address) if address else report_words(request)


report_places = places_view(REPORT_FORM)
report_photo_add = photo_view(
    REPORT_FORM, gettext_lazy("This report is sent already. Photos can be added when the agency asks.")
)


@require_POST
@never_cache
@limited("report_look", capacity=300, seconds=600, methods=("GET", "POST"))
def report_suggest(request: HttpRequest) -> HttpResponse:
    """Suggested kinds and similar reports for the words so far, as typed."""
    draft, _problems = draft_in(request, REPORT_FORM, "words")
    return render(
        request, "iceta/public/_kinds.html", {**pages.words_context(draft), "answers": draft.values}
    )
