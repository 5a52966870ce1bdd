"""What the frame of the citizens' pages shows: navigation, account, footer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.access import citizen as citizen_of
from kotacerdas.foundation.parties.access import grants_for
from kotacerdas.foundation.sync.shell import works_in_field
from kotacerdas.foundation.ui.shapes import NavItem
from kotacerdas.kernel import phones
from kotacerdas.portal.parts import find, navigation


def citizen(request: HttpRequest) -> dict[str, Any]:
    """Navigation, account, footer and ways back to one's own cases, made only where a page shows them.

    `signed_in_as` is a citizen's number as it may stand on a page that others see too.
    """
    return {
        "service_nav": SimpleLazyObject(lambda: navigation(request.path)),
        "account": SimpleLazyObject(lambda: _account(request)),
        "signed_in_as": SimpleLazyObject(lambda: _number(request)),
        "find_links": SimpleLazyObject(find),
        "footer_links": SimpleLazyObject(lambda: _footer(request)),
    }


def _account(request: HttpRequest) -> NavItem:
    user = getattr(request, "user", None)
    if user is None or not getattr(user, "is_authenticated", False):
        return NavItem(label=_("Sign in"), icon="user", url=reverse("account_request_login_code"))
    if user.is_staff:
        return NavItem(label=_("My desk"), icon="inbox", url=reverse("desk_home"))
    return NavItem(label=_("Sign out"), icon="log-out", url=reverse("account_logout"))


def _number(request: HttpRequest) -> str:
    user = citizen_of(request)
    return phones.masked(user.phone) if user is not None and user.phone_sealed else ""


def _footer(request: HttpRequest) -> list[NavItem]:
    return [
        *(
            [NavItem(label=_("Open the field app"), icon="smartphone", url=reverse("sync:app"))]
            if works_in_field(grants_for(request))
            else []
        ),
        NavItem(label=_("Accessibility"), icon="accessibility", url=reverse("portal_accessibility")),
        NavItem(label=_("Privacy"), icon="shield-check", url=reverse("portal_privacy")),
    ]
