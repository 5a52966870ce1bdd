"""Signing in, choosing a post, and the demo's short way in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import LoginView, PasswordResetFromKeyView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.parties.access import desk, grants_for, page_at
from kotacerdas.foundation.parties.context import post_title
from kotacerdas.foundation.parties.demo import roles_of
from kotacerdas.foundation.parties.grants import grants_of
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.parties.navigation import home_of
from kotacerdas.kernel.errors import Missing, Refused


class StaffLoginView(LoginView):
    """User name and password; in demo installations also the cast."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["cast"] = [] if settings.PRODUCTION else demo_cast()
        return dict(context)


sign_in = limited("sign-in", capacity=20, seconds=300)(StaffLoginView.as_view())


class ChoosePasswordView(PasswordResetFromKeyView):
    """The page behind the one-time link of `staffing.way_in`: choose a password, then set up the second factor."""

    @method_decorator(sensitive_post_parameters("password1", "password2"))
    @method_decorator(never_cache)
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().dispatch(*args, **kwargs)
        return answer


choose_password = ChoosePasswordView.as_view()


def demo_cast() -> list[dict[str, str]]:
    """Demo accounts of staff with the post each holds today."""
    cast = []
    for user in User.objects.filter(is_demo=True, is_staff=True, is_active=True).order_by("date_joined"):
        if not user.has_usable_password():
            continue
        grants = grants_of(user)
        position = next(iter(grants.positions), None)
        post = post_title(position, grants.acting.get(position.id, "")) if position else roles_of(user)
        cast.append({"username": user.username, "name": user.name, "post": post})
    return cast


@require_POST
def demo_sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as one of the demo's cast. Not there in production, nor for any other account."""
    user = User.objects.filter(username=username, is_demo=True, is_active=True).first()
    if settings.PRODUCTION or user is None or not user.has_usable_password():
        raise Missing(_("There is no such page here."), remedy=_("Sign in with your own account."))
    onward = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()})
    landing = onward if onward and safe else home_of(grants_of(user))
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=landing))
    return response


@require_safe
@desk()
def home(request: HttpRequest) -> HttpResponse:
    """Redirect staff to the first page they may open; without a post or role, a page that says so."""
    landing = home_of(grants_for(request))
    if landing == "/":
        return render(request, "account/no_post.html", status=Refused.status)
    return HttpResponseRedirect(landing)


@require_POST
@desk()
def choose_post(request: HttpRequest, position_id: UUID) -> HttpResponse:
    """Act from another of one's posts for this session."""
    if position_id not in grants_for(request).position_ids:
        raise Missing(_("You do not hold this post."), remedy=_("Choose one of yours."))
    request.session["position"] = str(position_id)
    return HttpResponseRedirect(page_at(request, request.headers.get("Referer", "")) or "/desk/")
