"""The demo's stocktakes: one that two teams are at, and one that was closed, whose findings are followed up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from kotacerdas.foundation.parties.actors import Actor, staff
from kotacerdas.foundation.parties.demo import worker_named, worker_of
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.timeline import Act
from kotacerdas.programs.lada.actions.findings import finding_answer, finding_settle
from kotacerdas.programs.lada.actions.scans import Seen, scan_take
from kotacerdas.programs.lada.actions.stocktake import Team, session_close, session_open
from kotacerdas.programs.lada.demo.stage import Stage, moment
from kotacerdas.programs.lada.models import Expected, Finding, Room, Session
from kotacerdas.programs.lada.stocktake.counting import REST_NOT_YET

POST = "asset_surveyor"
ROOMS, ROUND = 4, 16  # rooms of a stocktake; goods that a team sees in one go
UNKNOWN = "Kipas angin berdiri, tanpa label"
EXPLAINED = "Dipinjam untuk kegiatan di luar kantor; diminta dibawa kembali pekan ini."
FOUND = "Ada di gudang, di balik lemari."
BEGAN, CLOSED = timedelta(days=2), timedelta(days=11)  # before the present


def counted(stage: Stage) -> None:
    """Put both stocktakes on the timeline, of the first two agencies."""
    running, *others = stage.agencies
    stage.timeline.at(moment(stage.today - BEGAN, 8), lambda _when: _begun(stage, running))
    end = stage.timeline.until
    for team, when in enumerate(
        (moment(stage.today - BEGAN, 10), moment(stage.today - BEGAN, 11), end - timedelta(minutes=35))
    ):
        stage.timeline.at(when, _going_round(stage, running, team % 2))
    stage.timeline.at(end - timedelta(minutes=12), _going_round(stage, running, 1))
    if others:
        day = stage.today - CLOSED
        stage.timeline.at(moment(day, 8), lambda _when: _begun(stage, others[0]))
        stage.timeline.at(moment(day, 10), _going_round(stage, others[0], 0))
        stage.timeline.at(moment(day, 13), _going_round(stage, others[0], 1))
        stage.timeline.at(moment(day + timedelta(days=1), 15), lambda _when: _closed(stage, others[0]))
        stage.timeline.at(moment(day + timedelta(days=4), 9), lambda _when: _followed_up(stage, others[0]))


def _begun(stage: Stage, agency: Agency) -> None:
    rooms, teams = _rooms(agency), _teams(agency)
    session_open(
        actor=stage.officer(agency),
        agency=agency,
        name=f"Inventarisasi {agency.short_name} (contoh)",
        rooms=rooms,
        teams=[
            Team(user=teams[number % 2].user, room=room)  # type: ignore[arg-type]
            for number, room in enumerate(rooms)
        ],
        due_on=clock.today() + timedelta(days=21),
    )


def _going_round(stage: Stage, agency: Agency, team: int) -> Act:
    """A team sees goods of its rooms: most stand where they should, some elsewhere or worse off, one is gone."""

    def act(_when: datetime) -> None:
        session, actor = Session.objects.get(agency=agency), _teams(agency)[team]
        mine = list(Room.objects.filter(id__in=session.teams.filter(user=actor.user).values("room")))
        left = Expected.objects.filter(session=session, room__in=mine).exclude(asset__scans__session=session)
        rows = left.select_related("asset", "room").order_by("room__code", "asset__nibar")[:ROUND]
        for number, one in enumerate(rows):
            scan_take(actor=actor, session=session, seen=_seen(stage, number, one, mine))
        if mine and team and not session.scans.filter(asset=None).exists():
            scan_take(actor=actor, session=session, seen=Seen(words=UNKNOWN, room=mine[-1], condition="good"))

    return act


def _seen(stage: Stage, number: int, one: Expected, rooms: Sequence[Room]) -> Seen:
    code, condition = one.asset.nibar, one.asset.condition
    if number == 5:
        return Seen(code=code, room=one.room, is_there=False, classes=("not_found",))
    others = [room for room in rooms if room != one.room]
    room = others[0] if number == 9 and others else one.room
    worse = stage.random.random() < 0.08 and condition == "good"
    return Seen(code=code, room=room, condition="light" if worse else condition)


def _closed(stage: Stage, agency: Agency) -> None:
    session_close(actor=stage.officer(agency), session=Session.objects.get(agency=agency), rest=REST_NOT_YET)


def _followed_up(stage: Stage, agency: Agency) -> None:
    """One finding is explained, another one settled; the rest wait."""
    cases = [one.case for one in Finding.objects.filter(session__agency=agency).order_by("case__number")[:2]]
    if len(cases) == 2:
        finding_answer(actor=stage.officer(agency), case=cases[0], body=EXPLAINED)
        finding_settle(actor=stage.officer(agency), case=cases[1], outcome="found", body=FOUND)


def _rooms(agency: Agency) -> list[Room]:
    return list(Room.objects.filter(agency=agency).order_by("code")[:ROOMS])


def _teams(agency: Agency) -> list[Actor]:
    """Two who count for an agency: whoever holds the post, and an account beside."""
    first = worker_of(agency, POST)
    name = f"Petugas Inventarisasi 2 {agency.short_name}"
    second = worker_named(agency, POST, f"{POST}-2-{agency.code}".lower().replace("_", "-"), name)
    return [staff(first), staff(second)]
