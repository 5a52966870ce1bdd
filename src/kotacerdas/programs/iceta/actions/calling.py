"""A telephone call at a desk: with a report, or noted without one (prank, missed, abandoned, advice); calling back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, phone_index
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.foundation.territory.actions import place_remember
from kotacerdas.kernel import clock, phones
from kotacerdas.kernel.errors import Conflict, Invalid, Missing, Refused
from kotacerdas.kernel.ids import new_id
from kotacerdas.kernel.regency import regency
from kotacerdas.programs.iceta.actions.filing import Draft, Filed, report_file
from kotacerdas.programs.iceta.models import Call
from kotacerdas.programs.iceta.permissions import TAKE_CALL
from kotacerdas.programs.iceta.rules import reception_agency

PHONE_LABEL, STORY_LABEL = "iceta.call.phone", "iceta.call.story"
WAIT_DAYS = 7  # so long a caller who did not get through stands at the desk
REVEALED = "iceta.call.reveal"  # the journal's verb
NOTED = ("prank", "missed", "abandoned", "advice")
CUT_OFF, SPOKEN = ("missed", "abandoned"), ("report", "advice", "prank")
LONGEST_SECONDS = 4 * 3600  # a form left open over lunch is no call of that length


def call_report(
    *,
    actor: Actor,
    desk: Agency,
    draft: Draft,
    seconds: int = 0,
    remember_place: bool = False,
    resumed: UUID | None = None,
) -> Filed:
    """Store the report of a call and the call itself, all or nothing.

    seconds         from the first key to sending
    remember_place  keep the place as it was typed, for the next caller who names it;
                    never from a secret or anonymous report, whose place may say who called
    resumed         the broken call whose story this report goes on with

    An agency's own desk keeps no number of an anonymous caller, in the call neither.
    Raises what `report_file` raises.
    """
    with transaction.atomic():
        filed = report_file(actor=actor, draft=draft, desk=desk)
        if filed.is_new:
            known = "" if draft.is_anonymous and filed.party.person is None else draft.phone
            _store(desk, "report", known, seconds, filed.case)
            _story_told(desk, resumed)
            is_open = not (draft.is_secret or draft.is_anonymous)
            if remember_place and is_open and draft.place_words.strip():
                place_remember(
                    name=draft.place_words, area_code=draft.area_code, lat=draft.lat, lng=draft.lng
                )
        return filed


def call_note(
    *,
    actor: Actor,
    desk: Agency,
    outcome: str,
    phone: str = "",
    seconds: int = 0,
    key: UUID | None = None,
    story: str = "",
    is_anonymous: bool = False,
    resumed: UUID | None = None,
) -> Call:
    """Note a call that brought no report; the journal says how it ended, never who called.

    outcome  prank | missed | abandoned | advice
    key      the form's own, by which one that is sent twice is noted once
    story    of a caller who hung up in the middle: what was written so far is kept sealed, to go on with
    is_anonymous  an agency's own desk then keeps no number
    resumed  the broken call that this one goes on with

    Raises Refused at a desk where one takes no calls, Invalid for a number that is none, Conflict for a call that
    was noted with another outcome.
    """
    if outcome not in NOTED:
        raise LookupError(outcome)
    _may(actor, desk)
    if phone.strip() and not phones.normal(phone):
        words = _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")
        raise Invalid(_("Please look at what is marked."), fields={"phone": words})
    with transaction.atomic():
        if (noted := _noted(key)) is not None:
            if noted.outcome != outcome or noted.agency_id != desk.id:
                raise Conflict(_("This call is noted already."), remedy=_("Begin a new call."))
            return noted
        if is_anonymous and desk.id != reception_agency().id:
            phone = ""
        call = _store(desk, outcome, phone, seconds, None, key)
        if outcome == "abandoned" and story.strip():
            call.story_sealed = keyring().seal(
                STORY_LABEL, call.id, story.strip()[: regency().limits.most_story_letters]
            )
            call.save(update_fields=["story_sealed"])
        _story_told(desk, resumed)
        append(
            verb=f"iceta.call.{outcome}",
            subject=("iceta.call", call.id),
            actor=actor.code,
            codes={"agency": desk.code, "channel": "phone"},
            measures={"call_seconds": call.seconds},
        )
        return call


def waiting(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Those to go on with: missed or cut off, with a number the same desk has not spoken to since, or a story."""
    later = Call.objects.filter(
        agency=OuterRef("agency"),
        phone_index=OuterRef("phone_index"),
        began_at__gt=OuterRef("began_at"),
        outcome__in=SPOKEN,
    )
    unspoken = ~Q(phone_index="") & ~Exists(later)
    return calls.filter(outcome__in=CUT_OFF).filter(unspoken | (Q(phone_index="") & ~Q(story_sealed="")))


def forget_stories() -> None:
    """Stories of broken calls go after a week, or once their caller was spoken to."""
    week_ago = clock.now() - timedelta(days=WAIT_DAYS)
    kept = Call.objects.exclude(story_sealed="")
    still = waiting(kept).values("id")
    kept.filter(Q(began_at__lt=week_ago) | ~Q(id__in=still)).update(story_sealed="")


def call_reveal(*, actor: Actor, desk: Agency, call_id: UUID) -> Call:
    """Open the number of a call that waits, to call back; the journal says who opened which call, not the number.

    Raises Refused at a desk where one takes no calls, Missing for a call of another desk or one that never had to
    be called back, Conflict for one whose caller was spoken to since.
    """
    _may(actor, desk)
    cut_off = Call.objects.filter(agency=desk, outcome__in=CUT_OFF).exclude(phone_index="", story_sealed="")
    call = cut_off.filter(id=call_id).first()
    if call is None:
        raise Missing("no such call waits at this desk")
    if not waiting(cut_off.filter(id=call.id)).exists():
        raise Conflict(_("This caller has been spoken to since."), remedy=_("Begin a new call."))
    with transaction.atomic():
        append(
            verb=REVEALED,
            subject=("iceta.call", call.id),
            actor=actor.code,
            codes={"agency": desk.code, "channel": "phone"},
        )
    return call


def _story_told(desk: Agency, resumed: UUID | None) -> None:
    if resumed is not None:
        Call.objects.filter(id=resumed, agency=desk).update(story_sealed="")


def _may(actor: Actor, desk: Agency) -> None:
    if not actor.grants.may(TAKE_CALL, agencies=[desk.id]):
        raise Refused(_("You do not take calls for this agency."), remedy=_("Choose your own desk."))


def _noted(key: UUID | None) -> Call | None:
    """The call of that key; whoever sends it at the same moment waits until the first one is written."""
    if key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
    return Call.objects.filter(id=key).first()


def _store(
    desk: Agency, outcome: str, phone: str, seconds: int, case: Case | None, key: UUID | None = None
) -> Call:
    took = max(0, min(seconds, LONGEST_SECONDS))
    number = phones.normal(phone)
    call = Call(
        id=key or new_id(),
        agency=desk,
        outcome=outcome,
        case=case,
        seconds=took,
        began_at=clock.now() - timedelta(seconds=took),
        phone_index=phone_index(number) if number else "",
    )
    call.phone_sealed = keyring().seal(PHONE_LABEL, call.id, number) if number else ""
    call.save(force_insert=True)
    return call
