"""One phone desk for every program: a call becomes what its program declares, here a loan of a library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django import forms
from django.db.models import Q
from django.test import Client
from trials.cast import client_of

from kotacerdas.foundation.calls import queries
from kotacerdas.foundation.calls.actions import call_become
from kotacerdas.foundation.calls.declarations import Becomes, becomes
from kotacerdas.foundation.calls.forms import CallForm
from kotacerdas.foundation.calls.models import Call
from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.lifecycle import lifecycles
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.following.tests.conftest import KIND, LOAN
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Invalid, Refused

pytestmark = pytest.mark.django_db
DESK, NUMBER = "/desk/telepon/", "0812-3456-7890"


class LoanForm(CallForm):
    """Which book; no place and no urgency."""

    book = forms.CharField(error_messages={"required": "Which book?"})
    PLACES = {"title": "book"}


def _lend(*, actor, desk, form, language) -> Case:
    if form.cleaned_data["book"] == "lost":
        raise Invalid("no", fields={"title": "This book is lost."})
    return Case.objects.create(
        number=cases.next_number(clock.now()),
        kind=KIND,
        state="lent",
        title_code=form.cleaned_data["book"],
        channel="phone",
    )


LENDING = Becomes(
    kind=KIND,
    words="Loan",
    open_words="Open the loan",
    form=LoanForm,
    template="calls/desk.html",
    run=_lend,
    place=lambda _case: "the library",
)


@pytest.fixture(autouse=True)
def library(cast) -> Iterator[None]:
    """The library among the programs."""
    lifecycles()[KIND] = replace(LOAN, visible=lambda _grants: Q())
    becomes()[KIND] = LENDING
    yield
    del lifecycles()[KIND], becomes()[KIND]


@pytest.fixture
def dewi(cast) -> Client:
    return client_of(cast.dewi)


def call(**changed: str) -> dict[str, str]:
    """The form of a loan as a browser sends it."""
    given = {"jadi": KIND, "phone": NUMBER, "words": "Mau pinjam", "book": "laskar", "seconds": "30"}
    return {**given, "key": str(ids.new_id()), **changed}


def page(answer) -> str:
    return answer.content.decode()


def test_the_desk_offers_what_a_call_may_become(dewi):
    first, loan = page(dewi.get(DESK)), page(dewi.get(DESK, {"jadi": KIND}))
    for html in (first, loan):
        assert f'href="{DESK}?jadi={KIND}"' in html
    assert 'name="jadi" value="iceta.report"' in first
    assert f'name="jadi" value="{KIND}"' in loan


def test_a_call_becomes_a_loan_once_and_its_number_is_said(dewi):
    given = call()
    first, again = dewi.post(DESK, given), dewi.post(DESK, {**given, "seconds": "55"})
    assert first.url == again.url
    told = Call.objects.get()
    assert (told.outcome, told.case.kind, told.seconds) == ("case", KIND, 30)
    stored = page(dewi.get(first.url))
    for words in (told.case.number, "The book laskar", "the library", "Open the loan"):
        assert words in stored
    assert dewi.post(DESK, {**given, "book": "bumi"}).status_code == 409
    assert Case.objects.count() == 1


def test_what_is_wrong_stands_at_its_field_under_the_name_it_has_here(dewi):
    assert dewi.post(DESK, call(book="")).status_code == 422
    assert dewi.post(DESK, call(book="lost")).status_code == 422
    form = LoanForm({})
    form.is_valid()
    form.take_errors({"title": "This book is lost."})
    assert "This book is lost." in form.errors["book"]
    assert not Call.objects.exists()


def test_one_list_and_one_shift_for_all_programs(dewi, cast):
    dewi.post(DESK, call())
    dewi.post(f"{DESK}catat/", {"outcome": "prank", "phone": "0857-1111-2222", "key": str(ids.new_id())})
    seen = queries.shift(staff(cast.dewi).grants, cast.agency("KOMINFO"), queries.day_start())
    assert (seen.calls, seen.stored, seen.pranks) == (2, 1, 1)
    html = page(dewi.get(f"{DESK}regu/"))
    assert "The book laskar" in html
    assert "0812-••••-7890" in html


def test_a_caller_who_stays_unknown_is_in_no_list(dewi):
    dewi.post(DESK, call(is_anonymous="on"))
    told = Call.objects.get()
    assert told.phone_sealed  # at the coordinating desk, sealed
    assert not re.search("7890", page(dewi.get(DESK)))


def test_nothing_is_stored_where_the_action_fails_or_the_desk_is_anothers(cast):
    def fail() -> Case:
        raise Invalid("no")

    actor = staff(cast.dewi)
    with pytest.raises(Invalid):
        call_become(actor=actor, desk=cast.agency("KOMINFO"), make=fail)
    with pytest.raises(Refused):
        call_become(actor=actor, desk=cast.agency("PU"), make=fail)
    assert not Call.objects.exists()


def test_without_a_program_that_takes_calls_there_is_no_desk(dewi, monkeypatch):
    kept = dict(becomes())
    becomes().clear()
    try:
        assert dewi.get(DESK).status_code == 404
    finally:
        becomes().update(kept)
