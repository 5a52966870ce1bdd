"""Alarms of goods outside their fence: one case for each time; somebody looks, asks who has it, and says what it was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import Place, StepResult
from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.cases.models import Case, Note
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.parties.actors import SYSTEM, Actor
from kotacerdas.foundation.parties.grants import gives
from kotacerdas.foundation.parties.models import Position
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.lada.lifecycles.alarms import ALARM, ANSWER
from kotacerdas.programs.lada.models import Alarm, Asset
from kotacerdas.programs.lada.permissions import TRACK
from kotacerdas.programs.lada.tracking.fences import CALM, Breach

LONGEST = 2000


def alarm_open(*, asset: Asset, breach: Breach) -> Case:
    """Open a case about a good that left its fence or moved when it may not; the one that tells of it already goes on.

    Who follows goods of the agency is told once, when it opens.
    """
    with transaction.atomic():
        Asset.objects.select_for_update().get(id=asset.id)
        known = _known(asset, breach)
        if known is not None:
            _goes_on(known, breach)
            return known.case
        first, seen = breach.first, breach.seen
        opened = cases.open(
            ALARM,
            actor=SYSTEM,
            title_code=breach.cause,
            channel="sensor",
            place=Place(lat=seen.lat, lng=seen.lng),
            given_to=((LEAD, asset.agency),),
            own=lambda case: Alarm(
                case=case,
                asset=asset,
                cause=breach.cause,
                since=first.at,
                seen_at=seen.at,
            ),
        )
        for position in Position.objects.filter(agency=asset.agency, closed_on=None):
            if gives(position, [TRACK], [asset.agency_id]):
                args = {"case": opened.case.id}
                send(
                    row_id=opened.row.id,
                    template="lada.alarm",
                    to=("position", position.id),
                    args=args,
                )
        return opened.case


def alarm_over(*, alarm: Alarm, at: datetime) -> None:
    """A good was seen well again at a moment; the case says so, and waits for somebody's words."""
    with transaction.atomic():
        held = Alarm.objects.select_for_update(of=("self",)).select_related("case").get(pk=alarm.pk)
        if held.until is not None:
            return
        held.until = at
        held.save(update_fields=["until"])
        if held.case.closed_at is None:
            cases.take(held.case, "back", actor=SYSTEM)


def alarm_look(*, actor: Actor, case: Case, seen_version: int | None = None) -> StepResult:
    """Somebody looks at it."""
    with transaction.atomic():
        return cases.take(case, "look", actor=actor, seen_version=seen_version)


def alarm_told(*, actor: Actor, case: Case, body: str, seen_version: int | None = None) -> StepResult:
    """Write down what whoever has the good said. Raises Invalid for no words."""
    return _said(actor, case, "told", body, seen_version)


def alarm_settle(*, actor: Actor, case: Case, body: str, seen_version: int | None = None) -> StepResult:
    """Say what it was; the alarm closes. Raises Invalid for no words."""
    return _said(actor, case, "settle", body, seen_version)


def alarm_note(*, actor: Actor, case: Case, body: str, photos: Iterable[StoredFile] = ()) -> Note:
    """An inside note. Raises Invalid for an empty one."""
    body = _words(body)
    return cases.note_inside(case, actor=actor, body=body, photos=photos)


def _said(actor: Actor, case: Case, step: str, body: str, seen_version: int | None) -> StepResult:
    body = _words(body)
    with transaction.atomic():
        result = cases.take(case, step, actor=actor, seen_version=seen_version, body=body)
        cases.add_note(case, kind=ANSWER.name, body=body, actor=actor, row=result.row)
        return result


def _words(body: str) -> str:
    body = body.strip()
    if not body or len(body) > LONGEST:
        words = _("Write what is to be said, in at most %(most)d letters.") % {"most": LONGEST}
        raise Invalid(words, fields={"body": words})
    return body


def _known(asset: Asset, breach: Breach) -> Alarm | None:
    """The alarm that tells of a breach already: of the same stretch of time, or so near that it is the same way."""
    near = Alarm.objects.select_related("case").filter(asset=asset).order_by("-since")
    begun = near.filter(since__lt=(breach.until or breach.seen.at) + CALM)
    return begun.filter(Q(until=None) | Q(until__gt=breach.first.at - CALM)).first()


def _goes_on(alarm: Alarm, breach: Breach) -> None:
    """What came since widens a known alarm, be it late."""
    alarm.since = min(alarm.since, breach.first.at)
    if breach.seen.at > alarm.seen_at:
        alarm.seen_at, alarm.until = breach.seen.at, None
        Case.objects.filter(id=alarm.case_id).update(lat=breach.seen.lat, lng=breach.seen.lng)
    alarm.save(update_fields=["since", "seen_at", "until"])
