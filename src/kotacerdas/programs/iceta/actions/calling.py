"""Actions that make a report from a telephone call."""

from __future__ import annotations

from uuid import UUID

from kotacerdas.foundation.calls.actions import call_become
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.territory.actions import place_remember
from kotacerdas.programs.iceta.actions.filing import Draft, Filed, report_file


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
