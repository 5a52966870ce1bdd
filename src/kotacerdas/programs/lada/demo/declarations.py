"""The demo's part of a pack: rooms and kinds of goods in `demo.toml`. All of them are examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kotacerdas.kernel.pack import Section

Picture = Literal["", "car", "motorcycle", "truck", "laptop", "building", "land", "road", "water", "machine"]


@dataclass(frozen=True, kw_only=True)
class RoomRow:
    """An invented room of an agency."""

    agency: str
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class KindRow:
    """So many invented goods of one kind at an agency.

    least, most  of the price in whole rupiah; since  the first year of acquisition
    stands       in rooms, in villages, or nowhere that is known
    prefix       of their plates, where they have any; picture  the drawing that stands in for their photos
    """

    agency: str
    goods_code: str
    name: str
    count: int
    least: int
    most: int
    since: int
    stands: Literal["room", "village", ""] = ""
    brand: str = ""
    prefix: str = ""
    picture: Picture = ""


SECTIONS = (
    Section(
        name="asset_rooms",
        file="demo.toml",
        row=RoomRow,
        key=("agency", "code"),
        refs={"agency": "agencies.code"},
        optional=True,
    ),
    Section(
        name="asset_kinds",
        file="demo.toml",
        row=KindRow,
        key=("agency", "goods_code", "name"),
        refs={"agency": "agencies.code", "goods_code": "goods_codes.code"},
        optional=True,
    ),
)
