"""`/gaya/`: every piece in every state, for whoever builds pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kotacerdas.foundation.ui import samples
from kotacerdas.kernel.errors import Missing


@require_safe
def gaya(request: HttpRequest) -> HttpResponse:
    """All pieces with invented samples. Raises Missing for everybody but staff."""
    if not getattr(request.user, "is_staff", False):
        raise Missing(_("This page is not there"), remedy=_("Check the address."))
    return render(request, "kotacerdas/gaya/gaya.html", samples.everything())
