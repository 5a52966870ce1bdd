"""The mass balance of a manifest: what was pumped, carried and received must agree within a tolerance. Pure; in litres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SideName = Literal["carried", "received"]


@dataclass(frozen=True, kw_only=True)
class Side:
    """What one meter says beside what was pumped.

    off  litres beside the pumped ones: less than 0 where some are missing
    """

    name: SideName
    litres: int
    off: int
    percent: float
    is_within: bool


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Pumped by the forms, and what sensor and meter say of it.

    tolerance_l  how far a side may be off
    sides        of what is known so far: the truck's sensor, the plant's meter
    """

    pumped: int
    tolerance_percent: int
    sides: tuple[Side, ...]

    @property
    def tolerance_l(self) -> int:
        return self.pumped * self.tolerance_percent // 100

    @property
    def is_even(self) -> bool:
        """Whether every side that is known agrees."""
        return all(one.is_within for one in self.sides)

    @property
    def worst(self) -> Side | None:
        """The side that is farthest off beyond the tolerance; the plant's meter of two alike. None: all agree."""
        beyond = [one for one in self.sides if not one.is_within]
        return max(beyond, key=lambda one: (abs(one.off), one.name == "received"), default=None)

    @property
    def lost_on_the_way(self) -> int:
        """Litres that the truck carried at its fullest and the plant did not get; 0 where that is not known."""
        known = {one.name: one.litres for one in self.sides}
        return max(0, known.get("carried", 0) - known.get("received", known.get("carried", 0)))


def balance(*, pumped: int, carried: int | None, received: int | None, tolerance_percent: int) -> Balance:
    """What sensor and meter say beside the forms. A side that nobody measured is left out."""
    measured: tuple[tuple[SideName, int | None], ...] = (("carried", carried), ("received", received))
    sides = tuple(
        _side(name, litres, pumped, tolerance_percent) for name, litres in measured if litres is not None
    )
    return Balance(pumped=pumped, tolerance_percent=tolerance_percent, sides=sides)


def _side(name: SideName, litres: int, pumped: int, tolerance_percent: int) -> Side:
    off = litres - pumped
    return Side(
        name=name,
        litres=litres,
        off=off,
        percent=abs(off) * 100 / pumped if pumped else 0.0,
        is_within=abs(off) * 100 <= pumped * tolerance_percent,
    )
