"""Stocktakes: a session freezes what it expects, scans say what is found, and its closing locks it and opens findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.kinds import LEAD as LEADER
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.programs.lada.actions.ledger import next_number
from kotacerdas.programs.lada.lifecycles.findings import FINDING
from kotacerdas.programs.lada.models import Asset, Expected, Finding, Room, Session, SessionTeam
from kotacerdas.programs.lada.permissions import LEAD
from kotacerdas.programs.lada.queries import counters_of
from kotacerdas.programs.lada.stocktake import counting

SUBJECT = "lada.session"
LONGEST_NAME = 120
MOST_DAYS = 366
MOST_GOODS = 20_000
MOST_FINDINGS = 1_000
BATCH = 2_000


@dataclass(frozen=True)
class Team:
    """Somebody who counts, and in which room; without one: everywhere in the stocktake."""

    user: User
    room: Room | None = None


def session_open(
    *,
    actor: Actor,
    agency: Agency,
    name: str,
    teams: Sequence[Team],
    due_on: date,
    rooms: Sequence[Room] = (),
    area_code: str = "",
) -> Session:
    """Open a stocktake; what the register has there now is what it expects, whatever changes afterwards.

    rooms, area_code  what is counted; neither: all of the agency, and what has no room too

    Raises Refused; Invalid at `name`, `rooms`, `teams`, `due_on`; Conflict for a good that another one counts.
    """
    require(actor.grants, LEAD, agencies=[agency.id])
    assert actor.user is not None
    name = " ".join(name.split())
    _check(agency, name, teams, due_on, rooms, area_code)
    with transaction.atomic():
        Agency.objects.select_for_update(no_key=True).get(
            id=agency.id
        )  # two sessions never take the same good
        chosen = list(rooms) or list(_rooms(agency, area_code))
        goods = _goods(agency, rooms, area_code, chosen)
        _not_counted_elsewhere(agency, goods)
        session = Session.objects.create(
            number=f"INV-{clock.today().year}-{next_number(f'session:{clock.today().year}'):04d}",
            agency=agency,
            name=name,
            area_code=area_code,
            opened_at=clock.now(),
            opened_by=actor.user,
            due_on=due_on,
        )
        session.rooms.set(chosen)
        Expected.objects.bulk_create(
            (Expected(session=session, asset_id=one, room_id=room) for one, room in goods), batch_size=BATCH
        )
        SessionTeam.objects.bulk_create(
            SessionTeam(session=session, user=one.user, room=one.room) for one in dict.fromkeys(teams)
        )
        _journal(session, "open", actor, {"expected": len(goods), "rooms": len(chosen), "teams": len(teams)})
        return session


def team_join(*, actor: Actor, session: Session, user: User, room: Room | None = None) -> SessionTeam:
    """Somebody counts too from now on, in a room or everywhere. Raises Refused, Invalid at `user` or `room`, Conflict."""
    require(actor.grants, LEAD, agencies=[session.agency_id])
    with transaction.atomic():
        session = locked(session)
        _runs(session)
        flaws: dict[str, str] = {}
        if not counters_of(session.agency).filter(id=user.id).exists():
            flaws["user"] = _("One of these people does not count goods of this agency.")
        if room is not None and not session.rooms.filter(id=room.id).exists():
            flaws["room"] = _("This room is not counted in this stocktake.")
        if flaws:
            raise Invalid(_("Nobody was added."), fields=flaws)
        made, _is_new = SessionTeam.objects.get_or_create(session=session, user=user, room=room)
        _journal(session, "join", actor, {})
        return made


def session_close(*, actor: Actor, session: Session, rest: str) -> Session:
    """Close a stocktake: it takes no scan any more, and whatever must be followed up becomes a case with a clock.

    rest  what the goods count as that nobody scanned: "missing", each with a finding, or "not_yet"

    Raises Refused, Invalid at `rest`, Conflict for one that is closed.
    """
    require(actor.grants, LEAD, agencies=[session.agency_id])
    if rest not in (counting.REST_MISSING, counting.REST_NOT_YET):
        words = _("Choose what the goods count as that nobody scanned.")
        raise Invalid(words, fields={"rest": words})
    with transaction.atomic():
        session = locked(session)
        _runs(session)
        session.figures = {"rest": rest}
        rows = counting.results(session)
        found = counting.findings(rows)
        if len(found) > MOST_FINDINGS:
            words = _("%(n)d findings would be opened; at most %(most)d can be followed up.")
            words = words % {"n": len(found), "most": MOST_FINDINGS}
            remedy = _("Count on, or close it with what is left as not yet counted.")
            raise Invalid(words, fields={"rest": f"{words} {remedy}"}, remedy=remedy)
        session.figures |= counting.sums(rows)
        session.state, session.closed_at, session.closed_by = Session.State.CLOSED, clock.now(), actor.user
        session.save(update_fields=["figures", "state", "closed_at", "closed_by"])
        for one in found:
            _finding_open(actor, session, one)
        _journal(session, "close", actor, {**counting.sums(rows), "findings": len(found)})
        return session


def locked(session: Session) -> Session:
    """The session, held until the transaction's end: a scan comes wholly before its closing, or wholly after."""
    return Session.objects.select_for_update(of=("self",)).select_related("agency").get(id=session.id)


