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
    State(S.RECEIVED, _("Not verified yet"), "new", "circle-dashed", public_label=_("Received")),
    State(S.POSTPONED, _("Postponed"), "warn", "clock"),
    State(S.RETURNED, _("Returned to verifier"), "warn", "undo-2", public_label=_("Being assigned")),
    State(S.ASSIGNED, _("Assigned"), "info", "inbox", public_label=_("Passed to the agency")),
    State(S.IN_PROGRESS, _("In progress"), "info", "loader"),
    State(S.WAITING, _("Awaiting reporter"), "warn", "hourglass", public_label=_("Awaiting your answer")),
    State(S.RESOLVED, _("Resolved"), "good", "circle-check", is_done=True),
    State(S.CLOSED, _("Closed"), "quiet", "lock", is_closed=True),
    State(S.NOT_OURS, _("Not our authority"), "quiet", "corner-up-right", is_closed=True),
    State(S.ARCHIVED, _("Archived"), "quiet", "archive", is_closed=True),
    State(S.MERGED, _("Merged"), "quiet", "git-merge", is_closed=True),
    State(S.PRANK, _("Prank"), "bad", "flag", is_closed=True),
)
