"""The life of an alert that became a case: for what belongs to no program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.clocks import policies
from kotacerdas.foundation.cases.lifecycle import SYSTEM, Clock, Lifecycle, State, Step
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import involved
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.telemetry.permissions import VIEW, WORK

KIND = "telemetry.alert"
URGENT = "urgent"
OPEN, ACKNOWLEDGED, CLOSED, RECOVERED = "open", "acknowledged", "closed", "recovered"
_USUAL, _URGENT = "telemetry.respond", "telemetry.respond.urgent"
_LIVE = frozenset({OPEN, ACKNOWLEDGED})


def _policy(case: Case, _given: Mapping[str, Any]) -> str | None:
    """No promise where the pack has none: an alert must never fail for it."""
    key = _URGENT if case.priority == URGENT else _USUAL
    return key if any(one.key == key for one in policies()) else None


def _codes(case: Case) -> Mapping[str, Any]:
    alert = case.alert
    return {"rule": alert.rule.code, "device": alert.device.code, "device_kind": alert.device.kind}


def _visible(grants: Grants) -> Q:
    scope = grants.scope(VIEW) | grants.scope(WORK)
    return involved(scope) if scope else Q(pk__in=())


def title(code: str) -> str:
    """A rule's name: of a declared one in the reader's language."""
    from kotacerdas.foundation.telemetry.declarations import declared_rules
    from kotacerdas.foundation.telemetry.models import Rule

    if code in declared_rules():
        return str(declared_rules()[code].name)
    return Rule.objects.filter(code=code).values_list("name", flat=True).first() or code


ALERT = Lifecycle(
    kind=KIND,
    label=_("Alert of a device"),
    initial=OPEN,
    states=(
        State(name=OPEN, label=_("Not acknowledged yet"), tone="terasi", icon="bell-ring"),
        State(name=ACKNOWLEDGED, label=_("Acknowledged"), tone="kunyit", icon="eye"),
        State(name=CLOSED, label=_("Closed"), tone="plain", icon="circle-check", is_closed=True),
        State(name=RECOVERED, label=_("Recovered by itself"), tone="padi", icon="activity", is_closed=True),
    ),
    steps=(
        Step(
            name="acknowledge",
            sources=frozenset({OPEN}),
            target=ACKNOWLEDGED,
            by=WORK,
            label=_("Acknowledge"),
            done=_("Acknowledged"),
            key="a",
            icon="eye",
        ),
        Step(
            name="close",
            sources=_LIVE,
            target=CLOSED,
            by=WORK,
            label=_("Close"),
            done=_("Closed"),
            needs=("words",),
            key="t",
            icon="circle-check",
        ),
        Step(
            name="recover",
            sources=_LIVE,
            target=RECOVERED,
            by=SYSTEM,
            label=_("Recover"),
            done=_("Recovered by itself"),
            icon="activity",
        ),
    ),
    clocks=(
        Clock(
            name="respond",
            label=_("to acknowledge"),
            policy=_policy,
            policies=frozenset({_USUAL, _URGENT}),
            role="lead",
            starts=frozenset({"receive"}),
            keeps=frozenset({"acknowledge", "close"}),
            voids=frozenset({"recover"}),
        ),
    ),
    codes=_codes,
    title=title,
    visible=_visible,
    url_name="telemetry:alert",
)
LIFECYCLES = (ALERT,)
