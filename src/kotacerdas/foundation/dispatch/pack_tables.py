"""The pack's own table of dispatch: how travel is reckoned where no road network is asked."""

from __future__ import annotations

from dataclasses import dataclass

from kotacerdas.kernel.packtables import Table


@dataclass(frozen=True, kw_only=True)
class Travel:
    """[dispatch] of pack.toml. A road is so much longer than the great circle, and so fast on the whole."""

    detour_percent: int = 130
    speed_kmh: int = 30


TABLES = (Table("dispatch", Travel),)
