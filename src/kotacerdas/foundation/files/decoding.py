"""The one place where strangers' bytes are decoded: a process of its own, without secrets, store or open files.

`decoders.py` starts it as `python -m kotacerdas.foundation.files.decoding` and talks through its pipes:

    asked     4 bytes of length, the bytes of the file
    answered  a line of JSON: {"pixels": n}, or {"error": code} and nothing follows
    asked     one byte: "1" goes on, anything else drops the file
    answered  a line of JSON: {"error": code}, or `Decoded` without its bytes and their two lengths; then the bytes

What a file is, is found by decoding it; its name and the type the browser claims are not asked.
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from math import ceil
from typing import Any, BinaryIO

import pi_heif
from PIL import ExifTags, Image, ImageCms, ImageMath, ImageOps

from kotacerdas.foundation.files.decoded import THUMB_SIDE, Decoded, Undecodable

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
LONGEST_SIDE, QUALITY = 1600, 80
THUMB_BYTES = 15 * 1024
# What a phone's camera makes; more is a bomb or a poster. A baseline JPEG is decoded small, so it may be
# large; everything else is decoded whole first, at 3 or 4 bytes a pixel (24.5 million: a phone's usual HEIC).
MOST_PIXELS_JPEG, MOST_PIXELS = 64_000_000, 24_500_000
MOST_MEMORY_BYTES = (
    1024 * 1024 * 1024
)  # of addresses, libraries included; a file of 24.5 million pixels takes half
_THUMB_QUALITIES = (70, 60, 50, 40, 30, 20, 10)
MOST_CPU_SECONDS = 15  # of one file; two are usual for 24 million pixels
_NICENESS = 10

_BROKEN_WORDS = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, struct.error)
_MODE_OF_PROFILE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}

pi_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # the limits above count; Pillow's own would call a large photo unreadable


def pixels_of(data: bytes) -> int:
    """The number of pixels that the file's head announces. Raises Undecodable for what is no photo, or too many."""
    with _opened(data) as opened:
        return opened.width * opened.height


def decode(data: bytes) -> Decoded:
    """Re-encode one photo: WebP, longest side 1600 px, upright, in sRGB, stripped; a thumbnail of 360 px.

    Raises Undecodable.
    """
    with _opened(data) as opened, _told("photo_damaged"):
        (lat, lng), (camera_time, offset) = _camera_words(opened)
        small = _shrunk(opened)
        opened.close()
        with suppress(*_BROKEN_WORDS):
            ImageOps.exif_transpose(small, in_place=True)
        plain = _in_srgb(_on_white(small), small.info.get("icc_profile"))
        del small
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        return Decoded(
            data=_encoded(plain, QUALITY),
            thumb=_thumb(plain),
            width=plain.width,
            height=plain.height,
            lat=lat,
            lng=lng,
            camera_time=camera_time,
            offset=offset,
        )


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """The photo with its head read alone. Raises Undecodable for what is no photo, or has too many pixels."""
    with _told("photo_unreadable"):
        opened = Image.open(io.BytesIO(data), formats=FORMATS)
    with opened:
        if opened.width * opened.height > _most_pixels(opened):
            raise Undecodable("photo_pixels")
        yield opened


def _most_pixels(opened: Image.Image) -> int:
    """A progressive JPEG keeps all its coefficients in memory, however small it is decoded.

    An MPO is a JPEG with further pictures behind it, which are not read.
    """
    is_baseline = opened.format in ("JPEG", "MPO") and not opened.info.get("progressive")
    return MOST_PIXELS_JPEG if is_baseline else MOST_PIXELS


def _shrunk(opened: Image.Image) -> Image.Image:
    """Decoded and shrunk, before anything makes a second image of full size; an image that no longer knows its file.

    To 1600 px; what has a palette or is transparent, which LANCZOS would first copy whole, to 3200.
    """
    opened.draft(
        "RGB", _within(opened.size, LONGEST_SIDE)
    )  # JPEG alone: at 1/2, 1/4 or 1/8, never below this
    opened.load()  # a HEIC may turn out to have another size than its head says
    if opened.mode in ("1", "P", "PA", "LA", "RGBA") or "transparency" in opened.info:
        return opened.resize(_within(opened.size, 2 * LONGEST_SIDE), Image.Resampling.NEAREST)
    return opened.resize(_within(opened.size, LONGEST_SIDE), Image.Resampling.LANCZOS)


