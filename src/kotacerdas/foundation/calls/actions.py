"""A telephone call at a desk: it becomes a case, or is noted (prank, missed, abandoned, advice); calling back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.calls.models import STORED, Call
from kotacerdas.foundation.calls.permissions import TAKE_CALL
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, phone_index
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.kernel import clock, phones
from kotacerdas.kernel.errors import Conflict, Invalid, Missing, Refused
from kotacerdas.kernel.regency import regency

PHONE_LABEL, STORY_LABEL = "iceta.call.phone", "iceta.call.story"  # under which the first rows were sealed
WAIT_DAYS = 7  # so long a caller who did not get through stands at the desk
REVEALED = "calls.call.reveal"  # the journal's verb
NOTED = ("prank", "missed", "abandoned", "advice")
CUT_OFF, SPOKEN = ("missed", "abandoned"), (STORED, "advice", "prank")
LONGEST_SECONDS = 4 * 3600  # a form left open over lunch is no call of that length


def call_become(
    *,
    actor: Actor,
    desk: Agency,
    make: Callable[[], Case],
    phone: str = "",
    is_anonymous: bool = False,
    seconds: int = 0,
    resumed: UUID | None = None,
) -> Case:
    """Store what a call became and the call itself, all or nothing.

    make     the program's action
    seconds  from the first key to sending
    resumed  the broken call whose story this one goes on with

    An agency's own desk keeps no number of an anonymous caller. Raises Refused at a desk where one takes no calls,
    and what `make` raises.
    """
    may_take_calls(actor, desk)
    with transaction.atomic():
        case = make()
        _store(desk, STORED, phone, seconds, case, is_anonymous=is_anonymous)
        _forget_story(desk, resumed)
        return case


def call_note(
    *,
    actor: Actor,
    desk: Agency,
    outcome: str,
    phone: str = "",
    seconds: int = 0,
    story: str = "",
    is_anonymous: bool = False,
    resumed: UUID | None = None,
) -> Call:
    """Note a call that became nothing; the journal says how it ended, never who called.

    outcome  prank | missed | abandoned | advice
    story    of a caller who hung up in the middle: what was written so far is kept sealed, to go on with
    is_anonymous  an agency's own desk then keeps no number
    resumed  the broken call that this one goes on with

    Raises Refused at a desk where one takes no calls, Invalid for a number that is none.
    """
    if outcome not in NOTED:
        raise LookupError(outcome)
    may_take_calls(actor, desk)
    if phone.strip() and not phones.normal(phone):
        words = _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")
        raise Invalid(_("Please look at what is marked."), fields={"phone": words})
    with transaction.atomic():
        call = _store(desk, outcome, phone, seconds, None, is_anonymous=is_anonymous)
        if outcome == "abandoned" and story.strip():
            call.story_sealed = keyring().seal(
                STORY_LABEL, call.id, story.strip()[: regency().limits.most_story_letters]
            )
            call.save(update_fields=["story_sealed"])
        _forget_story(desk, resumed)
        append(
            verb=f"calls.call.{outcome}",
            subject=("calls.call", call.id),
            actor=actor.code,
            codes={"agency": desk.code, "channel": "phone"},
            measures={"call_seconds": call.seconds},
        )
        return call


def waiting(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Calls that wait: missed or cut off, with a number that the desk has not reached since, or with a story."""
    later = Call.objects.filter(
        agency=OuterRef("agency"),
        phone_index=OuterRef("phone_index"),
        began_at__gt=OuterRef("began_at"),
        outcome__in=SPOKEN,
    )
    unspoken = ~Q(phone_index="") & ~Exists(later)
    return calls.filter(outcome__in=CUT_OFF).filter(unspoken | (Q(phone_index="") & ~Q(story_sealed="")))


def forget_stories() -> None:
    """Delete stories of calls that were cut off, after a week or once their caller was reached."""
    week_ago = clock.now() - timedelta(days=WAIT_DAYS)
    with_story = Call.objects.exclude(story_sealed="")
    still = waiting(with_story).values("id")
    with_story.filter(Q(began_at__lt=week_ago) | ~Q(id__in=still)).update(story_sealed="")


def call_reveal(*, actor: Actor, desk: Agency, call_id: UUID) -> Call:
    """Open the number of a call that waits, to call back; the journal says who opened which call, not the number.

    Raises Refused at a desk where one takes no calls, Missing for a call of another desk or one that never had to
    be called back, Conflict for one whose caller was spoken to since.
    """
    may_take_calls(actor, desk)
    cut_off = Call.objects.filter(agency=desk, outcome__in=CUT_OFF).exclude(phone_index="", story_sealed="")
    call = cut_off.filter(id=call_id).first()
    if call is None:
        raise Missing("no such call waits at this desk")
    if not waiting(cut_off.filter(id=call.id)).exists():
        raise Conflict(_("This caller has been spoken to since."), remedy=_("Begin a new call."))
    with transaction.atomic():
        append(
            verb=REVEALED,
            subject=("calls.call", call.id),
            actor=actor.code,
            codes={"agency": desk.code, "channel": "phone"},
        )
    return call


def _forget_story(desk: Agency, resumed: UUID | None) -> None:
    if resumed is not None:
        Call.objects.filter(id=resumed, agency=desk).update(story_sealed="")


def may_take_calls(actor: Actor, desk: Agency) -> None:
    """Raise Refused at a desk where one takes no calls."""
    if not actor.grants.may(TAKE_CALL, agencies=[desk.id]):
        raise Refused(_("You do not take calls for this agency."), remedy=_("Choose your own desk."))


def _store(
    desk: Agency, outcome: str, phone: str, seconds: int, case: Case | None, *, is_anonymous: bool
) -> Call:
    """Store the call; an agency's own desk stores no number of an anonymous caller."""
    took = max(0, min(seconds, LONGEST_SECONDS))
    is_coordinating = desk.code == regency().desks.coordinating_agency
    number = phones.normal(phone) if is_coordinating or not is_anonymous else ""
    call = Call(
        agency=desk,
        outcome=outcome,
        case=case,
        seconds=took,
        began_at=clock.now() - timedelta(seconds=took),
        phone_index=phone_index(number) if number else "",
        is_anonymous=is_anonymous,
    )
    call.phone_sealed = keyring().seal(PHONE_LABEL, call.id, number) if number else ""
    call.save(force_insert=True)
    return call
