"""The port of solvers: what the house asks of whoever makes plans. `pyvrp_solver` is the one in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from kotacerdas.foundation.dispatch.declarations import Problem, Route, Solution


class Progress(NamedTuple):
    """How far a solver is: percent of its time, tasks in no route yet, cost of the best plan so far (None: none yet)."""

    percent: int
    unplanned: int | None
    cost: int | None


class Solver(Protocol):
    """Makes a plan of a problem. The same problem, seed and steps give the same plan; time alone may differ."""

    def solve(
        self,
        problem: Problem,
        *,
        seconds: float,
        seed: int = 1,
        since: Sequence[Route] = (),
        on_progress: Callable[[Progress], None] = lambda _progress: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Solution:
        """The best plan found within so many seconds. Every task is in a route, or unplanned with its reason.

        since  routes to go on from, as far as they can still be driven: what is found differs less from them

        Raises ValueError for a problem with flaws, Cancelled when it was told to stop.
        """
        ...


class Cancelled(Exception):
    """The solver was told to stop, and has no plan."""
