"""What the actions of a round share: locking, deadlines, its rows of the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.clocks import due_at, policy_on
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.insight.evaluation.models import Item, Round
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, LostRace, WrongStep

WORDS = 4000  # letters, of an item or a note


def due_by(policy: str, at: datetime | None = None) -> datetime:
    """When something promised now under a policy of the pack is due."""
    at = at or clock.now()
    found = policy_on(policy, at)
    return due_at(found.unit, found.budget, at, current_calendar())


def locked(round: Round, *states: str) -> Round:
    """The round, locked for what follows in the caller's transaction. Raises WrongStep in any other state."""
    fresh = Round.objects.select_for_update(of=("self",)).select_related("instrument").get(pk=round.pk)
    if fresh.state not in states:
        raise WrongStep(
            _("This is not possible now: the round %(round)s is in “%(state)s”.")
            % {"round": fresh.slug, "state": fresh.get_state_display()},
            remedy=_("Open the round again to see where it stands."),
        )
    return fresh


def move(item: Item, seen_version: int, *, states: frozenset[str], **changes: Any) -> Item:
    """Change an item where it is as its reader saw it.

    Raises WrongStep when its state does not allow it, LostRace when somebody changed it meanwhile.
    """
    if item.state not in states:
        raise WrongStep(
            _("This is not possible now: the item is “%(state)s”.") % {"state": item.get_state_display()},
            remedy=_("Open the item again to see what happened."),
        )
    if "due_at" in changes:
        changes["overdue_at"] = None
    unchanged = Item.objects.filter(pk=item.pk, version=seen_version, state=item.state)
    if not unchanged.update(version=F("version") + 1, **changes):
        raise LostRace(
            _("Somebody else changed this item a moment ago. Nothing of yours was stored."),
            remedy=_("Read what stands there now; what you typed is still in the form."),
        )
    item.refresh_from_db()
    return item


def note(
    step: str,
    round: Round,
    actor: Actor,
    *,
    item: Item | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Row:
    """One row `evaluation.<step>` about the round or one of its items: codes only, no words, no score."""
    subject = ("evaluation.round", round.id) if item is None else ("evaluation.item", item.id)
    codes: dict[str, Any] = {"round": round.slug, "year": round.year}
    if item is not None:
        codes |= {
            "measure": item.measure.code,
            "dimension": item.dimension.code,
            "agency": item.agency.code,
        }
    return append(
        verb=f"evaluation.{step}", subject=subject, actor=actor.code, codes=codes, payload=payload or {}
    )


def only_before_closing(round: Round) -> None:
    """Raise Conflict for a round that is closed: it is as it was sealed."""
    if round.state == Round.State.CLOSED:
        raise Conflict(
            _("The round %(round)s is closed; it stays as it was sealed.") % {"round": round.slug},
            remedy=_("What came later is shown as late, and counts in the next round."),
        )
