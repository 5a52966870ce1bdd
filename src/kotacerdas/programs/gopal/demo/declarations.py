"""The demo's part of a pack: stations and trucks in `demo.toml`. All of them are examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kotacerdas.kernel.pack import Section


@dataclass(frozen=True, kw_only=True)
class StationRow:
    """An invented station. opens, closes  on workdays, as 07:00; minutes  of an unloading; litres  that it takes a day"""

    code: str
    name: str
    agency: str
    kind: Literal["home", "plant"]
    lat: float
    lng: float
    opens: str
    closes: str
    minutes: int = 0
    litres: int = 0


@dataclass(frozen=True, kw_only=True)
class TruckRow:
    """An invented truck. operator  the account that drives it; one without a sign-in is made where the cast has none"""

    name: str
    asset_number: str
    home: str
    litres: int
    operator: str
    skill: Literal["", "narrow_road"] = ""


SECTIONS = (
    Section(
        name="sludge_stations",
        file="demo.toml",
        row=StationRow,
        key=("code",),
        refs={"agency": "agencies.code"},
        optional=True,
    ),
    Section(
        name="sludge_trucks",
        file="demo.toml",
        row=TruckRow,
        key=("asset_number",),
        refs={"home": "sludge_stations.code"},
        optional=True,
    ),
)
