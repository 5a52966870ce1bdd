"""Stocktakes: what is expected stays as it was, the newest scan counts, the sums agree, and closing locks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.journal.models import Row
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Refused
from kotacerdas.programs.lada.actions.changes import change_propose
from kotacerdas.programs.lada.actions.findings import finding_answer, finding_settle
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.actions.scans import Seen, scan_take
from kotacerdas.programs.lada.actions.stocktake import Team, session_close, session_open, team_join
from kotacerdas.programs.lada.models import Asset, Expected, Finding, Scan, Session
from kotacerdas.programs.lada.stocktake import counting
from kotacerdas.programs.lada.tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(cast):
    world.room("R1", "Tata usaha")
    world.room("R2", "KIA dan KB")


def in_room(code: str = "R1", **given) -> Asset:
    return world.good(data={"room": str(world.room(code).id), **given})


def opened(**given) -> Session:
    usual = {
        "actor": world.officer(),
        "agency": world.agency(),
        "name": "Dinas PU",
        "teams": [Team(world.surveyor().user)],
        "due_on": clock.today() + timedelta(days=3),
    }
    return session_open(**{**usual, **given})


def seen(session: Session, good: Asset | None = None, *, minutes: int = 0, by=None, **given) -> Scan:
    """A scan that a phone brings, so many minutes after the stocktake began."""
    actor = replace(by or world.surveyor(), happened_at=session.opened_at + timedelta(minutes=minutes))
    usual = {"code": good.nibar if good else "", "room": world.room("R1"), "condition": "good"}
    return scan_take(actor=actor, session=session, seen=Seen(**{**usual, **given}))


def later(hours: int):
    return clock.frozen(clock.now() + timedelta(hours=hours))


def test_what_is_expected_stays_as_it_was_when_the_session_began():
    here, moved = in_room(), in_room()
    session = opened(rooms=[world.room("R1")])
    world.done(
        "move", Line(asset=moved.id, kind="move", on=clock.today(), data={"room": str(world.room("R2").id)})
    )
    in_room()
    rows = Expected.objects.filter(session=session).values_list("asset", "room__code")
    assert set(rows) == {(here.id, "R1"), (moved.id, "R1")}
    assert session.number == "INV-2026-0001"
    assert Row.objects.get(verb="lada.session.open").measures["expected"] == 2


def test_a_session_of_the_whole_agency_expects_what_has_no_room_too_and_nothing_of_others():
    loose, here = world.good(), in_room()
    world.good(data={"agency": "KOMINFO"})
    session = opened()
    assert set(session.expected.values_list("asset", flat=True)) == {loose.id, here.id}
    assert session.rooms.count() == 2


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", lambda: {"name": " "}),
        ("teams", lambda: {"teams": []}),
        ("teams", lambda: {"teams": [Team(world.office().user)]}),
        (
            "teams",
            lambda: {"teams": [Team(world.surveyor().user, world.room("R2"))], "rooms": [world.room("R1")]},
        ),
        ("due_on", lambda: {"due_on": clock.today() - timedelta(days=1)}),
        ("due_on", lambda: {"due_on": clock.today() + timedelta(days=400)}),
        ("rooms", lambda: {"rooms": [world.room("X1", "Lain", at="KOMINFO")]}),
        ("rooms", lambda: {"rooms": [world.room("R2")]}),
        ("rooms", lambda: {"rooms": [world.room("R1")], "area_code": "99.01"}),
    ],
)
def test_a_session_that_makes_no_sense_is_refused_whole(field, given):
    in_room()
    with pytest.raises(Invalid) as error:
        opened(**given())
    assert field in error.value.fields
    assert not Session.objects.exists()


def test_a_good_is_counted_in_one_running_stocktake_alone_and_strangers_open_none():
    in_room()
    first = opened()
    with pytest.raises(Conflict, match=first.number):
        opened()
    with pytest.raises(Refused):
        opened(actor=world.surveyor())
    with pytest.raises(Refused):
        opened(actor=world.officer("ani", at="KOMINFO"))


def test_expected_is_found_and_elsewhere_and_missing_and_not_yet_and_the_unexpected_stands_apart():
    found, other_room, gone, _left = in_room(), in_room(), in_room(), in_room()
    stray = in_room("R2")
    session = opened(rooms=[world.room("R1")])
    session.rooms.add(world.room("R2"))
    seen(session, found)
    seen(session, other_room, room=world.room("R2"))
    seen(session, gone, is_there=False, classes=["stolen"])
    seen(session, stray)
    seen(session, words="Kursi tunggu dua dudukan")
    rows = counting.results(session)
    sums = counting.sums(rows)
    assert sums == {"found": 1, "elsewhere": 1, "missing": 1, "not_yet": 1, "unexpected": 2}
    assert sum(sums[one] for one in counting.EXPECTED) == session.expected.count()
    assert [one.classes for one in counting.findings(rows)] == [
        ("elsewhere",),
        ("stolen",),
        ("unexpected",),
        ("unrecorded",),
    ]


def test_two_scans_of_one_good_are_both_kept_and_the_newest_by_its_own_time_counts():
    good = in_room()
    session = opened()
    with later(9):
        seen(session, good, minutes=50, condition="heavy", classes=["used_by_others", "data_changed"])
        seen(session, good, minutes=20, is_there=False)  # it comes later, and was seen earlier
        (row,) = counting.results(session)
    assert Scan.objects.count() == 2
    assert (row.state, row.classes) == ("found", ("used_by_others", "condition", "data_changed"))


def test_a_label_names_its_good_an_old_one_too_and_a_blank_one_is_something_nobody_recorded():
    from kotacerdas.programs.lada.actions.labels import label_bind, labels_blank, labels_of_rooms

    good, officer = in_room(), world.officer()
    old, new, blank = labels_blank(actor=officer, agency=world.agency(), count=3)
    label_bind(actor=officer, token=old.token, asset=good)
    label_bind(actor=officer, token=new.token, asset=good)
    session = opened()
    assert seen(session, code=f"https://contoh.test/b/{new.token}/").asset == good
    assert seen(session, code=old.token.lower()).asset == good
    unknown = seen(session, code=blank.token, words="Kipas angin")
    assert unknown.asset is None
    assert blank.token in unknown.words
    assert "Kipas angin" in unknown.words
    (door,) = labels_of_rooms(actor=officer, rooms=[world.room("R1")])
    with pytest.raises(Invalid, match="R1"):
        seen(session, code=door.token)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("code", {"code": "9999-0000-0000"}),
        ("words", {"code": ""}),
        ("code", {"code": "", "words": "Kipas", "is_there": False}),
        ("condition", {"condition": "broken"}),
        ("condition", {"condition": ""}),
        ("classes", {"classes": ["stolen"]}),
        ("classes", {"classes": ["missing"], "is_there": False}),
        ("words", {"words": "x" * 301}),
        ("room", {"room": "other"}),
    ],
)
def test_a_scan_that_cannot_be_is_refused_whole(field, given):
    good = in_room()
    session = opened(rooms=[world.room("R1")])
    if given.get("room"):
        given = {**given, "room": world.room("R2")}
    with pytest.raises(Invalid) as error:
        seen(session, good, **given)
    assert field in error.value.fields
    assert not Scan.objects.exists()


def test_who_is_in_no_team_scans_nothing_and_the_lead_may_at_the_desk():
    good = in_room()
    session = opened()
    for stranger in (
        world.surveyor("asri"),
        world.surveyor("budi", at="KOMINFO"),
        world.officer("ani", at="KOMINFO"),
    ):
        with pytest.raises(Refused):
            scan_take(actor=stranger, session=session, seen=Seen(code=good.nibar, condition="good"))
    scan_take(actor=world.officer(), session=session, seen=Seen(code=good.nibar, condition="good"))


def test_closing_opens_a_case_with_a_clock_for_each_finding_and_takes_no_scan_any_more():
    laptop, chair = in_room(), in_room()
    session = opened()
    seen(session, chair)
    with later(2):
        closed = session_close(actor=world.officer(), session=session, rest="missing")
        finding = Finding.objects.select_related("case").get()
        assert (finding.asset, finding.classes) == (laptop, ["missing"])
        assert finding.case.clocks.get().due_at > clock.now()
        assert finding.case.lead_agency == world.agency()
        assert closed.figures == {
            "rest": "missing", "found": 1, "elsewhere": 0, "missing": 1, "not_yet": 0, "unexpected": 0,
        }  # fmt: skip
        assert counting.sums(counting.results(closed))["missing"] == 1
        with pytest.raises(Conflict):
            session_close(actor=world.officer(), session=session, rest="missing")
        with pytest.raises(Conflict, match="INV-2026-0001"):
            scan_take(actor=world.officer(), session=session, seen=Seen(code=laptop.nibar, condition="good"))
    with later(3), pytest.raises(Conflict):
        seen(session, laptop, minutes=120 + 1)
    assert Scan.objects.count() == 1


def test_what_is_left_may_stay_not_yet_counted_and_closing_needs_the_leads_right():
    in_room()
    session = opened()
    with pytest.raises(Refused):
        session_close(actor=world.surveyor(), session=session, rest="missing")
    with pytest.raises(Invalid):
        session_close(actor=world.officer(), session=session, rest="lost")
    closed = session_close(actor=world.officer(), session=session, rest="not_yet")
    assert closed.figures["not_yet"] == 1
    assert not Case.objects.filter(kind="lada.finding").exists()


def test_a_scan_from_before_the_closing_that_comes_after_it_is_kept_and_counts_nowhere():
    laptop = in_room()
    session = opened()
    with later(8):
        session_close(actor=world.officer(), session=session, rest="missing")
        late = seen(session, laptop, minutes=30)
        session.refresh_from_db()
        assert late.is_late
        assert [one.id for one in counting.late(session)] == [late.id]
        assert counting.sums(counting.results(session))["missing"] == 1


def test_a_finding_is_explained_and_settled_and_a_move_must_stand_in_the_books():
    laptop = in_room()
    session = opened()
    seen(session, laptop, room=world.room("R2"))
    session_close(actor=world.officer(), session=session, rest="not_yet")
    case = Case.objects.get(kind="lada.finding")
    finding_answer(actor=world.officer(), case=case, body="Dipinjam KIA")
    with pytest.raises(Invalid):
        finding_settle(actor=world.officer(), case=case, outcome="forgotten")
    with pytest.raises(Conflict, match="KIA"):
        finding_settle(actor=world.officer(), case=case, outcome="moved")
    world.done(
        "move", Line(asset=laptop.id, kind="move", on=clock.today(), data={"room": str(world.room("R2").id)})
    )
    case.refresh_from_db()
    with pytest.raises(KotaError):
        finding_settle(actor=world.surveyor(), case=case, outcome="moved")
    finding_settle(actor=world.officer(), case=case, outcome="moved")
    case.refresh_from_db()
    assert (case.state, case.asset_finding.outcome) == ("settled", "moved")
    assert list(case.notes.values_list("body", flat=True)) == ["Dipinjam KIA"]


@pytest.mark.parametrize("rest", ["", "missing", "not_yet"])
def test_sums_by_room_are_those_of_the_list_while_it_runs_and_when_it_is_closed(rest):
    goods, loose = [in_room() for _n in range(4)], world.good()
    stray = in_room("R2")
    session = opened()
    seen(session, goods[0])
    seen(session, goods[1], room=world.room("R2"))
    seen(session, goods[2], is_there=False)
    seen(session, loose, room=world.room("R1"))
    seen(session, stray, room=world.room("R2"))
    if rest:
        session = session_close(actor=world.officer(), session=session, rest=rest)
    rows = [one for one in counting.results(session) if one.state != "unexpected"]
    by_room = counting.sums_by_room(session)
    for room in {one.room for one in rows}:
        mine = [one for one in rows if one.room == room]
        assert {one: by_room[room][one] for one in counting.STATES} == counting.sums(mine)
        assert counting.results_in(session, [room]) == mine


def test_an_area_takes_what_lies_in_it_and_its_rooms_alone():
    here = world.good(data={"area_code": "99.01.01.2001"})
    world.good(data={"area_code": "99.01.02.2001"})
    in_room()
    session = opened(area_code="99.01.01")
    assert list(session.expected.values_list("asset", flat=True)) == [here.id]


def test_somebody_joins_a_running_stocktake_and_none_that_is_closed():
    good = in_room()
    session = opened(rooms=[world.room("R1")])
    asri, stranger = world.surveyor("asri"), world.surveyor("ani", at="KOMINFO")
    for given in ({"user": stranger.user}, {"user": asri.user, "room": world.room("R2")}):
        with pytest.raises(Invalid):
            team_join(actor=world.officer(), session=session, **given)
    with pytest.raises(Refused):
        team_join(actor=asri, session=session, user=asri.user)
    for _twice in range(2):
        team_join(actor=world.officer(), session=session, user=asri.user)
    assert session.teams.count() == 2
    seen(session, good, by=asri)
    session_close(actor=world.officer(), session=session, rest="not_yet")
    with pytest.raises(Conflict):
        team_join(actor=world.officer(), session=session, user=world.surveyor("budi").user)


def test_what_an_outcome_says_of_the_books_must_stand_in_them_or_be_on_its_way():
    worn, gone = in_room(), in_room()
    session = opened()
    seen(session, worn, condition="heavy")
    seen(session, gone, is_there=False)
    session_close(actor=world.officer(), session=session, rest="not_yet")
    case_of = {one.asset_id: one.case for one in Finding.objects.select_related("case")}

    def settle(asset: Asset, outcome: str) -> None:
        case = Case.objects.get(id=case_of[asset.id].id)
        finding_settle(actor=world.officer(), case=case, outcome=outcome)

    for asset, outcome in ((worn, "changed"), (gone, "disposal")):
        with pytest.raises(Conflict) as error:
            settle(asset, outcome)
        assert error.value.code == "not_in_the_books"
    today = clock.today()
    world.done("condition", Line(asset=worn.id, kind="condition", on=today, data={"condition": "heavy"}))
    settle(worn, "changed")
    lines = [Line(asset=gone.id, kind="dispose", on=today, amount=-gone.value, data={"how": "lost"})]
    change_propose(actor=world.officer(), agency=world.agency(), kind="dispose", lines=lines)
    settle(gone, "disposal")
    assert set(Finding.objects.values_list("outcome", flat=True)) == {"changed", "disposal"}


def test_a_good_that_came_from_another_agencys_running_stocktake_holds_up_nobody():
    good = in_room()
    opened()
    Asset.objects.filter(id=good.id).update(agency=world.agency("KOMINFO"), room=None)
    team = [Team(world.surveyor("asri", "KOMINFO").user)]
    session = opened(actor=world.officer("ratna", "KOMINFO"), agency=world.agency("KOMINFO"), teams=team)
    assert Expected.objects.filter(session=session, asset=good).exists()
