"""Access to staff pages: signed in, with a second factor, with the permission; others get 404."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import getclosurevars, isfunction
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.actors import Actor, in_post
from kotacerdas.foundation.parties.grants import NOBODY, Grants, grants_of
from kotacerdas.foundation.parties.models import User
from kotacerdas.kernel.errors import Missing

View = Callable[..., HttpResponse]
Next = Callable[[HttpRequest], HttpResponse]

_FREE_OF_SECOND_FACTOR = ("/akun/", "/static/", "/bahasa/")
_SAFE = ("GET", "HEAD")


def grants_middleware(get_response: Next) -> Next:
    """Sets `request.grants`, looked up when first used."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.grants = SimpleLazyObject(lambda: grants_of(getattr(request, "user", None)))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def second_factor_middleware(get_response: Next) -> Next:
    """Staff without a second factor get no further than the page that sets one up. Demo accounts are spared,
    except in production, where they are nobody.
    """
    from allauth.mfa.utils import is_mfa_enabled

    def middleware(request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated or not user.is_staff:
            return get_response(request)
        if user.is_demo and settings.PRODUCTION:  # signed in before this became the real thing
            logout(request)
            return get_response(request)
        if user.is_demo:
            return get_response(request)
        if request.path.startswith(_FREE_OF_SECOND_FACTOR) or is_mfa_enabled(user):
            return get_response(request)
        return HttpResponseRedirect(reverse("mfa_activate_totp"))

    return middleware


def grants_for(request: HttpRequest) -> Grants:
    """The grants of the request's user."""
    return getattr(request, "grants", NOBODY)


def citizen(request: HttpRequest) -> User | None:
    """The citizen signed in; None for a visitor and for staff."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_authenticated and not user.is_staff else None


def acting(request: HttpRequest, *permissions: str, agencies: Iterable[UUID | None] = ()) -> Actor:
    """The signed-in staff member as an actor: in the post chosen for this session (the first by default).

    permissions, agencies  what is to be done, and to whom it belongs: where the chosen post gives none of these
                           rights there, the first of their posts that does, so that the journal names it
    """
    grants, wanted = grants_for(request), request.session.get("position")
    posts = sorted(grants.positions, key=lambda one: str(one.id) != wanted)
    actor = Actor(kind="staff", user=request.user, position=next(iter(posts), None), grants=grants)  # type: ignore[arg-type]
    return in_post(actor, permissions, agencies) if permissions else actor


def desk(*permissions: str) -> Callable[[View], View]:
    """A staff page that needs one of the permissions (none named: any staff).

    Not signed in: to the sign-in page, and back. Signed in without it: 404, as if there were nothing.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return HttpResponseRedirect(
                    f"{reverse('account_login')}?{urlencode({'next': _after_signing_in(request)})}"
                )
            grants = grants_for(request)
            if not request.user.is_staff or (
                permissions and not any(grants.may(name) for name in permissions)
            ):
                way = _("Go back to your work.") if request.user.is_staff else _("Start from the front page.")
                raise Missing(_("There is no such page here."), remedy=way)
            return view(request, *args, **kwargs)

        guarded.desk_permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def _after_signing_in(request: HttpRequest) -> str:
    """The page to open after signing in. A posted form is not sent again: its page is opened instead.

    The form says its page in `dari`, or else the browser does; where neither is a desk page, it is the home.
    """
    if request.method in _SAFE:
        return request.get_full_path()
    addresses = (request.POST.get("dari", ""), request.headers.get("Referer", ""))
    known = (page for page in (page_at(request, one) for one in addresses) if page)
    return next(known, reverse("desk_home"))


def page_at(request: HttpRequest, address: str) -> str:
    """Path and query of an address if it is a desk page of this installation, else ""."""
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(address)
    try:
        view = resolve(parts.path).func
    except Resolver404:
        return ""
    if not hasattr(view, "desk_permissions") or not answers(view, "GET"):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def answers(view: object, method: str) -> bool:
    """Whether a view accepts a method, read from Django's `require_…` decorators."""
    while isfunction(view):
        if method not in getclosurevars(view).nonlocals.get("request_method_list", (method,)):
            return False
        view = getattr(view, "__wrapped__", None)
    return True
