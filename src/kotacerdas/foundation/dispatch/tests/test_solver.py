"""Every plan of the solver passes the checker, whatever the day; what is left out has its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kotacerdas.foundation.dispatch.checker import check, check_frozen
from kotacerdas.foundation.dispatch.declarations import Break, Place, ReloadSite, Task, Window
from kotacerdas.foundation.dispatch.insertion import Draft
from kotacerdas.foundation.dispatch.pyvrp_solver import PyVRP
from kotacerdas.foundation.dispatch.replan import Standing, rest_of, rest_of_routes, whole_day
from kotacerdas.foundation.dispatch.solver import Cancelled, Progress
from kotacerdas.foundation.dispatch.tests.invented import HOUR, PLANT, day, odd_day
from kotacerdas.foundation.dispatch.timing import items_of


def solved(problem, *, steps: int = 100):
    solution = PyVRP(steps=steps).solve(problem, seconds=60, seed=1)
    assert check(problem, solution) == []
    return solution


def left_out(solution) -> set[str]:
    return {one.task for one in solution.unplanned}


def draft_of(problem, solution) -> Draft:
    draft = Draft(problem)
    for route in solution.routes:
        draft.put(draft.timing.vehicles[route.vehicle], items_of(route), route)
    return draft


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 1_000_000), hour=st.integers(8, 15))
@example(1057, 8)
@example(1307, 12)
@example(1431, 12)
def test_whatever_the_day_neither_its_plan_nor_that_of_its_rest_breaks_a_rule(seed, hour):
    problem = odd_day(seed)
    solution = solved(problem, steps=20)
    assert all(one.reason.code for one in solution.unplanned)
    assert not any(
        draft_of(problem, solution).best_way(one) for one in problem.tasks if one.id in left_out(solution)
    )
    standings = [
        Standing(
            vehicle=route.vehicle,
            frozen=tuple(stop for stop in route.stops if stop.begin < hour * HOUR and stop.kind != "end"),
            is_out=(seed + number) % 4 > 0,
        )
        for number, route in enumerate(solution.routes)
    ]
    rest = rest_of(problem, standings, hour * HOUR)
    after = PyVRP(steps=5).solve(rest, seconds=60, since=rest_of_routes(solution.routes, standings))
    assert check(rest, after) == []
    whole = whole_day(rest, standings, after)
    assert check_frozen(solution.routes, whole, {one.vehicle: len(one.frozen) for one in standings}) == []


def test_the_same_day_and_seed_give_the_same_plan():
    problem = day(7, 14, 3)
    assert solved(problem) == solved(problem)


def test_a_day_that_can_be_done_is_done_whole():
    problem = day(1, 8, 3)
    assert (
        solved(
            replace(problem, tasks=tuple(replace(one, skills=frozenset()) for one in problem.tasks))
        ).unplanned
        == ()
    )


def test_a_truck_is_emptied_before_it_goes_home():
    for route in solved(day(1, 8, 3)).routes:
        assert [stop.kind for stop in route.stops if stop.kind != "break"][-2:] == ["reload", "end"]


def test_lunch_is_taken_by_everybody_who_works_past_it():
    for route in solved(day(11, 24, 2)).routes:
        assert sum(stop.kind == "break" for stop in route.stops) == 1


def test_a_site_that_closes_at_noon_gets_nothing_while_it_is_closed():
    problem = day(5, 14, 2, sites=2)
    for route in solved(replace(problem, sites=problem.sites[1:])).routes:
        for stop in route.stops:
            assert stop.kind != "reload" or stop.leave <= 11 * HOUR or stop.begin >= 13 * HOUR


def test_what_one_site_does_not_take_goes_to_the_other():
    problem = day(3, 10, 3, sites=2, limit=4_000)
    brought = {stop.ref for route in solved(problem).routes for stop in route.stops if stop.kind == "reload"}
    assert "far" in brought


def test_what_was_promised_goes_before_what_was_not():
    problem = day(21, 40, 1)
    promised = replace(
        problem.tasks[0],
        promised=Window(9 * HOUR, 12 * HOUR),
        windows=(),
        skills=frozenset(),
        pinned_unit=None,
        volume=1000,
    )
    others = tuple(replace(one, promised=None) for one in problem.tasks[1:])
    solution = solved(replace(problem, tasks=(promised, *others)))
    assert promised.id not in {one.task for one in solution.unplanned}
    assert solution.unplanned


def test_progress_is_told_and_cancelling_stops_the_search():
    told: list[Progress] = []
    PyVRP().solve(day(2, 10, 2), seconds=1.2, on_progress=told.append)
    assert told
    assert all(0 <= one.percent < 100 for one in told)
    with pytest.raises(Cancelled):
        PyVRP().solve(day(2, 10, 2), seconds=30, is_cancelled=lambda: True)


def test_a_problem_with_flaws_is_refused():
    problem = day(2, 4, 2)
    with pytest.raises(ValueError, match="no travel is known"):
        PyVRP().solve(replace(problem, tasks=(replace(problem.tasks[0], place=Place(0.0, 0.0)),)), seconds=1)


# --- reasons ---------------------------------------------------------------------------------


def one_task(**given):
    problem = day(1, 1, 2, lunch=False)
    task = Task(id="it", place=problem.tasks[0].place, volume=1000, seconds=1800, **given)
    return replace(problem, tasks=(task,))


def reason(problem):
    (one,) = solved(problem, steps=20).unplanned
    return one.reason


def test_a_skill_that_no_unit_has_is_named():
    found = reason(one_task(skills=frozenset({"boat"})))
    assert (found.code, found.figures) == ("skill", {"skill": "boat", "units": 2})


def test_a_volume_beyond_the_largest_unit_is_named():
    problem = one_task()
    big = replace(problem.tasks[0], volume=9000)
    found = reason(replace(problem, tasks=(big,)))
    largest = max(one.capacity for one in problem.vehicles)
    assert (found.code, found.figures) == ("volume", {"volume": 9000, "largest": largest})


def test_a_window_shorter_than_the_work_is_named():
    found = reason(one_task(windows=(Window(8 * HOUR, 8 * HOUR + 900),)))
    assert (found.code, found.figures) == ("window_too_short", {"seconds": 1800, "longest": 900})


def test_a_window_outside_all_shifts_is_named():
    found = reason(one_task(windows=(Window(20 * HOUR, 22 * HOUR),)))
    assert found.code == "outside_shifts"
    assert found.figures["end"] == 16 * HOUR


def test_a_unit_that_is_away_is_named():
    found = reason(one_task(pinned_unit="truck-9"))
    assert (found.code, found.figures) == ("pinned_unit_away", {"unit": "truck-9"})


def test_what_a_site_still_takes_is_told():
    problem = one_task()
    plant = replace(problem.sites[0], daily_limit=60_000, received=59_500)
    found = reason(replace(problem, sites=(plant,)))
    assert (found.code, found.figures) == (
        "intake",
        {"site": "plant", "left": 500, "limit": 60_000, "volume": 1000},
    )


def test_too_late_a_day_is_told_by_the_hour():
    problem = one_task()
    vehicles = tuple(replace(one, ready_at=14 * HOUR + 2400) for one in problem.vehicles)
    plant = ReloadSite(id="plant", place=PLANT, hours=(Window(0, 24 * HOUR),), seconds=1200)
    found = reason(replace(problem, vehicles=vehicles, sites=(plant,)))
    assert found.code == "too_far"
    assert found.figures["end"] > found.figures["shift_end"] == 16 * HOUR


def test_a_site_that_is_closed_on_arrival_is_told_by_the_hour():
    problem = one_task(windows=(Window(14 * HOUR + 1800, 16 * HOUR),))
    plant = replace(problem.sites[0], hours=(Window(8 * HOUR, 15 * HOUR),))
    found = reason(replace(problem, sites=(plant,)))
    assert found.code == "site_closed"
    assert found.figures["arrive"] > found.figures["closes"] - 1200


def test_a_full_day_says_who_would_end_when():
    problem = day(4, 40, 1, lunch=False)
    plain = tuple(
        replace(one, windows=(), promised=None, skills=frozenset(), pinned_unit=None) for one in problem.tasks
    )
    plant = replace(problem.sites[0], hours=(Window(0, 30 * HOUR),))
    found = solved(replace(problem, tasks=plain, sites=(plant,)))
    told = [one.reason for one in found.unplanned if one.reason.code == "no_time"]
    assert told
    assert all(one.figures["end"] > one.figures["shift_end"] == 16 * HOUR for one in told)


def test_what_is_left_on_board_when_every_site_is_closed_is_named():
    problem = one_task()
    late = tuple(replace(one, load=1000, ready_at=15 * HOUR + 3000) for one in problem.vehicles)
    solution = solved(replace(problem, vehicles=late))
    assert set(solution.left_loaded) == {"truck-1", "truck-2"}


def test_two_breaks_are_both_taken():
    problem = day(6, 30, 1)
    tea = Break(14 * HOUR, 15 * HOUR, 600)
    both = replace(
        problem, vehicles=tuple(replace(one, breaks=(*one.breaks, tea)) for one in problem.vehicles)
    )
    (route,) = solved(both).routes
    assert sum(stop.kind == "break" for stop in route.stops) == 2
