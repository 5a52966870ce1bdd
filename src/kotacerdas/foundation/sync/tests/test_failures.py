"""One failure stops one thing: a record, a kind of records or a form that raises stops only itself."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.translation import override

from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.sync import cases, shell
from kotacerdas.foundation.sync.changes import Failures
from kotacerdas.foundation.sync.declarations import Found, Item, forms, records
from kotacerdas.foundation.sync.models import SurveyRecord
from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.foundation.sync.tests.test_exchange import given_to_rudi
from kotacerdas.foundation.sync.tests.test_surveys import made
from kotacerdas.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


def nothing() -> int:
    raise ZeroDivisionError


def no_such_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM there_is_none")


@pytest.fixture
def breaks(monkeypatch):
    """Let something happen before the items of some records of a kind are made, or before the kind itself is read."""

    def broken(name: str, what, only: set[str] | None = None, *, at_all: bool = False) -> None:
        kind = records()[name]

        def rows(actor):
            if at_all:
                what()
            for found in kind.rows(actor):
                if only is None or str(found.id) in only:
                    yield Found(found.id, lambda found=found: (what(), found.make())[1])
                else:
                    yield found

        table = dict(records()) | {name: replace(kind, rows=rows)}
        monkeypatch.setattr("kotacerdas.foundation.sync.changes.records", lambda: table)

    return broken


def aside() -> set[str]:
    return set(SetAside.objects.values_list("item", flat=True))


@pytest.mark.parametrize("what", [nothing, no_such_table])
def test_a_record_that_raises_stays_as_the_phone_has_it_and_others_arrive(
    cast, handset, breaks, monkeypatch, what
):
    case = given_to_rudi(cast)
    first = made(handset)
    had = deepcopy(handset.records)
    breaks("iceta.spot", what, {first})
    accept = handset.command("iceta.report.accept", item=str(case.pk))
    make = handset.command(
        "iceta.spot.make", values=SurveyRecord.objects.get().answers | {"name": "Jembatan lama"}
    )
    answer = handset.exchange(accept, make)
    assert answer["gone"] == []
    assert handset.records["iceta.spot", first] == had["iceta.spot", first]
    assert handset.records["iceta.report", str(case.pk)] != had["iceta.report", str(case.pk)]
    assert ("iceta.spot", answer["answers"][1]["refs"]["record"]) in handset.records
    assert aside() == {f"iceta.spot {first}"}
    other = Handset(cast.rudi, "new")
    assert other.exchange()["from"] == 0
    assert ("iceta.spot", first) not in other.records
    monkeypatch.undo()
    for one in (handset, other):
        one.exchange()
        assert ("iceta.spot", first) in one.records
    assert aside() == set()


@pytest.mark.parametrize("what", [nothing, no_such_table])
def test_a_kind_that_raises_stays_as_the_phone_has_it(cast, handset, breaks, what):
    case = given_to_rudi(cast)
    record = made(handset)
    breaks("iceta.spot", what, at_all=True)
    answer = handset.exchange(handset.command("iceta.report.accept", item=str(case.pk)))
    assert ("iceta.spot", record) in handset.records
    assert [one[0] for one in answer["changed"]] == ["iceta.report"]
    assert answer["gone"] == []
    assert aside() == {"iceta.spot"}


def test_what_one_may_see_no_more_goes_even_where_it_raises(cast, handset, breaks):
    record = made(handset)
    breaks("iceta.spot", nothing, {record})
    cast.rudi.holdings.all().delete()
    handset.exchange()
    assert handset.records == {}


def test_a_value_that_is_no_json_stops_its_record_alone(cast, handset, monkeypatch):
    record = made(handset)
    odd = Item(id=SurveyRecord.objects.get().pk, title="odd", values={"a": object()})
    kind = replace(records()["iceta.spot"], rows=lambda _actor: [Found(odd.id, lambda: odd)])
    monkeypatch.setattr("kotacerdas.foundation.sync.changes.records", lambda: {kind.name: kind})
    handset.exchange()
    assert ("iceta.spot", record) in handset.records


def test_a_form_that_raises_is_left_out_alone(cast, handset, monkeypatch):
    table = dict(forms()) | {"iceta.report.file": replace(forms()["iceta.report.file"], fields=nothing)}
    monkeypatch.setattr(shell, "forms", lambda: table)
    answer = handset.client.get("/lapangan/formulir/", **handset.headers)
    offered = {one["name"] for one in json.loads(answer.content)["forms"]}
    assert "iceta.report.file" not in offered
    assert {"iceta.report.note", "iceta.spot.make"} <= offered
    assert handset.exchange()["forms"]
    assert aside() == {"iceta.report.file"}
    monkeypatch.undo()
    with override("id"):
        assert "iceta.report.file" in str(shell.forms_for(staff(cast.rudi), "id"))
    assert aside() == set()


def test_failures_are_written_in_the_order_of_their_names():
    fence = Failures()
    for name in ("b", "a"):
        fence.set_aside(name, ValueError())
    assert aside() == set()
    fence.write_down()
    assert list(SetAside.objects.order_by("id").values_list("item", flat=True)) == ["a", "b"]


def test_what_no_phone_met_for_a_week_is_forgotten(cast, handset):
    fence = Failures()
    fence.set_aside("iceta.spot gone", ValueError())
    fence.write_down()
    SetAside.objects.update(last_at=clock.now() - timedelta(days=8))
    handset.exchange()
    assert aside() == set()


def test_a_case_whose_steps_raise_stops_itself_alone(cast, handset, monkeypatch):
    one, two = given_to_rudi(cast), given_to_rudi(cast)
    real = cases.may_take

    def may_take(case, *given):
        return nothing() if case.pk == one.pk else real(case, *given)

    monkeypatch.setattr(cases, "may_take", may_take)
    handset.exchange()
    assert [key for kind, key in handset.records if kind == "iceta.report"] == [str(two.pk)]
    assert aside() == {f"iceta.report {one.pk}"}
