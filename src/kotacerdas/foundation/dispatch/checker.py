"""Proves a plan against its problem, rule by rule, from the declarations alone.

Independent: own code, and nothing of the solver, of its timing or of its repairs is imported. An empty list is the proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kotacerdas.foundation.dispatch.declarations import Figures, Problem, Route, Solution


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """A rule that a plan breaks: its code, where (vehicle, task, site, number of the stop), and the figures."""

    code: str
    where: Figures
    figures: Figures


def check(problem: Problem, solution: Solution) -> list[Violation]:
    """Every violation of every rule in a plan; none when it can be driven as it stands."""
    raise NotImplementedError


def check_together(plans: Iterable[tuple[str, Sequence[Route]]]) -> list[Violation]:
    """Vehicles that stand in two plans of one day."""
    raise NotImplementedError


def check_frozen(before: Sequence[Route], after: Sequence[Route], frozen: dict[str, int]) -> list[Violation]:
    """Stops that were done or under way, so many of each vehicle, and are other ones in the plan after."""
    raise NotImplementedError
