"""The shell's page and files, the exchange, photos on their way, and enrolling a phone."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotacerdas.foundation.parties.access import desk, grants_for
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.sync import exchange as exchanges
from kotacerdas.foundation.sync import scanning, shell, uploads
from kotacerdas.foundation.sync.devices import device_words
from kotacerdas.foundation.sync.models import Phone, Upload
from kotacerdas.foundation.sync.phones import (
    actor_of,
    code_use,
    export_key,
    phone_enrol,
    phone_leave,
    phone_of,
)
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, KotaError, Missing

MOST_BYTES = 1024 * 1024  # of an exchange, unpacked
LANGUAGES = ("id", "en")
PhoneView = Callable[..., HttpResponse]


@require_GET
def app(request: HttpRequest) -> HttpResponse:
    """The shell: one page for everybody, without a word of anybody's data."""
    return render(
        request,
        "sync/app.html",
        {
            "words": shell.shell_words(),
            "problems": shell.problem_words(),
            "version": shell.version(),
            "modules": shell.first_modules(),
            "sprite": shell.sprite(),
            "zone": settings.TIME_ZONE,
            "photo": shell.addresses()["photo"],
            "key": reverse("sync:release_key", args=[UUID(int=0)]),
        },
    )


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which names the files of this version of the shell."""
    body = render(
        request,
        "sync/worker.js",
        {
            "files": json.dumps([reverse("sync:app"), *shell.static_urls()]),
            "version": shell.version(),
            "home": reverse("sync:app"),
            "exchange": staticfiles_storage.url("sync/exchange.js"),
            "urls": json.dumps(shell.addresses()),
        },
        content_type="text/javascript; charset=utf-8",
    )
    body["Cache-Control"] = "no-cache"
    return body


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What makes the shell installable."""
    mark = staticfiles_storage.url("kotacerdas/mark.svg")
    found = {
        "name": str(_("Field work")),
        "short_name": str(_("Field work")),
        "start_url": reverse("sync:app"),
        "scope": reverse("sync:app"),
        "display": "standalone",
        "lang": "id",
        "background_color": "#ffffff",
        "theme_color": "#0A141A",
        "icons": [{"src": mark, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(found, content_type="application/manifest+json")


@desk()
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Enrol this phone for whoever is signed in and has work in the field: the page, and the token as JSON."""
    if not shell.works_in_field(grants_for(request)):
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
    if request.method == "GET":
        return render(request, "sync/enrol.html", {})
    assert isinstance(request.user, User)
    phone, token = phone_enrol(user=request.user, by=request.user, label=_label(request))
    return _welcome(phone, token)


@csrf_exempt
@require_POST
@limited("sync.enrol", capacity=20, seconds=600)
def enrol_by_code(request: HttpRequest) -> HttpResponse:
    """Enrol a phone by the code that a desk shows."""
    try:
        phone, token = code_use(request.POST.get("code", ""), label=_label(request))
    except Invalid as error:
        return _refused(error)
    return _welcome(phone, token)


def _label(request: HttpRequest) -> str:
    """What its user calls the phone, or else what it calls itself."""
    return request.POST.get("label", "").strip() or device_words(request.headers.get("User-Agent", ""))


def _welcome(phone: Phone, token: str) -> HttpResponse:
    found = {
        "token": token,
        "phone": str(phone.pk),
        "export_key": export_key(phone),
        "user": phone.user.name,
        "now": exchanges.milliseconds(clock.now()),
    }
    return JsonResponse(found)


def by_phone(view: PhoneView) -> PhoneView:
    """An address for enrolled phones alone. 401 for no phone's token; 410 with the word to wipe for a revoked one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        phone = phone_of(request.headers.get("Authorization", "").removeprefix("Bearer ").strip())
        with override(language_of(request)):
            if phone is None:
                return no_phone()
            if gone := signed_out(phone):
                return gone
            try:
                return view(request, phone, *args, **kwargs)
            except KotaError as error:
                return _refused(error)

    return csrf_exempt(guarded)


def language_of(request: HttpRequest) -> str:
    """The language of the phone that asks."""
    language = request.headers.get("X-Language", "id")
    return language if language in LANGUAGES else "id"


def no_phone() -> HttpResponse:
    """The answer to a token of nobody."""
    return JsonResponse({"code": "no_phone", "words": str(_("This phone is not enrolled."))}, status=401)


def signed_out(phone: Phone) -> HttpResponse | None:
    """The word to wipe for a phone that is let in no more, noted as said; None for one that is."""
    if phone.revoked_at is None and phone.user.is_active:
        return None
    Phone.objects.filter(pk=phone.pk, wiped_at=None).update(wiped_at=clock.now())
    words = str(_("This phone was signed out by the desk. Its data is deleted."))
    return JsonResponse({"code": "revoked", "wipe": True, "words": words}, status=410)


def _refused(error: KotaError) -> HttpResponse:
    found = {"code": error.code, "words": str(error.message), "remedy": str(error.remedy)}
    return JsonResponse(found, status=error.status)


@by_phone
@require_GET
def forms(request: HttpRequest, phone: Phone) -> HttpResponse:
    """The forms and kinds of records of this phone's user."""
    return JsonResponse(shell.forms_for(actor_of(phone), language_of(request)))


@by_phone
@require_POST
def exchange(request: HttpRequest, phone: Phone) -> HttpResponse:
    """One exchange: commands up, changes down."""
    answer = exchanges.exchange(phone, _body(request))
    answer["forms"] = shell.forms_for(actor_of(phone), language_of(request))["version"]
    answer["v"] = shell.version()
    packed = gzip.compress(exchanges.as_bytes(answer), 6, mtime=0)
    response = HttpResponse(packed, content_type="application/json")
    response["Content-Encoding"] = "gzip"
    return response


def _body(request: HttpRequest) -> Mapping[str, Any]:
    """The request's JSON, unpacked where it is gzip. Invalid for what is none, or too much."""
    raw = request.body
    try:
        if request.headers.get("Content-Encoding") == "gzip" or raw[:2] == b"\x1f\x8b":
            unpacking = zlib.decompressobj(31)
            raw = unpacking.decompress(raw, MOST_BYTES)
            if unpacking.unconsumed_tail:
                raise Invalid(_("This is too much at once."), code="too_much")
        found = json.loads(raw)
    except (zlib.error, ValueError, RecursionError):
        raise Invalid(_("This is no exchange."), code="damaged") from None
    if not isinstance(found, dict) or len(raw) > MOST_BYTES:
        raise Invalid(_("This is no exchange."), code="damaged")
    return found


@by_phone
@require_http_methods(["GET", "PUT"])
def photo(request: HttpRequest, phone: Phone, upload_id: UUID) -> HttpResponse:
    """How much of a photo is stored (GET); a part from `Upload-Offset` on (PUT), and the whole when it is there."""
    upload = uploads.upload_of(phone, upload_id)
    if request.method == "PUT":
        try:
            start = int(request.headers.get("Upload-Offset", ""))
        except ValueError:
            raise Invalid(_("The offset is missing."), code="offset") from None
        upload = uploads.part_add(upload, start, request.body)
    return _state(uploads.finish(upload))


def _state(upload: Upload) -> HttpResponse:
    return JsonResponse(
        {
            "received": upload.received,
            "size": upload.size,
            "done": upload.attached_at is not None,
            "error": upload.error,
        }
    )


@by_phone
@require_POST
@limited("sync.scan", capacity=60, seconds=600)
def scan(request: HttpRequest, phone: Phone) -> HttpResponse:
    """The text of the code on a photo; empty where none is seen."""
    return JsonResponse({"text": scanning.code_on(request.body)})


@by_phone
@require_POST
@limited("sync.leave", capacity=20, seconds=600)
def leave(request: HttpRequest, phone: Phone) -> HttpResponse:
    """This phone's user signs out of it: it is let in no more. 204."""
    phone_leave(phone)
    return HttpResponse(status=204)
