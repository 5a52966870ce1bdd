"""Addresses of the keys of phones: kept by the phone, released to its user, and a word for a locked phone."""

from __future__ import annotations

import json
import time
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotacerdas.foundation.parties.access import desk
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.sync.keys import check_of, key_keep, key_release, own_phone, phone_of_check
from kotacerdas.foundation.sync.models import Phone
from kotacerdas.foundation.sync.views import by_phone, language_of, no_phone, signed_out
from kotacerdas.kernel.errors import Invalid, KotaError, Refused

FRESH_SECONDS = 300  # since the password was typed
_MOST_BYTES = 1000


@by_phone
@require_POST
@limited("sync.key", capacity=20, seconds=600)
def keep(request: HttpRequest, phone: Phone) -> HttpResponse:
    """Keep the key with which this phone seals its data; the answer has what it asks with while it is locked."""
    try:
        given = json.loads(request.body[:_MOST_BYTES])
        name, key = given["name"], given["key"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Invalid(_("This is no key."), code="damaged") from None
    key_keep(phone, name, key)
    return JsonResponse({"check": check_of(phone)})


@desk()
@require_http_methods(["GET", "POST"])
@limited("sync.key.release", capacity=30, seconds=600)
def release(request: HttpRequest, phone_id: UUID) -> HttpResponse:
    """The page on which who forgot the PIN chooses a new one; posted, the key as JSON. After a fresh sign-in alone."""
    assert isinstance(request.user, User)
    phone = own_phone(request.user, phone_id)
    if request.method == "GET":
        if not _is_fresh(request, request.user):
            here = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{here}")
        response = render(request, "sync/key.html", {"phone": phone})
        response["Cache-Control"] = "no-store"
        return response
    try:
        if not _is_fresh(request, request.user):
            raise Refused(_("Your sign-in is too long ago."), remedy=_("Open this page again."))
        key = key_release(user=request.user, phone=phone, name=request.POST.get("name", ""))
    except KotaError as error:
        return JsonResponse({"words": str(error.message), "remedy": str(error.remedy)}, status=error.status)
    response = JsonResponse({"key": key})
    response["Cache-Control"] = "no-store"
    return response


def _is_fresh(request: HttpRequest, user: User) -> bool:
    """Whether the password was typed within five minutes.

    A code does not count: the app that makes it, or the SIM that gets it, may be in the phone that was found. Demo
    accounts, which nobody has in production, have no password to type.
    """
    typed = [one["at"] for one in get_authentication_records(request, user) if one["method"] == "password"]
    return user.is_demo or any(0 <= time.time() - at < FRESH_SECONDS for at in typed)


@require_GET
@limited("sync.still", capacity=600, seconds=600)
def still_in(request: HttpRequest) -> HttpResponse:
    """Whether a locked phone is still let in: 204, or 410 with the word to wipe. Nothing else is told."""
    phone = phone_of_check(request.headers.get("Authorization", "").removeprefix("Bearer ").strip())
    with override(language_of(request)):
        return no_phone() if phone is None else signed_out(phone) or HttpResponse(status=204)
