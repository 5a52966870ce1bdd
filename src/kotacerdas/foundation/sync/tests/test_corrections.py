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


@pytest.mark.parametrize("p", [2, 3])
def test_what_no_text_can_have_is_cleaned(cast, handset, p):
    case = given_to_rudi(cast)
    note = {"values": {"body": "Papan."}, "item": str(case.pk)}
    odd = [
        {"id": "\ud800", "name": "iceta.report.note", "at": 1},
        handset.command("iceta.report.note", **note, base={"a": "\ud800"}),
        handset.command("iceta.report.note", **(note | {"item": "\u0000"})),
        handset.command("\ud800", **note),
    ]
    for one in odd:
        answer = handset.post({"p": p, "v": "\u0000t\ud800", "commands": [one]})
        assert answer.status_code == 200
    assert Phone.objects.get().version == "t"
