"""The checker passes sound plans, and rejects 200 spoilt ones, each for its own reason."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from kotacerdas.foundation.dispatch.checker import check, check_frozen, check_together
from kotacerdas.foundation.dispatch.pyvrp_solver import PyVRP
from kotacerdas.foundation.dispatch.tests.invented import day
from kotacerdas.foundation.dispatch.tests.mutations import MUTATIONS

EACH = 5
DAYS = (
    {"seed": 1, "tasks": 12, "trucks": 3},
    {"seed": 2, "tasks": 24, "trucks": 3},
    {"seed": 3, "tasks": 16, "trucks": 3, "sites": 2, "second": 1},
    {"seed": 4, "tasks": 18, "trucks": 4, "limit": 20_000},
)


@cache
def sound(number: int):
    problem = day(**DAYS[number])
    return problem, PyVRP(steps=150).solve(problem, seconds=60, seed=1)


def spoilt(mutation, turn: int):
    """A plan spoilt by a mutation: the days are tried in turn until one has something to spoil."""
    random = Random(f"{mutation.name} {turn}")
    for shift in range(len(DAYS)):
        found = mutation.spoil(random, *sound((turn + shift) % len(DAYS)))
        if found is not None:
            return found
    raise AssertionError("no day has anything of the kind")


@pytest.mark.parametrize("number", range(len(DAYS)))
def test_a_sound_plan_breaks_no_rule(number):
    assert check(*sound(number)) == []


def test_there_are_two_hundred_spoilt_plans():
    assert len(MUTATIONS) * EACH >= 200


@pytest.mark.parametrize("turn", range(EACH))
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_spoilt_plan_is_rejected_for_the_right_reason(mutation, turn):
    codes = {one.code for one in check(*spoilt(mutation, turn))}
    assert mutation.code in codes
    assert codes <= {mutation.code} | mutation.also


def test_a_violation_says_where_and_by_how_much():
    mutation = next(one for one in MUTATIONS if one.name == "a_tank_runs_over")
    problem, solution = spoilt(mutation, 1)
    found = check(problem, solution)[0]
    capacity = next(one.capacity for one in problem.vehicles if one.id == found.where["vehicle"])
    assert found.where["task"] in {one.id for one in problem.tasks}
    assert found.figures["capacity"] == capacity < found.figures["load"]


def test_a_vehicle_in_two_plans_is_found():
    _problem, solution = sound(0)
    one, *others = solution.routes
    found = check_together([("morning", solution.routes), ("evening", (one,))])
    assert [(violation.code, violation.where["vehicle"]) for violation in found] == [
        ("two_plans", one.vehicle)
    ]
    assert check_together([("morning", others), ("evening", (one,))]) == []


def test_a_stop_that_was_done_may_not_change():
    _problem, solution = sound(0)
    route = solution.routes[0]
    later = type(route)(vehicle=route.vehicle, stops=(route.stops[0], *route.stops[2:]))
    done = {route.vehicle: 2}
    assert [one.code for one in check_frozen(solution.routes, (later,), done)] == ["frozen"]
    assert check_frozen(solution.routes, solution.routes, done) == []
    assert check_frozen(solution.routes, (later,), {route.vehicle: 1}) == []
