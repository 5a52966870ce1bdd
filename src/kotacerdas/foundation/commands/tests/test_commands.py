"""A command twice, changed, under way, and by another actor with the same id."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import pytest
from django.db import connection, transaction
from django.test import RequestFactory
from trials.cast import account

from kotacerdas.foundation.commands.declarations import Command, command_take
from kotacerdas.foundation.commands.idempotency import (
    ChangedSince,
    CommandRepeated,
    Idempotency,
    digest_of,
    recent_command_ids,
    refs_of_command,
)
from kotacerdas.foundation.commands.models import TakenCommand
from kotacerdas.foundation.commands.posted import PostedForm, id_of
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Invalid, Refused


@dataclass(frozen=True)
class Lend:
    """What the invented command of these tests is given."""

    book: str


LENT: list[str] = []


def _lend(*, actor, given: Lend) -> dict[str, str]:
    if not given.book:
        raise Invalid("which book?")
    LENT.append(given.book)
    return {"loan": f"loan of {given.book}"}


LEND = Command(name="toy.loan.lend", input=Lend, run=_lend)


@pytest.fixture(autouse=True)
def _no_loans():
    LENT.clear()


def sent(book: str, command_id, user: str = "wati"):
    """The command as an account of that name sends it."""
    actor, given = staff(account(user, name=user.title())), Lend(book)
    return command_take(LEND, actor=actor, given=given, command_id=command_id, digest=digest_of(book))


@pytest.mark.django_db
class TestTaken:
    def test_twice_the_same_is_done_once_and_answered_alike(self):
        key = ids.new_id()
        first, second = sent("Laskar", key), sent("Laskar", key)
        assert (first.refs, first.is_new) == ({"loan": "loan of Laskar"}, True)
        assert (second.refs, second.is_new) == (first.refs, False)
        assert LENT == ["Laskar"]

    def test_a_year_later_too(self):
        key = ids.new_id()
        sent("Laskar", key)
        with clock.frozen(clock.now().replace(year=clock.now().year + 1)):
            assert not sent("Laskar", key).is_new

    def test_changed_it_is_a_conflict_that_names_what_was_made(self):
        key = ids.new_id()
        sent("Laskar", key)
        with pytest.raises(ChangedSince) as changed:
            sent("Bumi", key)
        assert changed.value.refs == {"loan": "loan of Laskar"}
        assert LENT == ["Laskar"]

    def test_another_actor_with_the_same_id_does_it_too_and_learns_nothing(self):
        key = ids.new_id()
        sent("Laskar", key)
        other = sent("Bumi", key, user="asep")
        assert (other.is_new, other.refs) == (True, {"loan": "loan of Bumi"})

    def test_an_error_gives_the_id_back(self):
        key = ids.new_id()
        with pytest.raises(Invalid):
            sent("", key)
        assert sent("Laskar", key).is_new

    def test_without_an_id_it_is_done_as_often_as_it_comes(self):
        sent("Laskar", None)
        sent("Laskar", None)
        assert LENT == ["Laskar", "Laskar"]
        assert not TakenCommand.objects.exists()

    def test_without_the_permission_nothing_is_done(self):
        guarded = Command(name="toy.loan.fine", input=Lend, run=_lend, permission="documents.edit_template")
        actor = staff(account("asep", name="Asep"))
        with pytest.raises(Refused):
            command_take(guarded, actor=actor, given=Lend("x"), command_id=ids.new_id(), digest="")
        assert LENT == []

    def test_an_old_row_of_which_nothing_is_known_accuses_nobody(self):
        key = ids.new_id()
        sent("Laskar", key)
        TakenCommand.objects.update(digest="")
        assert not sent("Bumi", key).is_new

    def test_the_store_alone_does_not_tell_what_was_sent(self):
        sent("081234567890", ids.new_id())
        from hashlib import sha256

        plain = sha256(b'["081234567890"]').hexdigest()
        assert TakenCommand.objects.get().digest not in (plain, plain[:32])

    def test_the_ids_of_what_was_taken_are_listed_the_newest_first(self):
        first, second = ids.new_id(), ids.new_id()
        sent("Laskar", first)
        sent("Bumi", second)
        scope = f"user:{account('wati').pk}"
        assert recent_command_ids(scope, LEND.name, 5) == [str(second), str(first)]
        assert refs_of_command(scope, first) == {"loan": "loan of Laskar"}
        assert refs_of_command("user:other", first) is None


@pytest.mark.django_db
class TestPostedForms:
    def form(self, **given: str) -> PostedForm:
        request = RequestFactory().post("/", given)
        request.user = account("wati", name="Wati")
        return PostedForm.of(request, "toy.step", "7")

    def test_one_key_stands_for_another_command_at_each_of_its_parts(self):
        key = ids.new_id()
        assert id_of(key, "toy.step", "7") != id_of(key, "toy.step", "8") != key
        assert id_of(key, "toy.step") == key

    def test_parts_are_told_apart_however_long_the_names_are(self):
        key, kind = ids.new_id(), f"toy.{'a' * 76}"
        assert id_of(key, kind, "7") != id_of(key, kind, "8")

    def test_content_counts_to_its_last_letter(self):
        key, words = str(ids.new_id()), "Tolong diperiksa sebelum hari Senin pagi"
        request = RequestFactory().post("/", {"key": key})
        request.user = account("wati", name="Wati")
        with PostedForm.of(request, "toy.bulk", content=words).taking():
            pass
        with pytest.raises(ChangedSince):
            PostedForm.of(request, "toy.bulk", content=f"{words}!").check()

    def test_what_may_differ_when_pressed_again_does_not_count_and_the_rest_does(self):
        key = str(ids.new_id())
        with self.form(key=key, body="Besok", seen_version="1").taking():
            pass
        with pytest.raises(CommandRepeated):
            self.form(key=key, body="Besok", seen_version="2").check()
        with pytest.raises(ChangedSince):
            self.form(key=key, body="Lusa").check()

    def test_any_text_is_a_key_and_an_empty_one_is_none(self):
        for _time in range(2):
            with self.form(key="", body="Besok").taking():
                pass
        assert not TakenCommand.objects.exists()
        with self.form(key="kunci", body="Besok").taking():
            pass
        with pytest.raises(CommandRepeated):
            self.form(key="kunci", body="Besok").check()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fails", [False, True])
def test_a_second_press_waits_for_the_first_which_is_still_at_work(fails):
    """Two connections: it is answered as the first was; where the first fails, it does the work itself."""
    key, begun, go_on = ids.new_id(), Event(), Event()

    def press(slow: bool) -> str:
        call = Idempotency(actor="user:wati", command_id=key, name="toy.loan.lend", digest="same")
        try:
            with call.taking() as refs:
                refs["loan"] = "slow" if slow else "quick"
                if slow:
                    begun.set()
                    go_on.wait(10)
                    if fails:
                        raise Invalid("no")
            return refs["loan"]
        except CommandRepeated as before:
            return f"before: {before.refs['loan']}"
        except Invalid:
            return "failed"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(press, True)
        begun.wait(10)
        second = pool.submit(press, False)
        with transaction.atomic():
            assert not second.done()
        go_on.set()
        results = (first.result(), second.result())
    assert results == (("failed", "quick") if fails else ("slow", "before: slow"))
