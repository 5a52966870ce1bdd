"""The template context of every desk page: the search in its header."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kotacerdas.foundation.casework.texts import USUAL
from kotacerdas.foundation.parties.access import grants_for
from kotacerdas.foundation.ui.shapes import Search


def search(request: HttpRequest) -> dict[str, Any]:
    """The `search` context for staff who hold any right; a desk's own page uses the desk's words."""
    if not grants_for(request).scopes:
        return {}
    return {"search": Search(url=reverse("casework:search"), placeholder=USUAL.search, query="")}
