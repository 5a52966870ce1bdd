"""What passes between a decoder and its other side. Without Pillow, which only the decoder loads."""

from __future__ import annotations

from dataclasses import dataclass

THUMB_SIDE = 360


class Undecodable(Exception):
    """`code` says why: photo_unreadable (no photo), photo_damaged (its head alone was read) or photo_pixels."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A photo re-encoded without anything but its pixels, its thumbnail, and what the camera had written, unjudged.

    camera_time  as Exif writes it, `2026:11:22 16:30:05`; offset  `+07:00` or ""
    """

    data: bytes
    thumb: bytes
    width: int
    height: int
    lat: float | None
    lng: float | None
    camera_time: str
    offset: str
