"""A solver in a process of its own: the same plan, told progress, stopped at once, gone with whoever asked."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from kotacerdas.foundation.dispatch import apart
from kotacerdas.foundation.dispatch.apart import Apart, Crashed
from kotacerdas.foundation.dispatch.checker import check
from kotacerdas.foundation.dispatch.child import GONE, asked_text
from kotacerdas.foundation.dispatch.pyvrp_solver import PyVRP
from kotacerdas.foundation.dispatch.solver import Cancelled, Progress
from kotacerdas.foundation.dispatch.tests.invented import day
from kotacerdas.foundation.dispatch.wire import problem_from, problem_text, solution_from, solution_text


def test_a_problem_and_a_solution_survive_the_wire():
    problem = day(3, 16, 3, limit=20_000, sites=2)
    solution = PyVRP(steps=30).solve(problem, seconds=60)
    assert problem_from(json.loads(problem_text(problem))) == problem
    assert solution_from(json.loads(solution_text(solution))) == solution


def test_it_solves_and_tells_how_far_it_is():
    told: list[Progress] = []
    problem = day(1, 10, 2)
    solution = Apart().solve(problem, seconds=0.6, on_progress=told.append)
    assert check(problem, solution) == []
    assert told
    assert told[-1].percent > 0


def test_it_stops_at_once_when_cancelled():
    began = time.monotonic()
    with pytest.raises(Cancelled):
        Apart().solve(day(1, 10, 2), seconds=60, is_cancelled=lambda: time.monotonic() - began > 0.3)
    assert time.monotonic() - began < 5


def test_a_problem_with_flaws_is_refused_as_ever():
    problem = day(1, 4, 2)
    with pytest.raises(ValueError, match="stands twice"):
        Apart().solve(type(problem)(**{**_fields(problem), "tasks": problem.tasks * 2}), seconds=1)


def test_a_process_that_dies_is_no_plan(monkeypatch):
    started = apart._started

    def killed():
        process = started()
        process.kill()
        return process

    monkeypatch.setattr(apart, "_started", killed)
    with pytest.raises(Crashed):
        Apart().solve(day(1, 4, 2), seconds=1)


def test_the_process_ends_when_nobody_is_left_to_answer():
    process = apart._started()
    process.stdin.write(asked_text(problem_text(day(1, 10, 2)), 120, 1, []))
    process.stdin.flush()
    time.sleep(0.8)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(timeout=10) == GONE
    process.stdout.close()


def test_the_process_needs_no_django():
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, kotacerdas.foundation.dispatch.pyvrp_solver; print('django' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "False"


def _fields(problem):
    return {name: getattr(problem, name) for name in ("day", "tasks", "vehicles", "sites", "travel", "costs")}


def test_only_the_process_that_solves_loads_the_solver():
    code = "import django, sys; django.setup(); import kotacerdas.foundation.dispatch.running; print('pyvrp' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip().splitlines()[-1] == "False"
