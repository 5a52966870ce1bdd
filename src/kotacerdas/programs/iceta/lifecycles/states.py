"""States of a report: how they are stored, and how they are shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.lifecycle import State

KIND = "iceta.report"


class S:
    """State names, stored as they are."""

    RECEIVED = "received"
    POSTPONED = "postponed"
    RETURNED = "returned"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    NOT_OURS = "not_ours"
    ARCHIVED = "archived"
    MERGED = "merged"
    PRANK = "prank"


UNDECIDED = frozenset({S.RECEIVED, S.POSTPONED, S.RETURNED})
AT_WORK = frozenset({S.ASSIGNED, S.IN_PROGRESS, S.WAITING})
GIVEN = frozenset({"verify", "dispatch"})

STATES = (
    State(
        name=S.RECEIVED,
        label=_("Not verified yet"),
        tone="new",
        icon="circle-dashed",
        public_label=_("Received"),
    ),
    State(name=S.POSTPONED, label=_("Postponed"), tone="warn", icon="clock"),
    State(
        name=S.RETURNED,
        label=_("Returned to verifier"),
        tone="warn",
        icon="undo-2",
        public_label=_("Being assigned"),
    ),
    State(
        name=S.ASSIGNED,
        label=_("Assigned"),
        tone="info",
        icon="inbox",
        public_label=_("Passed to the agency"),
    ),
    State(name=S.IN_PROGRESS, label=_("In progress"), tone="info", icon="loader"),
    State(
        name=S.WAITING,
        label=_("Awaiting reporter"),
        tone="warn",
        icon="hourglass",
        public_label=_("Awaiting your answer"),
    ),
    State(name=S.RESOLVED, label=_("Resolved"), tone="good", icon="circle-check", is_done=True),
    State(name=S.CLOSED, label=_("Closed"), tone="quiet", icon="lock", is_closed=True),
    State(
        name=S.NOT_OURS, label=_("Not our authority"), tone="quiet", icon="corner-up-right", is_closed=True
    ),
    State(name=S.ARCHIVED, label=_("Archived"), tone="quiet", icon="archive", is_closed=True),
    State(name=S.MERGED, label=_("Merged"), tone="quiet", icon="git-merge", is_closed=True),
    State(name=S.PRANK, label=_("Prank"), tone="bad", icon="flag", is_closed=True),
)
