"""What a programme's money says: absorption, cost per result, and whether the rest fits. Whole rupiah; None is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

MOST = 10**15


@dataclass(frozen=True, kw_only=True)
class Spending:
    """A programme's money in a year, added up over its lines; a sum with an unknown line is unknown."""

    planned: int | None
    revised: int | None
    realised: int | None

    @property
    def budgeted(self) -> int | None:
        """What holds now: the revised budget, else the planned one."""
        return self.planned if self.revised is None else self.revised


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Whether what is still to be reached fits what is still budgeted, at today's cost per result."""

    cost: Fraction
    remaining: Decimal
    needed: int
    left: int

    @property
    def fits(self) -> bool:
        return self.needed <= self.left


def summed(amounts: list[int | None]) -> int | None:
    """A sum of which every part is known; None otherwise, and for no part at all."""
    known = [one for one in amounts if one is not None]
    return sum(known) if known and len(known) == len(amounts) else None


def absorption(spending: Spending) -> Fraction | None:
    """Realised ÷ budgeted, 0 to 1; None where either is unknown or nothing was budgeted."""
    if spending.realised is None or not spending.budgeted:
        return None
    return Fraction(spending.realised, spending.budgeted)


def cost_per_result(spending: Spending, results: Decimal | None) -> Fraction | None:
    """Rupiah realised for each result of the same period; None without results or realisation."""
    if spending.realised is None or results is None or results <= 0:
        return None
    return spending.realised / Fraction(results)


def fit(spending: Spending, results: Decimal | None, target: Decimal | None) -> Fit | None:
    """What the rest of the target would need beside what is left; None where a part of the sum is unknown."""
    cost = cost_per_result(spending, results)
    if cost is None or target is None or results is None or spending.budgeted is None:
        return None
    remaining = max(Decimal(0), target - results)
    needed = cost * Fraction(remaining)
    return Fit(
        cost=cost,
        remaining=remaining,
        needed=-(-needed.numerator // needed.denominator),
        left=spending.budgeted - (spending.realised or 0),
    )


def fault_of_amounts(
    planned: int | None, revised: int | None, realised: int | None
) -> tuple[str, str] | None:
    """The first amount that cannot be, and why: (field, words); None where all can."""
    for name, value in (("planned", planned), ("revised", revised), ("realised", realised)):
        if value is not None and not 0 <= value <= MOST:
            return name, _("an amount is a whole number of rupiah from 0 to 1,000,000,000,000,000")
    budgeted = planned if revised is None else revised
    if realised is not None and budgeted is not None and realised > budgeted:
        return "realised", _("more was realised than budgeted; enter the revised budget first")
    return None
