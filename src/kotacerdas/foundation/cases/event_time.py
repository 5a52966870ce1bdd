"""When a step happened, where it comes later than that: from a phone's outbox (docs/rules.md, "Event time")."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.ui.tags.words import clock_time, daytime
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import NotThen

AHEAD = timedelta(minutes=2)  # two clocks never agree wholly
FARTHEST_BACK = timedelta(days=30)


def time_of(actor: Actor) -> datetime:
    """When the actor acts: now, or when it happened as far as that is not in the future."""
    now = clock.now()
    return min(actor.happened_at, now) if actor.happened_at else now


def checked_time(given: datetime | None, now: datetime, case: Case | None = None) -> datetime:
    """The time at which a step counts as taken: `given`, or now where none is given or it is a little ahead.

    Raises NotThen for what is more than two minutes ahead, more than 30 days back, or before the last step that
    changed state, assignment or a clock of the case. That is read from the store and held to the transaction's end,
    so that a step of somebody else's comes wholly before or wholly after.
    """
    if given is None:
        return now
    if given > now + AHEAD:
        raise NotThen(
            _("It is dated %(at)s, and that is still to come.") % {"at": daytime(given)},
            remedy=_("Set the clock of the device right, then enter it again."),
        )
    if given < now - FARTHEST_BACK:
        raise NotThen(
            _("It is dated %(at)s, and that is more than 30 days ago.") % {"at": daytime(given)},
            remedy=_("Give it to the desk, which decides what still counts."),
        )
    if case is not None and given < now:
        _check_turned(case, given)
    return min(given, now)


def _check_turned(case: Case, given: datetime) -> None:
    held = Case.objects.select_for_update().filter(id=case.id)
    turned = held.values_list("turned_at", flat=True).get()
    if given < turned:
        raise NotThen(
            _("It is dated %(at)s, but the case went on since: it was changed on %(turned)s.")
            % {"at": daytime(given), "turned": daytime(turned)},
            remedy=_("Open the case, look at what happened, and decide anew; or give it to the desk."),
        )


def turn_at(case: Case, at: datetime) -> None:
    """Note that a step changed state, assignment or a clock of a case; an earlier time changes nothing."""
    if case.turned_at < at:
        Case.objects.filter(id=case.id).update(turned_at=Greatest(F("turned_at"), at))
        case.turned_at = at


def came_late(row: Row) -> str:
    """In words when a row's step happened and when it came, where that is more than two minutes later; else ""."""
    happened, came = row.occurred_at, row.recorded_at
    if came - happened <= AHEAD:
        return ""
    same_day = clock.local_day(happened) == clock.local_day(came)
    said = clock_time if same_day else daytime
    return _("happened %(at)s, received %(came)s") % {"at": said(happened), "came": said(came)}
