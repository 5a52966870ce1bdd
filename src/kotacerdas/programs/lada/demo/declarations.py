"""The demo's part of a pack: rooms and kinds of goods in `demo.toml`. All of them are examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kotacerdas.kernel.pack import Section

Picture = Literal["", "car", "motorcycle", "truck", "laptop", "building", "land", "road", "water", "machine"]


@dataclass(frozen=True, kw_only=True)
class RoomRow:
    """An invented room of an agency; goods with a plate stand in a garage, others elsewhere."""

    agency: str
    code: str
    name: str
    is_garage: bool = False


@dataclass(frozen=True, kw_only=True)
class KindRow:
    """So many invented goods of one kind at an agency.

    least, most  of the price in whole rupiah; since  the first year of acquisition
    stands       in rooms, in villages, or nowhere that is known; with a plate in a garage
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


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """An invented change to goods of an agency: to the first `count` whose code begins so, and that are free for it.

    days    before the present; what would lie in the books before the locked semester comes on its first day
    ends    how far it has come: proposed, approved (a transfer, which waits for its receiver), done, refused
    amount  of one good in whole rupiah; to  the agency that receives, or who gets it into custody
    words   on what it rests; of a refusal its reason; is_paper  its act is issued
    """

    agency: str
    kind: Literal[
        "acquire",
        "transfer",
        "move",
        "hand_over",
        "exploit",
        "condition",
        "maintain",
        "capitalise",
        "certify",
        "dispose",
    ]
    goods_code: str
    count: int
    days: int
    ends: Literal["proposed", "approved", "done", "refused"] = "done"
    name: str = ""
    amount: int = 0
    to: str = ""
    words: str = ""
    is_paper: bool = False


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
    Section(
        name="asset_changes",
        file="demo.toml",
        row=ChangeRow,
        key=("agency", "kind", "goods_code", "days"),
        refs={"agency": "agencies.code"},
        optional=True,
    ),
)
