"""Delivery: twice run is once sent; a died attempt is repeated only where that does no harm."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.db import connection

from kotacerdas.foundation.jobs import insert_and_defer
from kotacerdas.foundation.notify import delivery
from kotacerdas.foundation.notify.models import Message, OutboxLetter
from kotacerdas.foundation.notify.senders import SendFailed, SendRefused, SendUnclear
from kotacerdas.foundation.notify.tasks import deliver

pytestmark = pytest.mark.django_db


@dataclass
class Recording:
    """A sender that keeps what it is given, or fails as told. The port itself, not a stand-in for a real door."""

    may_repeat: bool = False
    error: Exception | None = None
    sent: list[tuple[str, str]] = field(default_factory=list)

    def send(self, message, address, words):
        if self.error:
            raise self.error
        self.sent.append((address, words.body))
        return "id-1"


@pytest.fixture
def message(cast):
    filed = cast.report()
    return Message.objects.get(effect="iceta.received", recipient_id=filed.party.id)


def use(monkeypatch, sender):
    monkeypatch.setattr(delivery, "sender_for", lambda channel: sender)


def test_running_twice_sends_once(message):
    delivery.deliver(str(message.id))
    delivery.deliver(str(message.id))
    letter = OutboxLetter.objects.get(message=message)
    assert letter.address == "+6281234567890"
    assert "/l/" in letter.body
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)


def test_the_text_is_composed_in_the_recipients_language(message, cast):
    delivery.deliver(str(message.id))
    assert "Laporan Anda" in OutboxLetter.objects.get(message=message).body
    english = cast.report(language="en", phone="0813-1111-2222")
    other = Message.objects.get(effect="iceta.received", recipient_id=english.party.id)
    delivery.deliver(str(other.id))
    assert "Your report" in OutboxLetter.objects.get(message=other).body


def test_an_attempt_that_died_is_repeated_where_that_does_no_harm(message):
    Message.objects.filter(id=message.id).update(state="sending", attempts=1)
    delivery.deliver(str(message.id))
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)
    assert OutboxLetter.objects.filter(message=message).count() == 1


def test_an_attempt_that_died_is_held_where_repeating_could_send_twice(message, monkeypatch):
    sender = Recording(may_repeat=False)
    use(monkeypatch, sender)
    Message.objects.filter(id=message.id).update(state="sending", attempts=1)
    delivery.deliver(str(message.id))
    delivery.deliver(str(message.id))
    message.refresh_from_db()
    assert message.state == "unknown"
    assert message.error
    assert sender.sent == []


def test_a_failed_attempt_raises_for_the_queue_and_may_be_tried_again(message, monkeypatch):
    sender = Recording(error=SendFailed("HTTP 503"))
    use(monkeypatch, sender)
    with pytest.raises(SendFailed):
        delivery.deliver(str(message.id))
    message.refresh_from_db()
    assert message.state == "failed"
    sender.error = None
    delivery.deliver(str(message.id))
    message.refresh_from_db()
    assert (message.state, message.attempts, message.provider_id) == ("sent", 2, "id-1")


@pytest.mark.parametrize(
    ("error", "state"), [(SendUnclear("lost"), "unknown"), (SendRefused("no"), "dropped")]
)
def test_an_unclear_or_refused_send_is_held_and_not_repeated(message, monkeypatch, error, state):
    sender = Recording(error=error)
    use(monkeypatch, sender)
    delivery.deliver(str(message.id))
    sender.error = None
    delivery.deliver(str(message.id))
    message.refresh_from_db()
    assert message.state == state
    assert sender.sent == []


def test_a_message_to_somebody_not_reachable_any_more_is_dropped(message, cast):
    from kotacerdas.foundation.cases.models import CaseParty

    CaseParty.objects.filter(id=message.recipient_id).update(person=None, contact=None)
    delivery.deliver(str(message.id))
    message.refresh_from_db()
    assert message.state == "dropped"


def test_an_unknown_message_is_nothing_to_do(db):
    delivery.deliver("01890000-0000-7000-8000-000000000000")


def test_a_message_asked_for_twice_is_one_row_with_one_job(message):
    def jobs() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE args->>'message_id' = %s", [str(message.id)]
            )
            return cursor.fetchone()[0]

    assert jobs() == 1
    again = Message(
        **{field.name: getattr(message, field.name) for field in Message._meta.fields if field.name != "id"}
    )
    insert_and_defer([again], deliver, "message_id")
    assert (
        Message.objects.filter(effect=message.effect, recipient_id=message.recipient_id).count()
        == jobs()
        == 1
    )
