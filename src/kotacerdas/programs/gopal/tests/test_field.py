"""The operator's day on the phone: twelve jobs offline, two plant visits, a breakdown, and what comes down again."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

import pytest
from PIL import Image

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.actions import job_change, job_pin
from kotacerdas.foundation.dispatch.models import Job, PlannedStop, UnitPosition, UnitState
from kotacerdas.foundation.payments.models import Charge, Payment
from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.kernel import clock, ids
from kotacerdas.programs.gopal.actions import manifests, orders, receiving
from kotacerdas.programs.gopal.models import Manifest, Order
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db
CHECKS = ["clothing", "lid", "hose", "clean"]
HERE = {"lat": world.HOUSE[0], "lng": world.HOUSE[1], "accuracy": 9}
SIX, NIGHT = world.at(world.TUESDAY, 6), world.at(world.TUESDAY, 17)


@pytest.fixture(autouse=True)
def _world(cast):
    world.ready()
    world.crew()


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 60)).save(made, "JPEG")
    return made.getvalue()


def empty(phone: Handset, case, at, litres=1200, **values):
    """The form of an emptied tank, with a photo before and one after, as the outbox has it."""
    photo = picture()
    files = [
        {
            "id": str(ids.new_id()),
            "field": name,
            "size": len(photo),
            "sha256": hashlib.sha256(photo).hexdigest(),
        }
        for name in ("before", "after")
    ]
    answers = {"checks": CHECKS, "litres": litres, "here": HERE, **values}
    answers |= {one["field"]: [one["id"]] for one in files}
    return phone.command("gopal.order.empty", item=str(case.id), at=at, values=answers, files=files)


def stops(phone: Handset) -> list[dict]:
    found = [row for (kind, _key), row in phone.records.items() if kind == "gopal.stop"]
    return sorted(found, key=lambda row: row["order"])


def record(phone: Handset, kind: str) -> tuple[str, dict]:
    return next((key, row) for (known, key), row in phone.records.items() if known == kind)


def statuses(answer) -> list[str]:
    return [one["status"] for one in answer["answers"]]


def test_the_days_route_stands_on_the_phone_in_order_with_what_the_operator_needs():
    world.tank()
    world.order(tank="TS-1")
    world.order(lat=-1.1750, lng=122.4950, address="Jalan Baru 2", slot=world.at(world.TUESDAY, 10))
    world.in_force()
    with clock.frozen(SIX):
        phone = Handset(world.operator().user)
        phone.exchange()
        first, second = stops(phone)
    assert (first["title"], second["title"]) == ("1 · Wati", "2 · Wati")
    assert first["phone"] == "+6281234567890"
    facts = dict(first["facts"])
    assert facts["Perkiraan"] == "1.800 L"
    assert facts["Isi tangki"] == "2.400 L"
    assert facts["Selang"] == "20 m"
    assert first["forms"] == [
        "gopal.order.set_out",
        "gopal.order.empty",
        "gopal.order.fail",
        "gopal.order.cash",
    ]
    assert record(phone, "gopal.trip")[1]["title"] == "Buang: IPLT Melati"
    assert record(phone, "gopal.truck")[1]["title"] == "Truk 01"


def test_nobody_else_has_the_route_on_the_phone():
    world.order()
    world.in_force()
    with clock.frozen(SIX):
        phone = Handset(world.operator("oman").user)
        phone.exchange()
    assert stops(phone) == []


def test_a_whole_day_offline_arrives_late_and_in_order():
    slots = [world.at(world.TUESDAY, hour) for hour in (8, 10, 13)]
    world.shifts(unit=world.truck("Truk 02"))
    cases = [
        world.order(
            slot=slots[number // 4],
            litres=600,
            lat=-1.1710 - number * 0.001,
            lng=122.4910 + number * 0.001,
            phone=f"0812-3456-78{number:02d}",
        ).case
        for number in range(12)
    ]
    for case in cases:
        job = orders.job_of(Order.objects.get(case=case))
        job_change(actor=world.planner(), job=job, service_seconds=1200)
        job_pin(actor=world.planner(), job=job, unit=world.truck())
    world.in_force()
    at = world.at(world.TUESDAY, 8)
    with clock.frozen(SIX):
        phone = Handset(world.operator().user)
        phone.exchange()
        trip, row = record(phone, "gopal.trip")
        assert row["forms"] == ["gopal.trip.arrive"]
        truck, row = record(phone, "gopal.truck")
        assert (
            "gopal.truck.arrive" in row["forms"]
        )  # nothing is on board yet, and no contact till the evening
    queued, visits = [], {5: "gopal.trip.arrive", 10: "gopal.truck.arrive"}
    for number, row in enumerate(stops(phone)):
        case = Case.objects.get(number=dict(row["facts"])["Nomor"])
        at += timedelta(minutes=12)
        queued.append(phone.command("gopal.order.set_out", item=str(case.id), at=at))
        at += timedelta(minutes=24)
        queued.append(empty(phone, case, at, litres=600))
        if number in visits:
            at += timedelta(minutes=10)
            form = visits[number]
            values = {} if form == "gopal.trip.arrive" else {"plant": "IPLT-1"}
            item = trip if form == "gopal.trip.arrive" else truck
            queued.append(phone.command(form, item=item, at=at, values=values))
    at += timedelta(minutes=5)
    broken = {"reason": "pump", "remark": "Berasap", "here": HERE}
    queued.append(phone.command("gopal.truck.breakdown", item=truck, at=at, values=broken))
    with clock.frozen(NIGHT):
        answer = phone.exchange(*queued)
        again = phone.exchange(*queued)
    assert statuses(answer) == ["done"] * 27
    assert statuses(again) == ["done"] * 27
    assert set(Case.objects.filter(id__in=[one.id for one in cases]).values_list("state", flat=True)) == {
        "emptied"
    }
    sums = [(one.state, manifests.loaded(one)) for one in Manifest.objects.order_by("number")]
    assert sums == [("carrying", 3600), ("carrying", 3000), ("open", 600)]
    assert PlannedStop.objects.filter(route__is_published=True, kind="task", state="done").count() == 12
    assert not Job.objects.filter(state="open").exists()
    state = UnitState.objects.get()
    assert (state.state, state.why, state.since) == ("broken", "Pompa. Berasap", at)
    seen = UnitPosition.objects.get()
    assert (seen.source, seen.measured_at) == ("phone", at)
    assert all(row["state"][0] == "Sudah disedot" for row in stops(phone))
    assert record(phone, "gopal.truck")[1]["state"][0] == "mogok"


def test_photos_that_follow_are_before_and_after_of_the_order():
    opened = world.order()
    world.in_force()
    with clock.frozen(world.at(world.TUESDAY, 9)):
        phone = Handset(world.operator().user)
        command = empty(phone, opened.case, clock.now())
        assert statuses(phone.exchange(command)) == ["done"]
        for one in command["files"]:
            sent = phone.client.put(
                f"/lapangan/foto/{one['id']}/",
                picture(),
                content_type="application/octet-stream",
                HTTP_UPLOAD_OFFSET="0",
                **phone.headers,
            )
            assert sent.status_code in (200, 204), sent.content
    assert sorted(opened.case.files.values_list("moment", flat=True)) == ["after", "before"]


def test_a_job_moved_to_another_truck_vanishes_with_a_word():
    world.shifts(unit=world.truck("Truk 02"))
    kept, moved = world.order(), world.order(lat=-1.1750, lng=122.4950, address="Jalan Baru 2")
    for one in (kept, moved):
        job_pin(actor=world.planner(), job=orders.job_of(one.own), unit=world.truck())
    plan = world.in_force()
    with clock.frozen(SIX):
        phone = Handset(world.operator().user)
        phone.exchange()
        assert len(stops(phone)) == 2
        job_pin(actor=world.planner(), job=orders.job_of(moved.own), unit=world.truck("Truk 02"))
        world.in_force(rest_of=plan)
        found = phone.exchange()
    assert [row["small"].split(" · ")[1] for row in stops(phone)] == ["Jalan Dermaga 4, Karang Putih"]
    assert ["gopal.stop", str(moved.case.id)] in found["gone"]
    assert record(phone, "gopal.truck")[1]["words"] == "Jalan Baru 2: sekarang dikerjakan Truk 02."


def test_what_cannot_be_is_refused_on_its_own_and_the_rest_counts():
    world.tank()
    opened, other = world.order(tank="TS-1"), world.order(lat=-1.1750, lng=122.4950)
    world.in_force()
    with clock.frozen(world.at(world.TUESDAY, 9)):
        phone = Handset(world.operator().user)
        phone.exchange()
        trip, _row = record(phone, "gopal.trip")
        answer = phone.exchange(
            phone.command("gopal.trip.arrive", item=trip),
            empty(phone, opened.case, clock.now(), litres=2500),
            empty(phone, other.case, clock.now()),
            phone.command("gopal.truck.breakdown", item=str(ids.new_id()), values={"reason": "pump"}),
            phone.command(
                "gopal.truck.position",
                item=str(world.truck().id),
                values={"here": {"lat": 0.0, "lng": 110.0, "accuracy": 5}},
            ),
        )
    assert statuses(answer) == ["refused", "refused", "done", "refused", "refused"]
    assert [one.get("code") for one in answer["answers"]] == [
        "no_loads",
        "beyond_tank",
        None,
        "missing",
        "place",
    ]
    assert "2.400" in answer["answers"][1]["fields"]["litres"]


def test_an_incomplete_checklist_is_asked_for():
    opened = world.order()
    world.in_force()
    with clock.frozen(world.at(world.TUESDAY, 9)):
        phone = Handset(world.operator().user)
        answer = phone.exchange(empty(phone, opened.case, clock.now(), checks=CHECKS[:3]))
    assert "checks" in answer["answers"][0]["fields"]


def test_cash_is_taken_at_the_door_all_that_is_owed_and_once():
    world.tank()
    opened = world.order(tank="TS-1", litres=1000)
    world.in_force()
    with clock.frozen(SIX):
        phone = Handset(world.operator().user)
        phone.exchange()
    with clock.frozen(NIGHT):
        at = world.at(world.TUESDAY, 9)
        phone.exchange(empty(phone, opened.case, at, litres=2400, extra_agreed=True))
        [stop] = stops(phone)
        order = Order.objects.get(case=opened.case)
        owed = sum(one.owed for one in Charge.objects.filter(subject_id=order.pk))
        assert owed > order.price
        assert stop["forms"] == ["gopal.order.cash"]
        less, whole, again = (
            phone.command("gopal.order.cash", item=str(opened.case.id), at=NIGHT, values={"amount": amount})
            for amount in (owed - 1_000, owed, owed)
        )
        answer = phone.exchange(less, whole, again)
        assert statuses(answer) == ["refused", "done", "refused"]
        [stop] = stops(phone)
        assert not stop.get("forms")
    receipts = Payment.objects.filter(charge__subject_id=order.pk)
    assert sum(one.amount for one in receipts) == owed
    assert {one.payer for one in receipts} == {"Wati"}
    assert {str(one.taken_by.code) for one in receipts} == {"desludging_operator"}


def test_the_next_unloading_shows_the_manifests_code_once_something_is_loaded():
    opened = world.order()
    world.in_force()
    with clock.frozen(world.at(world.TUESDAY, 9)):
        phone = Handset(world.operator().user)
        phone.exchange()
        assert "qr" not in record(phone, "gopal.trip")[1]
        phone.exchange(empty(phone, opened.case, clock.now()))
        row = record(phone, "gopal.trip")[1]
    assert dict(row["facts"])["Kode untuk IPLT"] == Manifest.objects.get().token
    side, lines = row["qr"]
    assert (side, lines[:2]) == (29, "M2")


def test_an_order_that_is_booked_for_another_time_is_nothing_to_do_today():
    opened = world.order()
    world.in_force()
    with clock.frozen(world.at(world.TUESDAY, 9)):
        phone = Handset(world.operator().user)
        answers = {"reason": "nobody", "here": HERE}
        phone.exchange(phone.command("gopal.order.fail", item=str(opened.case.id), values=answers))
        slot = world.at(world.TUESDAY + timedelta(days=2), 10)
        orders.order_rebook(actor=world.planner(), case=Case.objects.get(id=opened.case.id), slot=slot)
        phone.exchange()
    [row] = stops(phone)
    assert row["state"][0] == "Terpesan"
    assert "forms" not in row


def test_an_order_that_was_rebooked_is_gone_from_the_old_days_phone():
    opened = world.order()
    world.in_force()
    orders.order_rebook(
        actor=world.planner(), case=opened.case, slot=world.at(world.TUESDAY + timedelta(days=2), 10)
    )
    with clock.frozen(SIX):
        phone = Handset(world.operator().user)
        phone.exchange()
    assert stops(phone) == []


def test_the_operator_who_is_asked_explains_on_the_phone_and_nobody_else_sees_the_question():
    noon = world.at(world.TUESDAY, 12)
    with clock.frozen(noon):
        receiving.manifest_receive(actor=world.plant_officer(), manifest=world.loaded(1800), litres=1000)
        phone, other = Handset(world.operator().user), Handset(world.operator("oman").user)
        other.exchange()
        assert not [kind for kind, _key in other.records if kind == "gopal.difference"]
        phone.exchange()
        key, row = record(phone, "gopal.difference")
        assert "1.800" in row["words"]
        assert row["forms"] == ["gopal.difference.answer"]
        answer = phone.command("gopal.difference.answer", item=key, at=noon, values={"body": "Meter macet"})
        assert statuses(phone.exchange(answer)) == ["done"]
        wrong = other.command("gopal.difference.answer", item=key, at=noon, values={"body": "Bukan"})
        assert statuses(other.exchange(wrong)) == ["refused"]
    case = Case.objects.get(kind="gopal.difference")
    assert (case.state, case.notes.get().body) == ("answered", "Meter macet")
