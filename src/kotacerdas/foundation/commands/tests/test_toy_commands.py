"""A loan that is asked for twice at the same time is one loan."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection
from toy.library import public
from toy.library.actions import Wish
from toy.library.models import Loan

from kotacerdas.foundation.commands.declarations import command_take
from kotacerdas.foundation.commands.idempotency import ChangedSince
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.kernel import ids


def press(key, name="Wati"):
    wish = Wish(book="L-1", name=name)
    given = {"command_id": key, "digest": public.BORROW.digest(wish), "scope": "browser:one"}
    return command_take(public.BORROW.command, actor=reporter(), given=wish, **given)


@pytest.mark.django_db(transaction=True)
def test_a_second_press_waits_for_the_first_and_a_changed_one_is_told(book, monkeypatch):
    key, at_work, go_on, usual = ids.new_id(), Event(), Event(), public.loan_ask

    def slowly(**given):
        at_work.set()
        assert go_on.wait(20)
        return usual(**given)

    def pressed():
        try:
            return press(key)
        finally:
            connection.close()

    monkeypatch.setattr(public, "loan_ask", slowly)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(pressed)
        assert at_work.wait(20)
        second = pool.submit(pressed)
        go_on.set()
        answers = [first.result(30), second.result(30)]
    assert [one.is_new for one in answers] == [True, False]
    assert answers[0].refs == answers[1].refs
    with pytest.raises(ChangedSince):
        press(key, name="Sari")
    assert Loan.objects.count() == 1
