"""Problems and solutions as JSON: between the worker and the process that solves."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from kotacerdas.foundation.dispatch.declarations import (
    Break,
    Costs,
    Matrix,
    Place,
    Problem,
    Reason,
    ReloadSite,
    Route,
    Solution,
    Stop,
    Task,
    Unplanned,
    Vehicle,
    Window,
)


def problem_text(problem: Problem) -> str:
    """A problem on one line."""
    return json.dumps(asdict(problem), default=_plain)


def problem_from(given: dict[str, Any]) -> Problem:
    """A problem as `problem_text` wrote it."""
    return Problem(
        day=date.fromisoformat(given["day"]),
        tasks=tuple(_task(one) for one in given["tasks"]),
        vehicles=tuple(_vehicle(one) for one in given["vehicles"]),
        sites=tuple(
            ReloadSite(**{**one, "place": Place(*one["place"]), "hours": _windows(one["hours"])})
            for one in given["sites"]
        ),
        travel=Matrix(
            places=tuple(Place(*one) for one in given["travel"]["places"]),
            seconds=tuple(map(tuple, given["travel"]["seconds"])),
            metres=tuple(map(tuple, given["travel"]["metres"])),
            source=given["travel"]["source"],
            remark=given["travel"]["remark"],
        ),
        costs=Costs(**given["costs"]),
    )


def routes_from(given: list[dict[str, Any]]) -> tuple[Route, ...]:
    """Routes as `asdict` has them."""
    return tuple(
        Route(vehicle=one["vehicle"], stops=tuple(Stop(**stop) for stop in one["stops"])) for one in given
    )


def solution_text(solution: Solution) -> str:
    """A solution on one line."""
    return json.dumps(asdict(solution), default=_plain)


def solution_from(given: dict[str, Any]) -> Solution:
    """A solution as `solution_text` wrote it."""
    return Solution(
        routes=routes_from(given["routes"]),
        unplanned=tuple(
            Unplanned(task=one["task"], reason=Reason(**one["reason"])) for one in given["unplanned"]
        ),
        cost=given["cost"],
        left_loaded=tuple(given["left_loaded"]),
    )


def _task(one: dict[str, Any]) -> Task:
    promised = one["promised"]
    return Task(
        **{
            **one,
            "place": Place(*one["place"]),
            "windows": _windows(one["windows"]),
            "skills": frozenset(one["skills"]),
            "promised": Window(*promised) if promised is not None else None,
        }
    )


def _vehicle(one: dict[str, Any]) -> Vehicle:
    return Vehicle(
        **{
            **one,
            "shift": Window(*one["shift"]),
            "start": Place(*one["start"]),
            "end": Place(*one["end"]),
            "skills": frozenset(one["skills"]),
            "breaks": tuple(Break(*each) for each in one["breaks"]),
        }
    )


def _windows(given: list[list[int]]) -> tuple[Window, ...]:
    return tuple(Window(*one) for one in given)


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
