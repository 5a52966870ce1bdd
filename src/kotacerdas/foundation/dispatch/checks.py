"""Start-up check of the pack's numbers by which plans are reckoned."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error

from kotacerdas.foundation.dispatch.pack_tables import DispatchTable
from kotacerdas.kernel.pack import PackError
from kotacerdas.kernel.packtables import pack_table


def pack_numbers(**_: Any) -> list[Error]:
    """dispatch.E001: `[dispatch]` in pack.toml has numbers that no plan can be made by."""
    try:
        table = pack_table(DispatchTable)
    except PackError:  # told by whoever loads the pack, with file and line
        return []
    return [
        Error(f"pack.toml, [dispatch]: {flaw}", hint="Correct it, or leave it out.", id="dispatch.E001")
        for flaw in flaws(table)
    ]


def flaws(table: DispatchTable) -> list[str]:
    """What is wrong with the numbers."""
    found = []
    if not 100 <= table.detour_percent <= 500:
        found.append("detour_percent lies between 100 and 500: a road is not shorter than the great circle")
    if not 1 <= table.speed_kmh <= 150:
        found.append("speed_kmh lies between 1 and 150")
    costs = (table.metre_cost, table.second_cost, table.unit_cost)
    if min(costs) < 0 or not any(costs[:2]):
        found.append("no cost is negative, and a metre or a second costs something")
    return found
