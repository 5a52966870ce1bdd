"""The pack's own table of dispatch: how travel is reckoned where no road network is asked, and what a plan costs."""

from __future__ import annotations

from dataclasses import dataclass

from kotacerdas.kernel.packtables import Table


@dataclass(frozen=True, kw_only=True)
class DispatchTable:
    """[dispatch] of pack.toml. A road is so much longer than the great circle, and so fast on the whole.

    metre_cost, second_cost, unit_cost  what plans are compared by: metres driven, seconds out, units used
    """

    detour_percent: int = 130
    speed_kmh: int = 30
    metre_cost: int = 1
    second_cost: int = 1
    unit_cost: int = 0


TABLES = (Table("dispatch", DispatchTable),)
