"""A kind of case for the tests of the rooms: things brought in to be repaired. It has no row of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kotacerdas.foundation.cases.clocks import forget_policies
from kotacerdas.foundation.cases.kinds import ESCALATION, INSIDE, LEAD, Moment, NoteKind, Role
from kotacerdas.foundation.cases.lifecycle import Clock, End, Give, Lifecycle, State, Step, lifecycles
from kotacerdas.foundation.cases.models import Policy
from kotacerdas.foundation.cases.queries import involved
from kotacerdas.foundation.parties.roles import Permission, declared

KIND, WORK = "test.repair", "test.work_repair"
HELPER = Role(name="workshop", label="Workshop")
OWNER = Role(name="owner", label="owner")
BROUGHT, DONE = Moment(name="brought", label="Brought in", alt="As it came"), "mended"
MESSAGE = NoteKind(name="message", label="Message to the owner", icon="send", speaker="public")
OPEN = frozenset({"waiting", "on_bench"})


def _visible(grants: Any) -> Any:
    return involved(grants.scope(WORK))


REPAIR = Lifecycle(
    kind=KIND,
    label="Repair",
    initial="waiting",
    states=(
        State(name="waiting", label="Waiting", tone="new", icon="circle-dashed"),
        State(name="on_bench", label="On the bench", tone="info", icon="loader"),
        State(name="ready", label="Ready", tone="good", icon="circle-check", is_done=True),
        State(name="fetched", label="Fetched", tone="quiet", icon="lock", is_closed=True),
    ),
    steps=(
        Step(
            name="begin",
            sources=frozenset({"waiting"}),
            target="on_bench",
            by=WORK,
            label="Begin",
            done="began",
        ),
        Step(
            name="find",
            sources=OPEN,
            target=None,
            by=WORK,
            needs=("hours",),
            label="Write what was found",
            done="looked at it",
        ),
        Step(
            name="call_in",
            sources=OPEN,
            target=None,
            by=WORK,
            needs=("agency",),
            gives=lambda case, given: (Give(role=HELPER.name, agency=given["agency"]),),
            label="Call a workshop in",
            done="called a workshop in",
        ),
        Step(
            name="pass_on",
            sources=OPEN,
            target="waiting",
            by=WORK,
            needs=("agency",),
            gives=lambda case, given: (Give(role=LEAD.name, agency=given["agency"]),),
            ends=lambda case, given: End(outcome="passed_on"),
            label="Pass on",
            done="passed it on",
        ),
        Step(
            name="write",
            sources=OPEN,
            target=None,
            by=WORK,
            needs=("body",),
            label="Write to the owner",
            done="wrote to the owner",
        ),
        Step(
            name="jot",
            sources=OPEN | {"ready"},
            target=None,
            by=WORK,
            needs=("body",),
            label="Jot down",
            done="jotted something down",
        ),
        Step(
            name="finish",
            sources=OPEN,
            target="ready",
            by=WORK,
            ends=lambda case, given: End(roles=frozenset({HELPER.name})),
            label="Finish",
            done="finished it",
        ),
        Step(
            name="fetch",
            sources=frozenset({"ready"}),
            target="fetched",
            by=WORK,
            ends=lambda case, given: End(),
            label="Hand out",
            done="handed it out",
        ),
    ),
    clocks=(
        Clock(
            name="ready",
            label="Ready",
            policy=lambda case, given: "test.ready",
            policies=frozenset({"test.ready"}),
            role="lead",
            starts=frozenset({"receive"}),
            keeps=frozenset({"finish"}),
        ),
        Clock(
            name="help",
            label="The workshop's part",
            policy=lambda case, given: "test.ready",
            policies=frozenset({"test.ready"}),
            role=HELPER.name,
            starts=frozenset({"call_in", "receive"}),
            keeps=frozenset(),
            lapses=frozenset({"finish", "pass_on"}),
            on_assignment=True,
        ),
    ),
    codes=lambda case: {},
    title=str,
    visible=_visible,
    url_name="repairs:case",
    roles=(LEAD, HELPER, ESCALATION),
    parties=(OWNER,),
    notes=(INSIDE, MESSAGE),
    moments=(BROUGHT,),
)


@contextmanager
def declared_kind(lifecycle: Lifecycle, *roles: str) -> Iterator[None]:
    """The kind is declared meanwhile, and posts with these roles may work on it; its promise is of two days."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(lifecycles(), lifecycle.kind, lifecycle)
        patch.setitem(declared().permissions, WORK, Permission(name=WORK, label="work on repairs"))
        for name in roles:
            role = declared().roles[name]
            patch.setitem(declared().roles, name, replace(role, permissions=role.permissions | {WORK}))
        Policy.objects.get_or_create(
            key="test.ready", valid_from=date(2026, 1, 1), defaults={"unit": "workdays", "budget": 2}
        )
        forget_policies()
        yield
    forget_policies()
