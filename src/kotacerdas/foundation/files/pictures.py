"""From bytes that claim to be a photo to bytes we made ourselves, with what may be believed of the camera's words.

Nothing is decoded here: that is done in a process of its own (`decoding.py`, `decoders.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from django.utils.translation import gettext as _

from kotacerdas.foundation.files import decoders
from kotacerdas.foundation.files.decoded import THUMB_SIDE, Decoded, Undecodable
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid

__all__ = ["MEDIA_TYPE", "THUMB_SIDE", "Made", "make", "spending"]

MEDIA_TYPE = "image/webp"
_BYTES_PER_MB = 1024 * 1024
_FIRST_CAMERA = 1990  # a date before digital cameras is a clock that was never set

Spend = Callable[[int], None]
_spend: ContextVar[Spend | None] = ContextVar("kotacerdas_spend_pixels", default=None)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A photo re-encoded without anything but its pixels, its thumbnail, and what the camera had written."""

    data: bytes
    thumb: bytes
    width: int
    height: int
    lat: float | None
    lng: float | None
    taken_at: datetime | None


@contextmanager
def spending(spend: Spend) -> Iterator[None]:
    """While this lasts, `spend` is asked before a photo of that many pixels is decoded; it raises to refuse."""
    token = _spend.set(spend)
    try:
        yield
    finally:
        _spend.reset(token)


def make(data: bytes, *, most_mb: int) -> Made:
    """Check and re-encode one photo: WebP, longest side 1600 px, upright, stripped; a thumbnail of 360 px.

    Raises Invalid, in words, for what is too large, no photo, damaged, or has more pixels than any phone takes;
    Unavailable when too many wait already; and what `spending` raises.
    """
    _check_size(data, most_mb)
    try:
        decoded = decoders.decode(data, _spend.get() or _free)
    except Undecodable as error:
        raise _refused(error.code) from error
    return _believed(decoded)


def sane_time(text: str, offset: str = "") -> datetime | None:
    """When a camera says it was, from Exif's `2026:11:22 16:30:05` and `+07:00`; None outside of what can be.

    Between 1990 and tomorrow: nothing else is stored, since not every value that a date can have comes back from
    every program that reads it. Without an offset it is the regency's own time.
    """
    try:
        found = datetime.strptime(f"{text}{offset or '+0000'}", "%Y:%m:%d %H:%M:%S%z")
        at = found if offset else found.replace(tzinfo=clock.local_zone())
        is_sane = at.year >= _FIRST_CAMERA and at <= clock.now() + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return at if is_sane else None


def _free(_pixels: int) -> None:
    """Outside of requests nobody counts: the demo, commands, tests."""


def _believed(decoded: Decoded) -> Made:
    lat, lng = decoded.lat, decoded.lng
    if lat is None or lng is None or not (isfinite(lat) and isfinite(lng)):
        lat = lng = None
    return Made(
        data=decoded.data,
        thumb=decoded.thumb,
        width=decoded.width,
        height=decoded.height,
        lat=lat,
        lng=lng,
        taken_at=sane_time(decoded.camera_time, decoded.offset),
    )


def _refused(code: str) -> Invalid:
    if code == "photo_pixels":
        return Invalid(_("This photo has too many pixels. Choose a smaller one."), code=code)
    if code == "photo_damaged":
        return Invalid(
            _(
                "This photo is damaged or of a kind that cannot be read here. Choose another, or save it as JPEG."
            ),
            code=code,
        )
    return Invalid(
        _("This file is not a photo that can be read. Choose a photo in JPEG, PNG, WebP or HEIC."), code=code
    )


def _check_size(data: bytes, most_mb: int) -> None:
    if len(data) > most_mb * _BYTES_PER_MB:
        size = max(most_mb + 1, round(len(data) / _BYTES_PER_MB))
        raise Invalid(
            _("The photo is too large: %(size)d MB, at most %(most)d MB.") % {"size": size, "most": most_mb},
            code="photo_large",
        )
