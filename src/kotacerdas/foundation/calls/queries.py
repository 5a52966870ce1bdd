"""What a phone desk may know: the caller, their earlier cases, the calls of the shift."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.calls.actions import (
    PHONE_LABEL,
    REVEALED,
    SPOKEN,
    STORY_LABEL,
    WAIT_DAYS,
    waiting,
)
from kotacerdas.foundation.calls.declarations import becomes
from kotacerdas.foundation.calls.models import STORED, Call
from kotacerdas.foundation.calls.people import Known, named_parties, people_known
from kotacerdas.foundation.calls.permissions import TAKE_CALL
from kotacerdas.foundation.cases.lifecycle import lifecycles
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.casework.registry import page_of
from kotacerdas.foundation.casework.rows import summary_for_caller
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency, phone_index
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.foundation.territory.models import Area
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.kernel import clock, phones
from kotacerdas.kernel.errors import Missing

EARLIER, RECENT = 6, 8
OUTCOMES: dict[str, tuple[str, Any]] = {
    STORED: ("phone", _("stored")),
    "advice": ("message-circle", _("answered with advice")),
    "prank": ("flag", _("prank")),
    "missed": ("phone-missed", _("missed")),
    "abandoned": ("phone-off", _("hung up before the end")),
}


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who calls, as far as this desk may know. `calls` and `pranks` are those of the desks one works at."""

    number: str
    name: str = ""
    village: Area | None = None
    people: Sequence[Known] = field(default=())
    earlier: Sequence[Case] = field(default=())
    own: frozenset[UUID] = frozenset()
    calls: int = 0
    pranks: int = 0
    first_call: datetime | None = None

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The earlier cases as lines: number, title, village, state, day; `is_own` where the desk reads more."""
        return [{**_line(one), "is_own": one.id in self.own} for one in self.earlier]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A call of the list; the number masked, and unsaid where the caller is anonymous."""

    call: Call
    masked: str
    waits: bool = False  # to be called back

    @property
    def has_story(self) -> bool:
        return bool(self.call.story_sealed)

    @property
    def label(self) -> Any:
        return OUTCOMES[self.call.outcome][1]

    @property
    def icon(self) -> str:
        return OUTCOMES[self.call.outcome][0]

    @property
    def title(self) -> str:
        return _title(self.call.case) if self.call.case else ""


@dataclass(frozen=True, kw_only=True)
class Shift:
    """The calls of a desk between two instants. `seconds` is the mean from the first key to storing."""

    since: datetime
    until: datetime
    calls: int
    stored: int
    advice: int
    pranks: int
    missed: int
    abandoned: int
    emergencies: int
    seconds: int | None


def desk_of(actor: Actor) -> Agency:
    """The agency at whose desk the actor takes calls: that of the post, else the first one allowed."""
    grants = actor.grants
    if actor.position is not None and grants.may(TAKE_CALL, agencies=[actor.position.agency_id]):
        return actor.position.agency
    found = Agency.objects.filter(id__in=grants.scope(TAKE_CALL).agencies, closed_on=None).first()
    if found is None:
        raise Missing("nobody here takes calls")
    return found


def caller_of(grants: Grants, text: str) -> Caller | None:
    """The caller behind a typed number; None while it is no number.

    Name and village come from cases this desk may see and that were not anonymous: what somebody told in confidence
    does not come back with their number. Of earlier cases that others have it learns number, title, village and
    state alone.
    """
    number = phones.normal(text)
    if not number:
        return None
    calls = Call.objects.filter(phone_index=phone_index(number), agency__in=grants.scope(TAKE_CALL).agencies)
    counted = calls.filter(outcome__in=SPOKEN).aggregate(
        n=Count("id"), pranks=Count("id", filter=Q(outcome="prank"))
    )
    first = calls.order_by("began_at").values_list("began_at", flat=True).first()
    earlier = _earlier(number)
    seen = visible_to(grants).filter(id__in=[one.id for one in earlier]).values_list("id", flat=True)
    own = frozenset(seen)
    people = people_known(grants, number)
    return Caller(
        number=number,
        name=people[0].name if len(people) == 1 else "",
        people=people,
        village=next(
            (area for case in earlier if case.id in own and (area := _village(case.area_code))), None
        ),
        earlier=earlier,
        own=own,
        calls=counted["n"],
        pranks=counted["pranks"],
        first_call=first,
    )


def _earlier(number: str) -> list[Case]:
    own = named_parties(number).filter(case=OuterRef("pk"))
    return list(Case.objects.filter(Exists(own), kind__in=becomes()).order_by("-opened_at")[:EARLIER])


def _line(case: Case) -> dict[str, Any]:
    """Title, village and state of a case: as much as its number may bring."""
    return {**summary_for_caller(case), "url": page_of(case)}


def _title(case: Case) -> str:
    """The title of a case; its number where its program is there no more."""
    lifecycle = lifecycles().get(case.kind)
    return lifecycle.title(case.title_code) if lifecycle is not None else case.number


def stored_case(grants: Grants, desk: Agency, number: str) -> Case:
    """What a call became: a case that somebody may see, or that their desk took, whoever works on it. Else Missing."""
    there = Case.objects.select_related("lead_agency").filter(
        kind__in=becomes(), number=number.strip().upper()
    )
    seen = Q(id__in=visible_to(grants).values("id")) | Exists(
        Call.objects.filter(case=OuterRef("pk"), agency=desk)
    )
    found = there.filter(seen).first()
    if found is None:
        raise Missing(_("There is no such case here."), remedy=_("Check the number, or look in your queue."))
    return found


