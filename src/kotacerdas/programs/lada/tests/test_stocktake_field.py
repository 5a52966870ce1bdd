"""A stocktake on phones without a network: two teams a whole day, conflicts kept, late ones said, too many goods."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

import pytest
from PIL import Image

from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.kernel import clock, ids
from kotacerdas.programs.lada import field_stocktake
from kotacerdas.programs.lada.actions.labels import labels_of_goods
from kotacerdas.programs.lada.actions.stocktake import Team, session_close, session_open
from kotacerdas.programs.lada.models import Asset, Scan
from kotacerdas.programs.lada.stocktake import counting
from kotacerdas.programs.lada.tests import world

pytestmark = pytest.mark.django_db
ROOM, GOOD = "lada.room", "lada.good"


@pytest.fixture
def session(cast):
    """Tata usaha with two laptops and a projector, KIA with a fridge; two people count everywhere."""
    tu, kia = world.room("R1", "Tata usaha"), world.room("R2", "KIA dan KB")
    for name in ("Laptop A", "Laptop B", "Proyektor"):
        world.good(data={"room": str(tu.id), "name": name})
    world.good(data={"room": str(kia.id), "name": "Lemari es"})
    teams = [Team(world.surveyor(one).user) for one in ("tono", "asri")]
    return session_open(
        actor=world.officer(),
        agency=world.agency(),
        name="Dinas PU",
        teams=teams,
        due_on=clock.today() + timedelta(days=3),
    )


def phone(who: str = "tono") -> Handset:
    made = Handset(world.surveyor(who).user)
    made.exchange()
    return made


def good(name: str) -> Asset:
    return Asset.objects.get(name=name)


def room_of(session, code: str) -> str:
    return str(field_stocktake.place_id(session, session.rooms.get(code=code)))


def scanned(handset, session, name: str, *, room: str = "R1", minutes: int = 10, **values):
    answers = {"code": good(name).nibar, "condition": "good", **values}
    at = session.opened_at + timedelta(minutes=minutes)
    return handset.command("lada.scan.take", item=room_of(session, room), at=at, values=answers)


def of_good(handset, session, name: str, form: str, *, minutes: int = 10, **values):
    at = session.opened_at + timedelta(minutes=minutes)
    return handset.command(f"lada.good.{form}", item=str(good(name).id), at=at, values=values)


def statuses(answer) -> list[str]:
    return [one["status"] for one in answer["answers"]]


def evening():
    return clock.frozen(clock.now() + timedelta(hours=8))


def test_the_phone_has_the_rooms_of_its_team_and_each_good_by_every_code_that_names_it(session):
    (label,) = labels_of_goods(actor=world.officer(), goods=[good("Laptop A")])
    handset = phone()
    rooms = [row for (kind, _key), row in handset.records.items() if kind == ROOM]
    assert [row["title"] for row in sorted(rooms, key=lambda row: row.get("order", 0))] == [
        "Tata usaha",
        "KIA dan KB",
    ]
    row = handset.records[GOOD, str(good("Laptop A").id)]
    assert row["codes"] == [good("Laptop A").nibar, label.token]
    assert row["inside"] == [room_of(session, "R1"), "Tata usaha"]
    assert len([1 for kind, _key in handset.records if kind == GOOD]) == 4


def test_a_team_with_rooms_has_these_alone_and_who_is_in_no_team_has_nothing(cast):
    tu, kia = world.room("R1", "Tata usaha"), world.room("R2", "KIA dan KB")
    for one in (tu, kia):
        world.good(data={"room": str(one.id)})
    session_open(
        actor=world.officer(),
        agency=world.agency(),
        name="PU",
        teams=[Team(world.surveyor().user, kia), Team(world.surveyor("asri").user)],
        due_on=clock.today(),
    )
    assert [row["title"] for (kind, _key), row in phone().records.items() if kind == ROOM] == ["KIA dan KB"]
    assert len(phone("asri").records) == 4
    assert phone("budi").records == {}


def test_two_phones_count_a_day_offline_and_of_two_scans_of_one_good_the_newest_counts(session):
    tono, asri = phone(), phone("asri")
    with evening():
        first = tono.exchange(
            scanned(tono, session, "Laptop A", minutes=30, condition="heavy"),
            scanned(tono, session, "Laptop B", minutes=35),
            of_good(
                tono, session, "Lemari es", "missing", minutes=40, reason="stolen", words="Pintu dirusak"
            ),
        )
        second = asri.exchange(
            scanned(asri, session, "Laptop A", minutes=20),  # seen earlier, sent later
            scanned(asri, session, "Proyektor", room="R2", minutes=25),
            asri.command(
                "lada.scan.thing",
                item=room_of(session, "R2"),
                at=session.opened_at + timedelta(minutes=50),
                values={"words": "Kursi tunggu", "condition": "light"},
            ),
        )
        assert statuses(first) == statuses(second) == ["done"] * 3
        rows = {one.asset: one for one in counting.results(session)}
    assert Scan.objects.filter(asset=good("Laptop A")).count() == 2
    assert rows[good("Laptop A").id].scan.by.username == "tono"
    assert rows[good("Laptop A").id].classes == ("condition",)
    assert rows[good("Proyektor").id].classes == ("elsewhere",)
    assert rows[good("Lemari es").id].classes == ("stolen",)
    assert rows[None].scan.words == "Kursi tunggu"
    assert counting.sums(rows.values()) == {
        "found": 2, "elsewhere": 1, "missing": 1, "not_yet": 0, "unexpected": 1,
    }  # fmt: skip


def test_what_one_team_counted_is_shown_on_the_others_phone_at_its_next_contact(session):
    tono, asri = phone(), phone("asri")
    with evening():
        tono.exchange(scanned(tono, session, "Laptop A"))
        asri.exchange()
    assert asri.records[GOOD, str(good("Laptop A").id)]["state"][1] == "padi"
    assert asri.records[ROOM, room_of(session, "R1")]["small"].startswith("1 dari 3")


def test_a_phone_that_sends_after_the_closing_is_heard_and_nothing_of_its_counts(session):
    tono = phone()
    with evening():
        session_close(actor=world.officer(), session=session, rest="missing")
    with clock.frozen(clock.now() + timedelta(hours=9)):
        answer = tono.exchange(
            scanned(tono, session, "Laptop A"),
            scanned(tono, session, "Laptop B", minutes=8 * 60 + 30),  # after it was closed
        )
        session.refresh_from_db()
        assert statuses(answer) == ["done", "refused"]
        assert session.number in answer["answers"][1]["words"]
        assert tono.records == {}
        assert [one.asset for one in counting.late(session)] == [good("Laptop A")]
        assert counting.sums(counting.results(session))["missing"] == 4


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "0000-1111-2222"}, "code"),
        ({"condition": "lost"}, "condition"),
        ({"classes": ["stolen"]}, "classes"),
    ],
)
def test_what_cannot_be_comes_back_to_the_phone_with_words_at_its_field(session, values, field):
    tono = phone()
    answer = tono.exchange(scanned(tono, session, "Laptop A", minutes=0, **values))
    (told,) = answer["answers"]
    assert told["status"] == "refused"
    assert field in told["fields"]
    assert not Scan.objects.exists()


def test_a_record_of_another_agency_cannot_be_scanned_for(session):
    ani = Handset(world.surveyor("ani", at="KOMINFO").user)
    answer = ani.exchange(
        ani.command(
            "lada.scan.take", item=room_of(session, "R1"), values={"code": "X1", "condition": "good"}
        ),
        of_good(ani, session, "Laptop A", "found", minutes=0, condition="good"),
    )
    assert statuses(answer) == ["refused", "refused"]


def test_a_photo_follows_its_scan_and_fills_the_gap_in_the_register(session):
    tono, made = phone(), io.BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 60)).save(made, "JPEG")
    photo, key = made.getvalue(), str(ids.new_id())
    command = scanned(tono, session, "Laptop A", minutes=0, photo=[key])
    sha256 = hashlib.sha256(photo).hexdigest()
    command["files"] = [{"id": key, "field": "photo", "size": len(photo), "sha256": sha256}]
    assert statuses(tono.exchange(command)) == ["done"]
    address = f"/lapangan/foto/{key}/"
    sent = tono.client.put(
        address, photo, content_type="application/octet-stream", HTTP_UPLOAD_OFFSET="0", **tono.headers
    )
    assert sent.status_code in (200, 201, 204), sent.content
    assert Scan.objects.get().photo is not None
    assert good("Laptop A").has_photo
    assert good("Laptop A").files.get().words == session.number


def test_a_phone_keeps_whole_rooms_up_to_its_limit_and_says_which_goods_it_has_not(session, monkeypatch):
    monkeypatch.setattr(field_stocktake, "MOST_RECORDS", 3)
    tono = phone()
    assert len([1 for kind, _key in tono.records if kind == GOOD]) == 3
    assert "words" not in tono.records[ROOM, room_of(session, "R1")]
    assert "NIBAR" in tono.records[ROOM, room_of(session, "R2")]["words"]
    monkeypatch.setattr(field_stocktake, "MOST_RECORDS", 2)  # not even the first room fits whole
    assert len([1 for kind, _key in phone().records if kind == GOOD]) == 2
