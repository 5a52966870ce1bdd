"""The three-year round: level weeks, nobody too late, and a week's orders at one press."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from trials.cast import client_of

from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.people import contact_made
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Refused
from kotacerdas.programs.gopal.actions import rounds
from kotacerdas.programs.gopal.models import Order, RoundStop, Tank
from kotacerdas.programs.gopal.spreading import Turn, spread
from kotacerdas.programs.gopal.tests import world

FIRST = date(2026, 11, 23)  # a Monday


def turn(days: int, *, late: bool = False) -> Turn:
    return Turn(tank=ids.new_id(), due_on=FIRST + timedelta(days=days), is_late=late)


def loads(placed, weeks: int) -> list[int]:
    counted = Counter(week for _turn, week in placed)
    return [counted[number] for number in range(weeks)]


def test_tanks_without_a_due_day_fill_all_weeks_evenly():
    placed = list(spread([turn(-days, late=True) for days in range(1, 101)], FIRST, 12))
    assert len(placed) == 100
    found = loads(placed, 12)
    assert max(found) - min(found) <= 1
    assert placed[0][0].due_on == min(one.due_on for one, _week in placed)  # the oldest first


def test_where_due_days_allow_the_fullest_and_emptiest_week_differ_by_one():
    turns = [turn(7 * 10 + 4) for _ in range(50)] + [turn(7 * 11 + 4) for _ in range(9)]
    found = loads(spread(turns, FIRST, 12), 12)
    assert sum(found) == 59
    assert max(found) - min(found) <= 1


def test_what_is_due_soon_comes_soon_even_if_weeks_are_uneven_then():
    placed = list(spread([turn(4) for _ in range(8)] + [turn(-9, late=True)], FIRST, 12))
    assert [week for one, week in placed if not one.is_late] == [0] * 8


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(-200, 7 * 26 - 3), max_size=80), st.integers(0, 40))
def test_nobody_is_later_than_the_due_day_and_nobody_is_forgotten(days, unknown):
    turns = [turn(one, late=one < 0) for one in days]
    turns += [turn(0, late=True) for _ in range(unknown)]
    placed = list(spread(turns, FIRST, 26))
    assert Counter(one.tank for one, _week in placed) == Counter(one.tank for one in turns)
    for one, week in placed:
        friday = FIRST + timedelta(weeks=week, days=4)
        assert one.is_late or friday <= one.due_on or week == 0
        assert 0 <= week < 26


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 7 * 26 - 3), max_size=80))
def test_no_week_is_fuller_than_the_due_days_before_it_force(days):
    found = loads(spread([turn(one) for one in days], FIRST, 26), 26)
    assert all(later <= earlier + 1 for at, earlier in enumerate(found) for later in found[at:])


@pytest.fixture
def tanks(cast):
    world.ready()
    return [
        world.tank(
            f"TS-{number}",
            last_emptied_on=date(2024, 1, 1) + timedelta(days=number) if number % 3 else None,
            lat=world.HOUSE[0] - number * 0.001,
            contact=contact_made(phone=f"0812-0000-{number:04d}"),
        )
        for number in range(1, 13)
    ]


@pytest.mark.django_db
def test_a_round_is_planned_for_three_years_and_planned_anew_without_doubles(tanks, cast):
    assert rounds.rounds_plan(actor=world.planner(), agency=world.agency()) == 12
    assert rounds.rounds_plan(actor=world.planner(), agency=world.agency()) == 12
    assert RoundStop.objects.count() == 12
    for stop in RoundStop.objects.select_related("tank"):
        assert stop.week.weekday() == 0
        if stop.tank.last_emptied_on:
            assert stop.week + timedelta(days=4) <= stop.due_on
    with pytest.raises(Refused):
        rounds.rounds_plan(actor=staff(cast.asep), agency=world.agency())


@pytest.mark.django_db
def test_one_press_makes_the_orders_of_a_week_and_names_what_it_could_not(tanks):
    rounds.rounds_plan(actor=world.planner(), agency=world.agency())
    week = date(2026, 11, 23)
    RoundStop.objects.update(week=week)
    Tank.objects.filter(code="TS-1").update(tank_class="palace")
    desk = client_of(world.planner().user)
    shown = desk.get(reverse("gopal:rounds")).content.decode()
    assert "TS-2" in shown
    answer = desk.post(reverse("gopal:round_order"), {"week": week.isoformat()}, follow=True)
    assert "TS-1" in answer.content.decode()
    assert Order.objects.count() == 11
    assert RoundStop.objects.filter(state="ordered").count() == 11
    assert Order.objects.filter(case__channel="round", litres=2400).count() == 11
    assert not any(
        one.case.parties.get().is_proved for one in Order.objects.all()
    )  # nobody showed to have it
    assert rounds.round_order(actor=world.planner(), agency=world.agency(), week=week).orders == 0
