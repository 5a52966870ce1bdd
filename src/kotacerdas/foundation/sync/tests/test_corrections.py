"""Entries that are corrected, and what they are judged by: a chain of them, the last empty outbox, what no text can have."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kotacerdas.foundation.sync.exchange import milliseconds
from kotacerdas.foundation.sync.models import Phone, Refusal
from kotacerdas.foundation.sync.tests.test_exchange import given_to_rudi
from kotacerdas.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


def test_the_last_empty_outbox_never_goes_back(cast, handset):
    before = Phone.objects.get().empty_at
    long_ago = clock.now() - timedelta(days=20)
    Phone.objects.update(enrolled_at=long_ago)
    handset.exchange(read_at=milliseconds(long_ago))
    assert Phone.objects.get().empty_at == before
    case = given_to_rudi(cast)
    late = handset.command(
        "iceta.report.note", item=str(case.pk), values={"body": "Dulu."}, at=long_ago + timedelta(days=9)
    )
    assert handset.exchange(late)["answers"][0]["code"] == "backdated"


def test_a_chain_of_corrections_settles_all_of_it(cast, handset):
    case = given_to_rudi(cast)

    def note(words, **more):
        return handset.command(
            "iceta.report.note", item=str(case.pk), values={"body": words} if words else {}, **more
        )

    first = note("")
    second = note("", replaces=first["id"])
    for one in (first, second):
        assert handset.exchange(one)["answers"][0]["status"] == "refused"
    handset.exchange(note("", replaces=second["id"]) | {"id": first["id"]})  # a ring stops nothing
    assert (
        handset.exchange(note("Papan kurang dua.", replaces=second["id"]))["answers"][0]["status"] == "done"
    )
    assert not Refusal.objects.filter(settled_at=None).exists()
