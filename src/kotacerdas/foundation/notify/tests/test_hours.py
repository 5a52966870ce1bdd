"""What is not urgent waits until people may be written to: by the installation's clock, none lost, none twice, in order."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.jobs import worker
from kotacerdas.foundation.notify import delivery
from kotacerdas.foundation.notify.declarations import templates
from kotacerdas.foundation.notify.expiry import TICKS
from kotacerdas.foundation.notify.holding import let_go
from kotacerdas.foundation.notify.hours import MessageHours, forget_hours, message_hours
from kotacerdas.foundation.notify.models import Message, OutboxLetter
from kotacerdas.foundation.notify.senders import SendFailed
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.foundation.workdays import training
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta import actions

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
DOOR = "/desk/keluar/"


def at(hour: int, minute: int = 0, second: int = 0, *, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute, second), clock.local_zone())


def letters() -> list[str]:
    """The effects of what went out, in the order in which it did."""
    return list(OutboxLetter.objects.order_by("at", "id").values_list("message__effect", flat=True))


def deliver_all() -> None:
    """As a worker does: each message that has a job, in the order of the jobs."""
    for one in Message.objects.filter(state__in=("waiting", "failed")).order_by("created_at", "id"):
        delivery.deliver(str(one.id))


def asked(cast, when: datetime, **given):
    """A report that was verified at a moment: its receipt is at once, the news of it is not."""
    with clock.frozen(when):
        filed = cast.verified(**given)
        deliver_all()
    return filed


def reply(cast, case, when: datetime) -> None:
    """Rudi's agency replies at a moment, and a worker is at work."""
    with clock.frozen(when):
        case.refresh_from_db()
        actions.report_reply(actor=staff(cast.rudi), case=case, body="Kami periksa besok.")
        deliver_all()


@pytest.mark.parametrize(
    ("when", "goes"),
    [
        (at(23, 10), False),
        (at(0), False),
        (at(2), False),
        (at(6, 59, 59), False),
        (at(7), True),
        (at(12), True),
        (at(19, 59, 59), True),
        (at(20), False),
        (at(2, 0, day=date(2026, 2, 25)), False),  # in Ramadan as ever
        (at(10, 0, day=date(2026, 12, 25)), True),  # a holiday is no night
    ],
)
def test_news_of_a_report_goes_by_day_alone_and_its_receipt_at_any_hour(cast, when, goes):
    asked(cast, when)
    assert "iceta.received" in letters()
    assert ("iceta.verified" in letters()) is goes
    assert Message.objects.get(effect="iceta.verified").state == ("sent" if goes else "held")


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        (at(23, 10), at(7) + timedelta(days=1)),
        (at(20), at(7) + timedelta(days=1)),
        (at(0), at(7)),
        (at(6, 59, 59), at(7)),
        (at(7), at(7)),
    ],
)
def test_what_waits_goes_when_the_morning_comes_and_not_before(cast, when, opens):
    asked(cast, when)
    with clock.frozen(opens - timedelta(seconds=1)):
        let_go()
        deliver_all()
        assert message_hours().opens(clock.now()) == opens
    assert ("iceta.verified" in letters()) is (when == opens)
    for _again in range(2):
        with clock.frozen(opens):
            let_go()
            deliver_all()
    assert letters().count("iceta.verified") == 1
    assert not Message.objects.exclude(state="sent").exists()


def test_all_that_is_told_of_an_emergency_goes_at_night(cast):
    filed = asked(cast, at(2), category=cast.category("landslide"))
    reply(cast, filed.case, at(3))
    assert not Message.objects.filter(state="held").exists()
    assert letters() == ["iceta.received", "iceta.verified", "iceta.reply"]
    for case, goes in ((filed.case, True), (asked(cast, at(4)).case, False)):
        assert templates()["iceta.escalated"].goes_at_once(case.id, {"case": str(case.id)}) is goes


def test_every_template_says_when_it_goes():
    """A new one is put where it belongs: what waits is the rest."""
    at_once = {name for name, one in templates().items() if one.at_once is True}
    of_emergencies = {name for name, one in templates().items() if callable(one.at_once)}
    assert at_once == {
        "iceta.received",
        "iceta.joined",
        "iceta.link",
        "gopal.booked",
        "gopal.withdrawn",
        "gopal.link",
        "gopal.under_way",
        "gopal.delayed",
        "gopal.refused",
        "lada.alarm",
        "telemetry.raised",
    } & set(templates())
    assert all(name.startswith("iceta.") for name in of_emergencies)


def test_several_about_one_report_go_in_the_order_in_which_they_were_asked_for(cast):
    filed = asked(cast, at(21))
    reply(cast, filed.case, at(22))
    with clock.frozen(at(7, day=DAY + timedelta(days=1))):
        # asked for before the look-out has let the others go, and taken by a worker first
        filed.case.refresh_from_db()
        actions.report_ask(actor=staff(cast.rudi), case=filed.case, body="Di dermaga yang mana?")
        deliver_all()
        assert "iceta.question" not in letters()
        let_go()
        held = Message.objects.filter(recipient_id=filed.party.id).exclude(effect="iceta.received")
        first, second, third = held.order_by("created_at", "id")
        for one in (third, second, first):  # whatever order workers take them in
            delivery.deliver(str(one.id))
        for _round in range(2):
            let_go()
            deliver_all()
    told = [one for one in letters() if one in ("iceta.verified", "iceta.reply", "iceta.question")]
    assert told == ["iceta.verified", "iceta.reply", "iceta.question"]


