"""A difference between two sides of money: open until somebody explains it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.lifecycle import End, Lifecycle, State, Step
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import involved
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.payments.models import Difference
from kotacerdas.foundation.payments.permissions import EXPLAIN, VIEW_LEDGER

KIND = "payments.difference"
OPEN, EXPLAINED = "open", "explained"


def _codes(case: Case) -> Mapping[str, Any]:
    return {"difference": case.difference.kind}


def _visible(grants: Grants) -> Q:
    scope = grants.scope(VIEW_LEDGER)
    return involved(scope) if scope else Q(pk__in=())


def _title(code: str) -> str:
    known = dict(Difference.Kind.choices)
    return str(known.get(code.removeprefix("payments."), code))


DIFFERENCE = Lifecycle(
    kind=KIND,
    label=_("Difference"),
    initial=OPEN,
    states=(
        State(name=OPEN, label=_("to be explained"), tone="warn", icon="scale"),
        State(name=EXPLAINED, label=_("explained"), tone="quiet", icon="circle-check", is_closed=True),
    ),
    steps=(
        Step(
            name="explain",
            sources=frozenset({OPEN}),
            target=EXPLAINED,
            by=EXPLAIN,
            needs=("body",),
            ends=lambda case, given: End(),
            label=_("Explain"),
            done=_("explained it"),
            icon="message-square",
        ),
        Step(
            name="reopen",
            sources=frozenset({EXPLAINED}),
            target=OPEN,
            by=EXPLAIN,
            needs=("body",),
            label=_("Reopen"),
            done=_("reopened it"),
            icon="rotate-ccw",
        ),
    ),
    clocks=(),
    codes=_codes,
    title=_title,
    visible=_visible,
    url_name="payments:difference",
)
LIFECYCLES = (DIFFERENCE,)
