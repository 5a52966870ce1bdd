"""Observations by HTTP: from a device with its own credential, or from another server with a key of its kind."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kotacerdas.foundation.telemetry.doors import intake
from kotacerdas.foundation.telemetry.doors.keys import basic, bearer
from kotacerdas.foundation.telemetry.doors.limits import count_address
from kotacerdas.foundation.telemetry.doors.uplinks import READERS, NotUnderstood
from kotacerdas.foundation.telemetry.ingest.registry import Known, load
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Missing, Refused

MOST_BYTES = 1_048_576


@csrf_exempt
@require_POST
def observations(request: HttpRequest, code: str, stream: str = "") -> JsonResponse:
    """One message or many of a device: `Authorization: Basic <code:secret>`, or a key with `telemetry.write`.

    Answers {"stored": n, "quarantined": [{"reason", "detail"}]} once all of it is committed.
    """
    count_address(request)
    known = _device(request, code)
    found = intake.take(known, stream, _body(request), "http")
    return _answer(found)


@csrf_exempt
@require_POST
def uplink(request: HttpRequest, door: str) -> JsonResponse:
    """A webhook of ChirpStack or The Things Stack, or Traccar's forwarding, under a key of that kind."""
    count_address(request)
    if door not in READERS:
        raise Missing(_("There is no such door."))
    key = bearer(request, door)
    if request.GET.get("event", "up") != "up":  # ChirpStack tells of joins and statuses as well
        return JsonResponse({"stored": 0, "quarantined": []})
    try:
        return _answer(intake.take_uplink(key, door, _body(request)))
    except (NotUnderstood, ValueError, RecursionError, UnicodeDecodeError) as error:
        raise Invalid(_("This is not a message of that server."), fields={"": str(error)[:80]}) from error


def _answer(found: intake.IntakeResult) -> JsonResponse:
    problems: list[Mapping[str, str]] = [{"reason": one, "detail": detail} for one, detail in found.problems]
    status = 200 if found.readings or not problems else 202
    return JsonResponse({"stored": found.readings, "quarantined": problems}, status=status)


def _body(request: HttpRequest) -> bytes:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise Invalid(_("This is more than one message may hold."), remedy=_("Send at most 1 MB at once."))
    return request.body


def _device(request: HttpRequest, code: str) -> Known:
    """The device, if the request comes from it or from a machine that may send for it."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    known = load(code).get(code)
    if scheme.lower() == "bearer":
        key = bearer(request, "telemetry.write")
        if known is None or known.agency_id != key.agency_id:
            raise Missing(_("There is no such device here."))
        return known
    name, secret = basic(given)
    if known is None or name != code or not known.accepts(secret, clock.now()):
        raise Refused(_("The device's code or credential is wrong."), remedy=_("Ask for a new credential."))
    return known
