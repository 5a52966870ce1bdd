"""Actions that make a report from a telephone call."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.calls.actions import call_become
from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.kinds import INSIDE
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.following.messages import notify_parties
from kotacerdas.foundation.parties.actors import Actor, reporter
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.parties.people import contact_made, person_new
from kotacerdas.foundation.territory.actions import place_remember
from kotacerdas.kernel import phones
from kotacerdas.kernel.errors import Refused
from kotacerdas.kernel.texts import clean_line
from kotacerdas.programs.iceta.actions.filing import Draft, Filed, followed_by, report_file
from kotacerdas.programs.iceta.lifecycles.kinds import JOINED
from kotacerdas.programs.iceta.permissions import TAKE_CALL


def report_by_call(*, actor: Actor, desk: Agency, draft: Draft, remember_place: bool = False) -> Filed:
    """Store the report of a call, in the transaction of the call.

    remember_place  keep the place as it was typed, for the next caller who names it;
                    never from a secret or anonymous report, whose place may say who called

    Raises what `report_file` raises.
    """
    filed = report_file(actor=actor, draft=draft, desk=desk)
    is_open = not (draft.is_secret or draft.is_anonymous)
    if remember_place and is_open and draft.place_words.strip():
        place_remember(name=draft.place_words, area_code=draft.area_code, lat=draft.lat, lng=draft.lng)
    return filed


def report_join_by_call(*, actor: Actor, desk: Agency, case: Case, draft: Draft) -> Case:
    """Add a caller to an open emergency that somebody reported already, and what they told to its inside notes.

    A caller with a number follows it from then on; one who follows already gets no second place. Raises Refused at a desk
    where one takes no calls, and what the step raises where the report is not open any more.
    """
    if not actor.grants.may(TAKE_CALL, agencies=[desk.id]):
        raise Refused(_("You do not take calls for this agency."), remedy=_("Choose your own desk."))
    number = "" if draft.is_anonymous else phones.normal(draft.phone)
    with transaction.atomic():
        contact = contact_made(phone=number) if number else None
        known = followed_by(case, contact, None) if contact is not None else None
        result = cases.take(case, "join", actor=reporter(contact=contact))
        if contact is not None and known is None:
            person = draft.person or person_new(name=draft.name)
            party = cases.add_party(
                case,
                cases.Party(
                    role=JOINED.name,
                    person=person,
                    contact=contact,
                    name=draft.name,
                    channel=draft.channel,
                    language=draft.language,
                    is_proved=True,
                ),
            )
            notify_parties(case, result.row, "iceta.joined", only=party)
        told = [draft.words.strip(), clean_line(draft.place_words)]
        if body := "\n".join(filter(None, told)):
            cases.add_note(case, kind=INSIDE.name, body=body, actor=actor, row=result.row)
        return case


def call_report(
    *, actor: Actor, desk: Agency, draft: Draft, seconds: int = 0, resumed: UUID | None = None
) -> Filed:
    """Store the report of a call and the call itself, all or nothing; `seconds` from the first key to sending."""
    made: list[Filed] = []

    def make() -> Case:
        made.append(report_by_call(actor=actor, desk=desk, draft=draft))
        return made[0].case

    call_become(
        actor=actor,
        desk=desk,
        make=make,
        phone=draft.phone,
        is_anonymous=draft.is_anonymous,
        seconds=seconds,
        resumed=resumed,
    )
    return made[0]
