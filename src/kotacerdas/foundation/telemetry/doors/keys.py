"""Keys of machines, as they come in a header."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kotacerdas.foundation.telemetry.credentials import key_fingerprint
from kotacerdas.foundation.telemetry.models import ApiKey
from kotacerdas.kernel.errors import Refused


def basic(given: str) -> tuple[str, str]:
    """Name and password of a Basic header; empty for one that is none."""
    try:
        name, _colon, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, secret


def bearer(request: HttpRequest, scope: str) -> ApiKey:
    """The key of the request, if it has the scope. Raises Refused otherwise, always alike.

    Clients that speak only Basic send the key as the password, under any name.
    """
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        secret = basic(secret)[1]
    found = None
    if secret:
        found = ApiKey.objects.filter(fingerprint=key_fingerprint(secret.strip()), revoked_at=None).first()
    if found is None or scope not in found.scopes:
        raise Refused(_("This key does not open this door."), remedy=_("Ask for a key with the right scope."))
    return found
