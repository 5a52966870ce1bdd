"""A store of before there was a table of commands: what was taken then is found now, and done no second time."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from uuid import uuid5

import pytest
from django.db import connection

from kotacerdas.foundation.commands.idempotency import ChangedSince, CommandRepeated, Idempotency, keyed
from kotacerdas.foundation.commands.models import TakenCommand
from kotacerdas.kernel import clock, ids

pytestmark = pytest.mark.django_db


class _Forms:
    """The rows of taken forms as the store of before had them."""

    def __init__(self, *forms: SimpleNamespace) -> None:
        self.forms = forms

    def order_by(self, _name: str) -> _Forms:
        return self

    def iterator(self) -> tuple[SimpleNamespace, ...]:
        return self.forms


def bring(*forms: SimpleNamespace) -> None:
    """What the migration does with them."""
    module = import_module("kotacerdas.foundation.commands.migrations.0001_initial")
    before = SimpleNamespace(objects=_Forms(*forms))
    apps = SimpleNamespace(get_model=lambda _app, name: TakenCommand if name == "TakenCommand" else before)
    module.bring_taken_forms(apps, connection.schema_editor)


def form(room: str, key: str, said: str) -> SimpleNamespace:
    return SimpleNamespace(user_id=ids.new_id(), room=room, key=key, said=said, at=clock.now())


def test_a_step_of_before_is_answered_again_and_its_words_are_told_apart():
    key, said = ids.new_id(), "a" * 32
    taken = form("iceta.step.TML-2026-000001-1.reply", str(key), said)
    bring(taken)
    again = {"actor": f"user:{taken.user_id}", "name": "iceta.step"}
    same = uuid5(key, taken.room)
    with pytest.raises(CommandRepeated):
        Idempotency(command_id=same, digest=keyed(said + "b" * 32), **again).check()
    with pytest.raises(ChangedSince):
        Idempotency(command_id=same, digest=keyed("c" * 64), **again).check()


def test_of_a_call_of_before_nobody_is_accused():
    key = ids.new_id()
    taken = form("iceta.call", str(key), "a" * 32)
    bring(taken)
    with pytest.raises(CommandRepeated):
        Idempotency(
            actor=f"user:{taken.user_id}", command_id=key, name="calls.call", digest=keyed("c" * 64)
        ).check()