def test_one_that_fails_in_the_morning_holds_nobody_up(cast):
    filed = asked(cast, at(21))
    reply(cast, filed.case, at(22))
    with clock.frozen(at(7, 1, day=DAY + timedelta(days=1))):
        let_go()
        verified = Message.objects.filter(effect="iceta.verified")
        verified.update(state="sending", attempts=2)  # its job raises again and again
        for _round in range(2):
            let_go()
            deliver_all()
    assert "iceta.reply" in letters()


def test_one_that_fails_in_the_evening_is_not_tried_again_at_night(cast, monkeypatch):
    class Busy:
        may_repeat = True

        def send(self, message, address, words):
            raise SendFailed("HTTP 503")

    with clock.frozen(at(19, 59)):
        cast.verified()
    verified = Message.objects.get(effect="iceta.verified")
    with monkeypatch.context() as patch, clock.frozen(at(19, 59)):
        patch.setattr(delivery, "sender_for", lambda channel: Busy())
        with pytest.raises(SendFailed):
            delivery.deliver(str(verified.id))
    with clock.frozen(at(20, 30)):
        delivery.deliver(str(verified.id))
    verified.refresh_from_db()
    assert (verified.state, verified.attempts) == ("held", 1)
    with clock.frozen(at(7, day=DAY + timedelta(days=1))):
        let_go()
        delivery.deliver(str(verified.id))
    assert letters().count("iceta.verified") == 1


@pytest.mark.django_db(transaction=True)
def test_training_time_that_is_moved_past_the_morning_sends_what_waits(cast):
    """The queue and the look-out as they run, by the clock that `./run clock move` turns."""
    token = clock._frozen.set(None)  # the cast holds the time, which the training clock does not turn
    night = clock.now().astimezone(clock.local_zone()).replace(hour=23, minute=10)
    training.move(night - clock.now())
    try:
        cast.verified()
        worker.run_until_empty()
        assert "iceta.verified" not in letters()
        for step, goes in ((timedelta(hours=7), False), (timedelta(hours=1), True)):
            training.move(step)
            for tick in TICKS:
                tick()
            worker.run_until_empty()
            assert ("iceta.verified" in letters()) is goes
    finally:
        training.reset()
        clock._frozen.reset(token)


def test_a_pack_without_the_section_has_seven_to_eight(settings, tmp_path):
    settings.PACK = tmp_path
    forget_hours()
    (tmp_path / "hours.toml").write_text("")
    assert message_hours() == MessageHours(from_=time(7), until=time(20))
    forget_hours()
    (tmp_path / "hours.toml").write_text("[messages]\nfrom = 08:30:00\n")
    assert message_hours() == MessageHours(from_=time(8, 30), until=time(20))
    forget_hours()


def test_the_outbox_page_shows_what_waits_and_until_when(client, cast):
    cast.sari.is_demo = True
    cast.sari.save(update_fields=["is_demo"])
    filed = asked(cast, at(23, 10))
    client.force_login(cast.sari)
    with clock.frozen(at(23, 30)):
        html = client.get(DOOR).content.decode()
    assert "Menunggu sampai 25 November 2026 pukul 07.00" in html
    assert f"Laporan {filed.case.number} sudah diverifikasi" in html
    with clock.frozen(at(9)):
        let_go()
        deliver_all()
        assert "Menunggu sampai" not in client.get(DOOR).content.decode()


def test_a_question_that_was_answered_meanwhile_is_not_asked_in_the_morning(cast):
    filed = asked(cast, at(12))
    with clock.frozen(at(21)):
        filed.case.refresh_from_db()
        actions.report_ask(actor=staff(cast.rudi), case=filed.case, body="Di dermaga yang mana?")
        deliver_all()
    with clock.frozen(at(21, 30)):
        party = CaseParty.objects.select_related("case__lead_agency", "person").get(id=filed.party.id)
        actions.report_answer(actor=reporter(), party=party, body="Yang timur")
        deliver_all()
    with clock.frozen(at(7, day=DAY + timedelta(days=1))):
        let_go()
        deliver_all()
    assert "iceta.question" not in letters()
    assert Message.objects.get(effect="iceta.question").state == "dropped"


@pytest.mark.parametrize("priority", ["urgent", "emergency"])
def test_what_is_urgent_goes_at_night(cast, priority):
    filed = asked(cast, at(12))
    Case.objects.filter(id=filed.case.id).update(priority=priority)
    reply(cast, filed.case, at(23))
    assert "iceta.reply" in letters()


def test_one_without_a_text_of_its_name_fails_and_holds_nobody_up(cast, client):
    filed = asked(cast, at(21))
    reply(cast, filed.case, at(22))
    Message.objects.filter(effect="iceta.verified").update(effect="iceta.gone")
    cast.sari.is_demo = True
    cast.sari.save(update_fields=["is_demo"])
    client.force_login(cast.sari)
    with clock.frozen(at(22, 30)):
        assert client.get(DOOR).status_code == 200
    with clock.frozen(at(7, day=DAY + timedelta(days=1))):
        for _round in range(2):
            let_go()
            deliver_all()
    assert "iceta.reply" in letters()
    assert Message.objects.get(effect="iceta.gone").state == "failed"


def test_many_that_waited_for_one_reader_go_in_one_round(cast):
    filed = asked(cast, at(21))
    for minute in range(12):
        reply(cast, filed.case, at(22, minute))
    with clock.frozen(at(7, day=DAY + timedelta(days=1))):
        let_go()
        for _job in range(20):  # each that is out gives the next one its job
            deliver_all()
    assert letters().count("iceta.reply") == 12
    assert not Message.objects.filter(state="held").exists()
