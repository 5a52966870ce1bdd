"""Who comes through a staff door: signed in, with a second factor, with the permission; others see nothing there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.actors import Actor, staff
from kotacerdas.foundation.parties.grants import NOBODY, Grants, grants_of
from kotacerdas.kernel.errors import Missing

View = Callable[..., HttpResponse]
Next = Callable[[HttpRequest], HttpResponse]

_FREE_OF_SECOND_FACTOR = ("/akun/", "/static/", "/bahasa/")


def grants_middleware(get_response: Next) -> Next:
    """`request.grants`, looked up when first asked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.grants = SimpleLazyObject(lambda: grants_of(getattr(request, "user", None)))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def second_factor_middleware(get_response: Next) -> Next:
    """Staff without a second factor get no further than the page that sets one up. Demo accounts are spared."""
    from allauth.mfa.utils import is_mfa_enabled

    def middleware(request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated or not user.is_staff or user.is_demo:
            return get_response(request)
        if request.path.startswith(_FREE_OF_SECOND_FACTOR) or is_mfa_enabled(user):
            return get_response(request)
        return HttpResponseRedirect(reverse("mfa_activate_totp"))

    return middleware


def grants_for(request: HttpRequest) -> Grants:
    """The grants of the one who asks."""
    return getattr(request, "grants", NOBODY)


def acting(request: HttpRequest) -> Actor:
    """The signed-in staff member as an actor, in the post chosen for this session (the first by default)."""
    user = request.user
    actor = staff(user)  # type: ignore[arg-type]
    wanted = request.session.get("position")
    chosen = next((one for one in actor.grants.positions if str(one.id) == wanted), None)
    return staff(user, position=chosen) if chosen else actor  # type: ignore[arg-type]


def desk(*permissions: str) -> Callable[[View], View]:
    """A staff page that needs one of the permissions (none named: any staff).

    Not signed in: to the sign-in page, and back. Signed in without it: 404, as if there were nothing.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return HttpResponseRedirect(
                    f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
                )
            grants = grants_for(request)
            if not request.user.is_staff or (
                permissions and not any(grants.may(name) for name in permissions)
            ):
                raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
            return view(request, *args, **kwargs)

        guarded.desk_permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate
