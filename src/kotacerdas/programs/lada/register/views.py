"""The register's pages: goods found by their words, and one good with its ledger."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.parties.access import desk, grants_for
from kotacerdas.kernel.errors import Missing
from kotacerdas.programs.lada import queries
from kotacerdas.programs.lada.actions.ledger import register_of
from kotacerdas.programs.lada.permissions import VIEW

SHOWN = 50


@require_safe
@desk(VIEW)
def register(request: HttpRequest) -> HttpResponse:
    """Goods found by their words."""
    words = request.GET.get("q", "")[:200]
    found = queries.found(queries.assets_for(grants_for(request)).filter(is_active=True), words)
    shown = Paginator(found, SHOWN).get_page(request.GET.get("hal"))
    return page(request, "lada/register/register.html", {"page": shown, "words": words})


@require_safe
@desk(VIEW)
def asset(request: HttpRequest, nibar: str) -> HttpResponse:
    """One good: what it is, whose, and its ledger."""
    found = queries.assets_for(grants_for(request)).filter(nibar=nibar).first()
    if found is None:
        raise Missing(_("There is no such good here."), remedy=_("Search it by its name or plate."))
    context = {
        "asset": found,
        "register": register_of(found),
        "events": found.events.order_by("-number"),
    }
    return page(request, "lada/register/asset.html", context)