def _within(size: tuple[int, int], longest: int) -> tuple[int, int]:
    share = min(1.0, longest / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


@contextmanager
def _told(code: str) -> Iterator[None]:
    """Whatever a decoder stumbles over is one answer; decoders raise nearly anything over hostile bytes."""
    try:
        yield
    except Undecodable:
        raise
    except MemoryError as error:
        raise Undecodable("photo_pixels") from error
    except Exception as error:
        raise Undecodable(code) from error


def _on_white(image: Image.Image) -> Image.Image:
    """The image in L, RGB or CMYK of eight bits; what was transparent becomes white."""
    if image.mode.startswith("I"):
        return _eight_bits(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        return _white_behind(
            _readable_key(image).convert("RGBA"), "L" if image.mode in ("L", "LA") else "RGB"
        )
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _white_behind(with_alpha: Image.Image, mode: str) -> Image.Image:
    ground = Image.new("RGB", with_alpha.size, "white")
    ground.paste(with_alpha, mask=with_alpha.getchannel("A"))
    return ground if mode == "RGB" else ground.convert(mode)


def _readable_key(image: Image.Image) -> Image.Image:
    """The colour that is transparent, which a PNG of sixteen bits writes in sixteen, in eight as its pixels are."""
    key = image.info.get("transparency")
    if isinstance(key, tuple) and max(key) > 255:
        image.info["transparency"] = tuple(one >> 8 for one in key)
    return image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of sixteen bits in eight: `convert` alone would cut at 255, and everything would be white."""
    grey, key = image.convert("I"), image.info.get("transparency")
    shown = grey.point(lambda value: value * (1 / 256)).convert("L")
    if isinstance(key, int):
        hidden = ImageMath.lambda_eval(lambda given: (given["grey"] == key) * 255, grey=grey)
        shown.paste(255, mask=hidden.convert("L"))
    return shown


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The pixels alone, in RGB: converted from the colours of the profile; one that does not fit is passed over."""
    plain = image
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = _MODE_OF_PROFILE.get(theirs.profile.xcolor_space.strip(), "")
            if mode == image.mode or (mode, image.mode) == ("RGB", "L"):
                converted = ImageCms.profileToProfile(
                    image.convert(mode), theirs, ImageCms.createProfile("sRGB"), outputMode="RGB"
                )
                plain = converted or image
    plain = plain.convert("RGB")
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


def _camera_words(opened: Image.Image) -> tuple[tuple[float | None, float | None], tuple[str, str]]:
    """Place and time as the camera wrote them; where its block is broken, the photo is good without them."""
    with suppress(*_BROKEN_WORDS):
        exif = opened.getexif()
        return _place(exif), _camera_time(exif)
    return (None, None), ("", "")


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


def _camera_time(exif: Image.Exif) -> tuple[str, str]:
    """When the shutter opened, and the camera's own offset where it writes one, as it wrote them."""
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    tags = (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal)
    text, offset = (str(inner.get(tag) or "").strip("\x00 ")[:40] for tag in tags)
    return text, offset


def main() -> int:
    """Serve one file after another until the other side closes the pipe."""
    confine()
    asked, answered = sys.stdin.buffer, sys.stdout.buffer
    while len(head := asked.read(4)) == 4:
        data = asked.read(int.from_bytes(head, "big"))
        _limit_processor()
        with suppress(Undecodable):
            _answer(data, asked, answered)
        del data
        gc.collect()
    return 0


def confine() -> None:
    """Behind everybody else for the processor, with little memory, and no file to write."""
    os.nice(_NICENESS)
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS knows no RLIMIT_AS
            resource.setrlimit(kind, (most, most))


def _limit_processor() -> None:
    """So many seconds of a processor from now on, however busy the machine is; then the system ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = ceil(used.ru_utime + used.ru_stime) + MOST_CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _answer(data: bytes, asked: BinaryIO, answered: BinaryIO) -> None:
    with _errors_answered(answered):
        pixels = pixels_of(data)
    _say(answered, {"pixels": pixels})
    if asked.read(1) != b"1":
        return
    with _errors_answered(answered):
        made = decode(data)
    head = asdict(made)
    whole, thumb = head.pop("data"), head.pop("thumb")
    _say(answered, {**head, "bytes": len(whole), "thumb_bytes": len(thumb)}, whole, thumb)


@contextmanager
def _errors_answered(answered: BinaryIO) -> Iterator[None]:
    try:
        yield
    except Undecodable as error:
        _say(answered, {"error": error.code})
        raise


def _say(answered: BinaryIO, head: dict[str, Any], *parts: bytes) -> None:
    answered.write(json.dumps(head).encode() + b"\n")
    for part in parts:
        answered.write(part)
    answered.flush()


if __name__ == "__main__":
    sys.exit(main())
