"""The check page, for anybody who holds a paper; the preview, for whoever edits a template."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kotacerdas.foundation.documents import actions
from kotacerdas.foundation.documents.declarations import kinds
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.documents.permissions import EDIT_TEMPLATE
from kotacerdas.foundation.parties.access import desk, grants_for
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.parties.subjects import Seen, seen
from kotacerdas.kernel.errors import Invalid, Missing
from kotacerdas.kernel.texts import plain_code

_look = limited("check_paper", capacity=30, seconds=600, methods=("GET", "HEAD"), address_share=4)
_NOT_OF_IT = re.compile("[^0-9A-Z]+")
_READ_AS = str.maketrans("OIL", "011")  # Crockford: what is easily mistaken is read as meant


@never_cache
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The page to type a paper's code by hand."""
    typed = _code(request.GET.get("kode", ""))
    if typed:
        return HttpResponseRedirect(reverse("documents:check", args=[typed]))
    return render(request, "documents/ask.html")


@never_cache
@_look
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What a paper proves and what not; a file that is chosen is compared in the browser and sent nowhere."""
    typed = _code(code)
    document = Document.objects.select_related("agency", "issued_by").filter(code=typed).first()
    declared = kinds().get(document.kind) if document else None
    context = {"code": typed, "document": document, "kind": declared, "thing": _thing(request, document)}
    response = render(request, "documents/check.html", context, status=200 if document else 404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _thing(request: HttpRequest, document: Document | None) -> Seen | None:
    """The subject of a paper, for those who may see it; None for everybody else."""
    if document is None:
        return None
    return seen(grants_for(request), [(document.subject_kind, document.subject_id)]).get(document.subject_id)


@never_cache
@require_safe
@desk(EDIT_TEMPLATE)
def templates(request: HttpRequest) -> HttpResponse:
    """The declared kinds, each with its preview in both languages."""
    return render(
        request, "documents/templates.html", {"kinds": sorted(kinds().values(), key=lambda one: one.code)}
    )


@never_cache
@require_safe
@desk(EDIT_TEMPLATE)
def preview(request: HttpRequest, kind: str) -> HttpResponse:
    """A kind's paper with sample data; what typst says of a broken template, in its words."""
    if kind not in kinds():
        raise Missing(_("There is no such paper."), remedy=_("Choose one from the list."))
    language = "en" if request.GET.get("bahasa") == "en" else "id"
    try:
        made = actions.preview(kind, language)
    except Invalid as error:
        return render(request, "documents/broken.html", {"error": error, "kind": kinds()[kind]}, status=422)
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{kind}-{language}.pdf"'
    return response


def _code(text: str) -> str:
    """The code in what was typed: spaces, small letters and a whole address are accepted."""
    last = next((part for part in reversed(plain_code(text).split("/")) if part.strip()), "")
    return _NOT_OF_IT.sub("", last.upper().translate(_READ_AS))[:16]
