"""What a declaration names and what is not there is told at the start, before anybody meets it on a page."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from django.core.checks import run_checks
from toy.library import expiry, indicators, nav
from toy.library.becomes import BECOMES
from toy.library.desks import LOAN_DESK
from toy.library.followed import FOLLOWED
from toy.library.lifecycles import KIND
from toy.library.permissions import LEND
from toy.library.public import BORROW

from kotacerdas.config import prepare, stamps
from kotacerdas.config.paths import ROOT
from kotacerdas.config.store import StoreError
from kotacerdas.foundation.calls import checks as calls
from kotacerdas.foundation.casework.checks import loose_ends
from kotacerdas.foundation.following import checks as following
from kotacerdas.foundation.forms.views import page_view
from kotacerdas.foundation.indicators import declarations
from kotacerdas.foundation.parties import navigation

FOLLOWING, CALL = FOLLOWED[0], BECOMES[0]


def told() -> list[str]:
    return [str(message) for message in run_checks() if (message.id or "").startswith("kotacerdas.")]


def test_the_library_holds_together():
    assert told() == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (replace(LOAN_DESK, work="library.lend"), "library.lend"),
        (replace(LOAN_DESK, main="library/mein.html"), "library/mein.html"),
        (replace(LOAN_DESK, lifecycle=replace(LOAN_DESK.lifecycle, url_name="books:case")), "books:case"),
        (replace(LOAN_DESK, acts=(replace(LOAN_DESK.by_act["fine"], form=None),)), "needs amount"),
        (replace(LOAN_DESK, acts=(replace(LOAN_DESK.by_act["fine"], sees=True),)), "takes no seen_version"),
    ],
)
def test_a_desk_is_told_what_is_not_there(wrong, words):
    assert [one for one in loose_ends(wrong, {LEND}) if words in one]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "library.lone"}, "lifecycles.py"),
        ({"acting": ("lender",)}, "lender"),
        ({"main_clock": "forth"}, "forth"),
        ({"link": "library.links"}, "library.links"),
        ({"first": frozenset({"library.ask"})}, "library.ask"),
        ({"papers": ("library.slips",)}, "library.slips"),
        ({"template": "library/folow.html"}, "library/folow.html"),
    ],
)
def test_following_is_told_what_is_not_there(given, words):
    (flaw,) = following.flaws(replace(FOLLOWING, **given))
    assert words in flaw


@pytest.mark.parametrize("given", [{"kind": "library.lone"}, {"template": "library/cal.html"}])
def test_a_call_is_told_what_is_not_there(given):
    assert len(list(calls.flaws(replace(CALL, **given)))) == 1


def test_a_place_of_the_desk_an_expiry_and_an_indicator_are_told(monkeypatch):
    lost = replace(nav.NAV[0], url_name="library:queu", permissions=("library.lend",))
    monkeypatch.setattr(nav, "NAV", (lost,))
    monkeypatch.setattr(expiry, "EXPIRES", {(KIND, "lapsed"): None})
    shy = replace(indicators.INDICATORS[0], verbs=frozenset({f"{KIND}.lent"}))
    monkeypatch.setattr(indicators, "INDICATORS", (shy,))
    caches = navigation.entries, declarations.indicators
    for cache in caches:
        cache.cache_clear()
    try:
        words = "\n".join(told())
    finally:
        monkeypatch.undo()
        for cache in caches:
            cache.cache_clear()
    for part in (
        "library:queu",
        "permission library.lend,",
        "names lapsed",
        "lent is no step of library.loan",
    ):
        assert part in words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"pages": BORROW.pages[:1]}, "'check'"),
        ({"pages": (replace(BORROW.pages[0], fields=("boook",)), BORROW.pages[1])}, "boook"),
        ({"excerpt": "title"}, "title"),
    ],
)
def test_a_form_that_does_not_hold_together_stops_the_start(given, words):
    with pytest.raises(LookupError, match=words):
        replace(BORROW, **given)


def test_a_page_that_a_form_lacks_stops_the_start():
    with pytest.raises(LookupError, match="who"):
        page_view(BORROW, "who")


def test_the_start_stops_at_what_does_not_hold_together_and_asks_once_for_each_change(monkeypatch):
    marks = {}
    monkeypatch.setattr(stamps, "on_disk", lambda: marks)
    monkeypatch.setattr(stamps, "mark_on_disk", marks.__setitem__)
    with monkeypatch.context() as patch:
        patch.setattr(expiry, "EXPIRES", {(KIND, "lapsed"): None})
        with pytest.raises(StoreError, match=r"kotacerdas.E101.*lapsed"):
            prepare.declarations()
    assert prepare._checks_due()
    prepare.declarations()
    assert not prepare._checks_due()


@pytest.mark.parametrize("name", ["library", "toy.librari", "nowhere.library"])
def test_a_program_that_is_not_there_is_named(name):
    command = [sys.executable, "-m", "kotacerdas.config", "manage", "check"]
    given = {**os.environ, "KOTACERDAS_PROGRAMS": name}
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True)
    assert done.returncode
    assert done.stderr.startswith(f"KOTACERDAS_PROGRAMS names {name}, which Python does not find")
