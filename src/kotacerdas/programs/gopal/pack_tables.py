"""Gopal's own table in pack.toml: `[gopal]`."""

from __future__ import annotations

from dataclasses import dataclass

from kotacerdas.kernel.packtables import Table, pack_table


@dataclass(frozen=True, kw_only=True)
class Desludging:
    """How desludging is done in a regency; units are in the names.

    agency              whose trucks go out: its desk takes orders
    round_years         a tank is emptied at least so often (Permen PUPR 4/2017: 3)
    tolerance_percent   of what was pumped: a greater difference is explained
    fall_litres         a truck's level that falls by more than this within `fall_minutes` is emptying
    fence_m             how far round a plant that is no question
    longest_hose_m      beyond it a tank cannot be reached
    minutes_a_tank      how long emptying takes
    slots               times of a day that are promised, as "08:00-10:00"
    orders_a_slot       so many for each truck on shift
    cancel_hours        free until so many hours before the slot
    """

    agency: str = ""
    round_years: int = 3
    tolerance_percent: int = 5
    fall_litres: int = 200
    fall_minutes: int = 15
    fence_m: int = 150
    longest_hose_m: int = 75
    minutes_a_tank: int = 35
    slots: tuple[str, ...] = ("08:00-10:00", "10:00-12:00", "13:00-15:00")
    orders_a_slot: int = 2
    cancel_hours: int = 2


TABLES = (Table("gopal", Desludging),)


def desludging() -> Desludging:
    """What the pack says of desludging."""
    return pack_table(Desludging)
