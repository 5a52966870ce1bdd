"""The request's id and true address, the chosen language, and errors turned into pages."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

from kotacerdas.config import errors, outage
from kotacerdas.kernel import live
from kotacerdas.kernel.errors import KotaError
from kotacerdas.kernel.ids import new_id

Handler = Callable[[HttpRequest], HttpResponse]
_GIVEN_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
_TAKES_GZIP = re.compile(r"\bgzip\b")
_WORDS = ("text/", "application/json", "image/svg+xml")
_LEAST_COMPRESSED, _RANDOM_BYTES = 600, 100
log = structlog.get_logger(__name__)


def request_context(get_response: Handler) -> Handler:
    """Give the request an id (a trusted proxy's, else a new one) and the client's address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        trusted = _is_trusted(request.META.get("REMOTE_ADDR", ""))
        if trusted:
            _take_forwarded(request)
        given = request.headers.get("X-Request-ID", "") if trusted else ""
        request.id = given if _GIVEN_ID.match(given) else str(new_id())  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request=request.id):  # type: ignore[attr-defined]
            response = get_response(request)
        response.headers["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    return middleware


def chosen_language(get_response: Handler) -> Handler:
    """Indonesian unless the visitor chose otherwise; what the browser prefers is not asked."""
    known = {code for code, _ in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in known else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = get_response(request)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def no_store(get_response: Handler) -> Handler:
    """No page made for somebody who is signed in stays in a browser or on the way; photos have addresses of their own.

    And what it listens to is for its own session.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        with live.held_by(lambda: request.session.session_key or ""):
            response = get_response(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or response.streaming:
            return response
        if request.method == "POST" and request.path == reverse("account_logout"):
            response.headers["Clear-Site-Data"] = '"cache"'  # what was shown goes too; drafts of reports stay
        if request.user.is_authenticated and "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def compressed(get_response: Handler) -> Handler:
    """Gzip pages of words for browsers that take it: a third of the weight over a satellite link.

    Random bytes of varying number hide the length of what is secret in a page (BREACH; "Heal the Breach",
    Palacios et al. 2022). Photos and streams pass as they are.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if (
            response.streaming
            or response.has_header("Content-Encoding")
            or not response.headers.get("Content-Type", "").startswith(_WORDS)
            or len(response.content) < _LEAST_COMPRESSED
        ):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if _TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")):
            response.content = compress_string(response.content, max_random_bytes=_RANDOM_BYTES)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


class NoNul:
    """Answer 400 to a NUL in address, query or form: PostgreSQL stores none, and no keyboard sends one.

    The form is looked at once the view is known, when the CSRF check has read it; files are not looked at.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or _has_nul(request.GET):
            return errors.bad_request(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Handler, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The form's names and values; None lets the view answer."""
        return errors.bad_request(request) if request.method == "POST" and _has_nul(request.POST) else None


class Errors:
    """Turn the house's errors into a page, a fragment or JSON, with the right status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return errors.wrong_method(request, response)
        if request.method == "POST" and response.status_code == 302 and _leads_to_sign_in(response):
            return errors.signed_out(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a KotaError, and a store that is away; leave everything else to Django."""
        if outage.is_one(error):
            log.error("store_away", exc_info=error)
            return errors.away(request)
        if not isinstance(error, KotaError):
            return None
        log.info("refused", code=error.code, status=error.status, path=request.path)
        return errors.answer(request, error)


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return response.headers["Location"].partition("?")[0] == reverse("account_login")


def _has_nul(given: QueryDict) -> bool:
    return any("\0" in name or any("\0" in value for value in values) for name, values in given.lists())


def _take_forwarded(request: HttpRequest) -> None:
    direct = request.META.get("REMOTE_ADDR", "")
    request.META["REMOTE_ADDR"] = true_address(direct, request.headers.get("X-Forwarded-For", ""))
    if request.headers.get("X-Forwarded-Proto") == "https":
        request.META["wsgi.url_scheme"] = "https"


def true_address(direct: str, forwarded: str) -> str:
    """The client's address: the last one that a chain of trusted proxies names, else the one that connected."""
    if not _is_trusted(direct):
        return direct
    chain = [part.strip() for part in forwarded.split(",") if part.strip()]
    while chain and _is_trusted(chain[-1]):
        chain.pop()
    return chain[-1] if chain and _address(chain[-1]) else direct


def _is_trusted(text: str) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in _trusted_networks())


@lru_cache(maxsize=1)
def _trusted_networks() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(given, strict=False) for given in settings.TRUSTED_PROXIES)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