def _runs(session: Session) -> None:
    if session.state == Session.State.CLOSED:
        raise Conflict(_("This stocktake is closed already."), remedy=_("Load the page again."))


def _finding_open(actor: Actor, session: Session, one: counting.Result) -> None:
    cases.open(
        FINDING,
        actor=actor,
        title_code=one.classes[0],
        channel="desk",
        given_to=((LEADER, session.agency),),
        own=lambda case: Finding(
            case=case, session=session, asset_id=one.asset, scan=one.scan, classes=list(one.classes)
        ),
    )


def _check(
    agency: Agency, name: str, teams: Sequence[Team], due_on: date, rooms: Sequence[Room], area_code: str
) -> None:
    flaws: dict[str, str] = {}
    if not name or len(name) > LONGEST_NAME:
        flaws["name"] = _("Give it a name, in at most 120 letters.")
    if not clock.today() <= due_on <= clock.today() + timedelta(days=MOST_DAYS):
        flaws["due_on"] = _("It ends today at the earliest, and within a year.")
    if any(one.agency_id != agency.id or one.closed_on is not None for one in rooms):
        flaws["rooms"] = _("One of these rooms is another agency's, or closed.")
    elif rooms and area_code:
        flaws["rooms"] = _("Choose rooms, or an area, not both.")
    may_count = {one.id for one in counters_of(agency)}
    chosen = {one.id for one in rooms}
    if not teams:
        flaws["teams"] = _("Choose at least one person who counts.")
    elif any(one.user.id not in may_count for one in teams):
        flaws["teams"] = _("One of these people does not count goods of this agency.")
    elif any(one.room is not None and chosen and one.room.id not in chosen for one in teams):
        flaws["teams"] = _("Somebody has a room that is not counted.")
    if flaws:
        raise Invalid(_("The stocktake was not opened."), fields=flaws)


def _rooms(agency: Agency, area_code: str) -> QuerySet[Room]:
    rows = Room.objects.filter(agency=agency, closed_on=None)
    return rows.filter(_in_area(area_code)) if area_code else rows


def _goods(
    agency: Agency, rooms: Sequence[Room], area_code: str, chosen: Sequence[Room]
) -> list[tuple[UUID, UUID | None]]:
    """The goods that are expected, with their rooms. Raises Invalid for none, or too many."""
    rows = Asset.objects.filter(agency=agency, is_active=True)
    if rooms:
        rows = rows.filter(room__in=rooms)
    elif area_code:
        rows = rows.filter(_in_area(area_code) | Q(room__in=chosen))
    found: list[tuple[UUID, UUID | None]] = list(rows.values_list("id", "room")[: MOST_GOODS + 1])
    if not found:
        words = _("The register has no goods there.")
        raise Invalid(words, fields={"rooms": words})
    if len(found) > MOST_GOODS:
        words = _("More than %(most)d goods: open one for some of the rooms.") % {"most": MOST_GOODS}
        raise Invalid(words, fields={"rooms": words})
    return found


def _in_area(code: str) -> Q:
    return Q(area_code=code) | Q(area_code__startswith=f"{code}.")


def _not_counted_elsewhere(agency: Agency, goods: Iterable[tuple[UUID, UUID | None]]) -> None:
    """Raise Conflict for a good that the agency counts already; one that came from another agency may be in its count too."""
    wanted = [one for one, _room in goods]
    running = Expected.objects.filter(
        session__state=Session.State.OPEN, session__agency=agency, asset__in=wanted
    )
    other = running.select_related("session").first()
    if other is not None:
        raise Conflict(
            _("Some of these goods are counted in %(number)s already.") % {"number": other.session.number},
            remedy=_("Close that one first, or choose other rooms."),
            code="counted_twice",
        )


def _journal(session: Session, step: str, actor: Actor, measures: Mapping[str, int]) -> None:
    append(
        verb=f"{SUBJECT}.{step}",
        subject=(SUBJECT, session.id),
        actor=actor.code,
        codes={"agency": session.agency.code, "number": session.number},
        measures=measures,
    )