def is_messaged(case: Case) -> bool:
    """Whether a message of a case went or goes out to somebody whom it concerns."""
    parties = case.parties.values("id")
    return Message.objects.filter(recipient_kind="party", recipient_id__in=parties).exists()


def _village(code: str) -> Area | None:
    area = area_by_code(code)
    return area if area is not None and area.level == Area.Level.VILLAGE else None


def recent(desk: Agency, since: datetime) -> list[Listed]:
    """The latest calls of a desk since then, newest first; behind them all that still wait, of a week at most."""
    calls = _of(desk, since, clock.now()).select_related("case").order_by("-began_at", "-id")
    latest = list(calls[:RECENT])
    older = _waiting(desk).exclude(id__in=[call.id for call in latest])
    return _listed([*latest, *older.order_by("-began_at", "-id")])


def to_call_back(desk: Agency) -> int:
    """How many callers were missed or cut off and have not been reached since."""
    found = _waiting(desk)
    numbers = found.exclude(phone_index="").order_by().values("phone_index").distinct().count()
    return numbers + found.filter(phone_index="").count()


def _waiting(desk: Agency) -> QuerySet[Call]:
    """The waiting calls of a desk, those of earlier days too."""
    return waiting(_of(desk, clock.now() - timedelta(days=WAIT_DAYS), clock.now()))


def number_of(actor: Actor, desk: Agency, call_id: str) -> str:
    """The number of a call of the desk as it was typed; "" where there is none or `call_reveal` did not open it."""
    opened = Row.objects.filter(verb=REVEALED, subject_id=OuterRef("pk"), actor__in=actor.codes)
    calls = Call.objects.filter(Exists(opened), agency=desk).exclude(phone_index="")
    call = calls.filter(id=call_id).first() if call_id else None
    return phones.shown(keyring().open(PHONE_LABEL, call.id, call.phone_sealed)) if call else ""


def story_of(actor: Actor, desk: Agency, call_id: str) -> str:
    """The story of a call that was cut off, for the one for whom `call_reveal` opened it; "" for none."""
    opened = Row.objects.filter(verb=REVEALED, subject_id=OuterRef("pk"), actor__in=actor.codes)
    calls = Call.objects.filter(Exists(opened), agency=desk).exclude(story_sealed="")
    call = calls.filter(id=call_id).first() if call_id else None
    return keyring().open(STORY_LABEL, call.id, call.story_sealed) if call else ""


def shift(grants: Grants, desk: Agency, since: datetime, until: datetime | None = None) -> Shift:
    """The figures of a desk's calls from `since` on; open emergencies are those open now.

    `calls` counts every call of the span, however it ended: each is a row of the list.
    """
    until = until or clock.now()
    counted = _of(desk, since, until).aggregate(
        **{kind: Count("id", filter=Q(outcome=kind)) for kind in OUTCOMES},
        calls=Count("id"),
        mean=Avg("seconds", filter=Q(outcome=STORED, seconds__gt=0)),
    )
    at_work = Q(pk__in=())
    for one in becomes().values():
        at_work |= Q(kind=one.kind, state__in=one.at_work)
    opened = visible_to(grants).filter(at_work, priority="emergency")
    return Shift(
        since=since,
        until=until,
        calls=counted["calls"],
        stored=counted[STORED],
        advice=counted["advice"],
        pranks=counted["prank"],
        missed=counted["missed"],
        abandoned=counted["abandoned"],
        emergencies=opened.count(),
        seconds=round(counted["mean"]) if counted["mean"] is not None else None,
    )


def calls_between(desk: Agency, since: datetime, until: datetime) -> list[Listed]:
    """All calls of a desk in a span, in their order."""
    calls = _of(desk, since, until).select_related("case").order_by("began_at", "id")
    return _listed(calls)


def day_start() -> datetime:
    """Midnight of the local day."""
    return datetime.combine(clock.today(), time.min, tzinfo=clock.local_zone())


def span_of(begins: time, ends: time) -> tuple[datetime, datetime]:
    """The span between two local times today; over midnight it begins or ends on the neighbouring day."""
    today = day_start()
    since = datetime.combine(today.date(), begins, tzinfo=today.tzinfo)
    until = datetime.combine(today.date(), ends, tzinfo=today.tzinfo)
    if until <= since:
        if clock.now() >= since:
            until += timedelta(days=1)
        else:
            since -= timedelta(days=1)
    return since, until


def _of(desk: Agency, since: datetime, until: datetime) -> QuerySet[Call]:
    return Call.objects.filter(agency=desk, began_at__gte=since, began_at__lte=until)


def _listed(calls: Iterable[Call]) -> list[Listed]:
    listed = list(calls)
    still = set(
        waiting(Call.objects.filter(id__in=[call.id for call in listed])).values_list("id", flat=True)
    )
    return [Listed(call=call, masked=_masked(call), waits=call.id in still) for call in listed]


def _masked(call: Call) -> str:
    number = (
        "" if call.is_anonymous and call.case_id else keyring().open(PHONE_LABEL, call.id, call.phone_sealed)
    )
    return phones.masked(number) if number else ""
