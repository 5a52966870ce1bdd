"""From bytes that claim to be a photo to bytes we made ourselves. Pure: no store, no disk.

What a file is, is found by decoding it; its name and the type the browser claims are not asked.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from threading import Lock

import pi_heif
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
MEDIA_TYPE = "image/webp"
LONGEST_SIDE, QUALITY = 1600, 80
THUMB_SIDE, THUMB_BYTES = 360, 15 * 1024
# What a phone's camera makes; more is a bomb or a poster. A baseline JPEG is decoded small, so it may be
# large; everything else is decoded whole first, at 3 or 4 bytes a pixel (24.5 million: a phone's usual HEIC).
MOST_PIXELS_JPEG, MOST_PIXELS = 64_000_000, 24_500_000
_THUMB_QUALITIES = (70, 60, 50, 40, 30, 20, 10)
_BYTES_PER_MB = 1024 * 1024

_one_at_a_time = Lock()  # a process decodes one photo at a time: memory is bounded by one, not by all threads

pi_heif.register_heif_opener()


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


def make(data: bytes, *, most_mb: int) -> Made:
    """Check and re-encode one photo: WebP, longest side 1600 px, upright, stripped; a thumbnail of 360 px.

    Raises Invalid, in words, for what is too large, no photo, damaged, or has more pixels than any phone takes.
    """
    _check_size(data, most_mb)
    with _one_at_a_time:
        return _made(data)


def _made(data: bytes) -> Made:
    with _readable(), Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > _most_pixels(opened):
            raise Invalid(_("This photo has too many pixels. Choose a smaller one."), code="photo_pixels")
        exif = opened.getexif()
        lat, lng = _place(exif)
        taken_at = _taken(exif)
        _shrink(opened)
        plain = _on_white(ImageOps.exif_transpose(opened))
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    whole = _encoded(plain, QUALITY)
    return Made(
        data=whole,
        thumb=_thumb(plain),
        width=plain.width,
        height=plain.height,
        lat=lat,
        lng=lng,
        taken_at=taken_at,
    )


def _most_pixels(opened: Image.Image) -> int:
    """A progressive JPEG keeps all its coefficients in memory, however small it is decoded."""
    is_baseline = opened.format == "JPEG" and not opened.info.get("progressive")
    return MOST_PIXELS_JPEG if is_baseline else MOST_PIXELS


def _shrink(opened: Image.Image) -> None:
    """Decode and shrink in place, before anything makes a second image of full size.

    To 1600 px; what has a palette or is transparent, which LANCZOS would first copy whole, to 3200.
    """
    share = LONGEST_SIDE / max(LONGEST_SIDE, *opened.size)
    wanted = (ceil(opened.width * share), ceil(opened.height * share))
    opened.draft("RGB", wanted)  # JPEG alone: decodes at 1/2, 1/4 or 1/8, never below what is wanted
    opened.load()  # a second draft, as `thumbnail` makes one, would undo the first
    if opened.mode in ("1", "P", "PA", "LA", "RGBA"):
        opened.thumbnail((2 * LONGEST_SIDE, 2 * LONGEST_SIDE), Image.Resampling.NEAREST)
    else:
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)


def _check_size(data: bytes, most_mb: int) -> None:
    if len(data) > most_mb * _BYTES_PER_MB:
        size = max(most_mb + 1, round(len(data) / _BYTES_PER_MB))
        raise Invalid(
            _("The photo is too large: %(size)d MB, at most %(most)d MB.") % {"size": size, "most": most_mb},
            code="photo_large",
        )


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever a decoder stumbles over becomes one sentence for people."""
    try:
        yield
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
        RuntimeError,
        EOFError,
    ) as error:
        raise Invalid(
            _("This file is not a photo that can be read. Choose a photo in JPEG, PNG, WebP or HEIC."),
            code="photo_unreadable",
        ) from error


def _on_white(image: Image.Image) -> Image.Image:
    """A new RGB image of the pixels alone; what was transparent becomes white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        with_alpha = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return ground
    plain = image.convert("RGB")
    plain.info = {}
    return plain


def _encoded(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


def _thumb(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    for quality in _THUMB_QUALITIES:
        made = _encoded(small, quality)
        if len(made) <= THUMB_BYTES:
            break
    return made


def _place(exif: Image.Exif) -> tuple[float | None, float | None]:
    """Degrees (WGS 84) from the GPS block (Exif 2.32, 4.6.6), or two None where it says nothing sensible."""
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    with suppress(KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], str(gps.get(ExifTags.GPS.GPSLatitudeRef, "N")))
        lng = _degrees(gps[ExifTags.GPS.GPSLongitude], str(gps.get(ExifTags.GPS.GPSLongitudeRef, "E")))
        if -90 <= lat <= 90 and -180 <= lng <= 180 and (lat or lng):
            return lat, lng
    return None, None


def _degrees(parts: tuple[float, float, float], ref: str) -> float:
    value = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    return round(-value if ref[:1].upper() in ("S", "W") else value, 6)


def _taken(exif: Image.Exif) -> datetime | None:
    """When the shutter opened: with the camera's own offset where it writes one, else the regency's zone."""
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    with suppress(ValueError, TypeError):
        text = str(inner.get(ExifTags.Base.DateTimeOriginal) or "").strip("\x00 ")
        offset = str(inner.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\x00 ")
        if text and offset:
            return datetime.strptime(text + offset, "%Y:%m:%d %H:%M:%S%z")
        if text:
            return datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=clock.local_zone())
    return None
