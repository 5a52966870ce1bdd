"""Rate limits of public pages: one token bucket for each key, in an unlogged table, one statement for each request.

By account, phone and device first, by address last and generously: a whole village shares one address.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from math import ceil

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.files.pictures import spending
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import TooMany

View = Callable[..., HttpResponse]

DEVICE_COOKIE = "device"
DEVICE_DAYS = 400
_ADDRESS_SHARE = 20  # a village's address may do this many times what one device may
_OWN_BITS = 64  # of an IPv6 address: the network of one connection
_IN_MINUTES = 90  # a longer wait is said in minutes
_MEGAPIXELS, _MEGAPIXELS_SECONDS = (
    240,
    40,
)  # of photos an address: twenty from phones at once, then six million a second
_REFILLED = """
    ON CONFLICT (key) DO UPDATE SET
        tokens = LEAST(%(capacity)s, b.tokens + %(rate)s * extract(epoch FROM clock_timestamp() - b.at)) - %(n)s,
        at = clock_timestamp()
    WHERE LEAST(%(capacity)s, b.tokens + %(rate)s * extract(epoch FROM clock_timestamp() - b.at)) >= %(n)s
    RETURNING tokens
"""
_INTO = "INSERT INTO parties_bucket AS b (key, tokens, at)"
_TAKE = f"{_INTO} VALUES (%(key)s, %(capacity)s - %(n)s, clock_timestamp()) {_REFILLED}"
_WIDE = _REFILLED.replace("%(capacity)s", "%(wide_capacity)s").replace("%(rate)s", "%(wide_rate)s")
_TAKE_BOTH = f"""
    WITH one AS ({_TAKE}),
    other AS ({_INTO} SELECT %(wide_key)s, %(wide_capacity)s - %(n)s, clock_timestamp() FROM one {_WIDE})
    SELECT EXISTS (SELECT FROM one), EXISTS (SELECT FROM other)
"""  # noqa: S608 (constants alone)


def take_token(key: str, *, capacity: int, seconds: int, tokens: int = 1) -> None:
    """Take some of `capacity` tokens that refill evenly over `seconds`. Raises TooMany with the wait."""
    rate = capacity / seconds
    with connection.cursor() as cursor:
        given: dict[str, str | float] = {
            "key": key[:120],
            "capacity": float(capacity),
            "rate": rate,
            "n": float(tokens),
        }
        cursor.execute(_TAKE, given)
        if cursor.fetchone() is None:
            raise too_often(ceil(tokens / rate))


def take_both(first: str, second: str, *, capacity: int, seconds: int, share: int) -> None:
    """Take a token of one key, and one of another key with `share` times the capacity, in one statement.

    Where the first has none left the second loses none. Raises TooMany with the wait.
    """
    given: dict[str, str | float] = {
        "key": first[:120],
        "capacity": float(capacity),
        "rate": capacity / seconds,
        "n": 1.0,
        "wide_key": second[:120],
        "wide_capacity": float(capacity * share),
        "wide_rate": capacity * share / seconds,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BOTH, given)
        is_first, is_second = cursor.fetchone()
    if not is_first:
        raise too_often(ceil(seconds / capacity))
    if not is_second:
        raise too_often(ceil(seconds / (capacity * share)))


def pixels_middleware(get_response: View) -> View:
    """Limits the pixels of uploaded photos by client address, before they are decoded."""

    def middleware(request: HttpRequest) -> HttpResponse:
        def spend(pixels: int) -> None:
            take_token(
                f"pixels:address:{counted_as(request)}",
                capacity=_MEGAPIXELS,
                seconds=_MEGAPIXELS_SECONDS,
                tokens=ceil(pixels / 1_000_000),
            )

        with spending(spend) if settings.RATE_LIMITS else nullcontext():
            return get_response(request)

    return middleware


def too_often(seconds: int) -> TooMany:
    """The response when a limit is exceeded; `seconds` until the next request is accepted."""
    if seconds > _IN_MINUTES:
        minutes = ceil(seconds / 60)
        wait = ngettext("Try again in %(n)d minute.", "Try again in %(n)d minutes.", minutes) % {"n": minutes}
    else:
        wait = ngettext("Try again in %(n)d second.", "Try again in %(n)d seconds.", seconds) % {"n": seconds}
    return TooMany(
        _("That was too often in a short time. Nothing was stored."),
        retry_after=seconds,
        remedy=f"{wait} {_('In an emergency call instead.')}",
    )


def address_of(request: HttpRequest) -> str:
    """The client's address; forwarded ones are believed from trusted proxies alone."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if direct in settings.TRUSTED_PROXIES:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")[-1].strip()
        return forwarded or direct
    return direct


def counted_as(request: HttpRequest) -> str:
    """The address by which a client is counted: its IPv4 address, or the network of its IPv6 address."""
    return network_of(address_of(request))


def network_of(given: str) -> str:
    """The network by which an address text is counted; what is no address stays as it is."""
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return given
    if isinstance(address, ipaddress.IPv4Address):
        return given
    if address.ipv4_mapped:  # as a door that listens on both kinds sees IPv4
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), _OWN_BITS), strict=False).network_address)


def limited(
    door: str,
    *,
    capacity: int,
    seconds: int,
    methods: tuple[str, ...] = ("POST",),
    address_share: int = _ADDRESS_SHARE,
) -> Callable[[View], View]:
    """Limit a view by account or device, and by address with `address_share` times the capacity.

    Who comes without the device's cookie is counted as one device of its address: a browser has it from the first
    page on, and who throws it away gains nothing.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            device = _device(request)
            if request.method in methods and settings.RATE_LIMITS:
                user = getattr(request, "user", None)
                who = f"device:{device}" if device else ""
                if user is not None and user.is_authenticated:
                    who = f"user:{user.pk}"
                elif not device and request.method == "POST":  # a first page has none yet, a form does
                    who = f"without:{counted_as(request)}"
                address = f"{door}:address:{counted_as(request)}"
                if who:
                    take_both(
                        f"{door}:{who}", address, capacity=capacity, seconds=seconds, share=address_share
                    )
                else:
                    take_token(address, capacity=capacity * address_share, seconds=seconds)
            response = view(request, *args, **kwargs)
            if not device:
                _remember(response)
            return response

        return guarded

    return decorate


def _device(request: HttpRequest) -> str:
    return str(request.get_signed_cookie(DEVICE_COOKIE, default="", salt="device") or "")


def _remember(response: HttpResponse) -> None:
    response.set_signed_cookie(
        DEVICE_COOKIE,
        str(ids.new_id()),
        salt="device",
        max_age=DEVICE_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
