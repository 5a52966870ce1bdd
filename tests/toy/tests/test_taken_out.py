"""Taken out of the list of programs the toy leaves nothing behind; put in, it needs nothing but its name there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.urls import reverse
from toy.library.lifecycles import KIND
from trials.cast import client_of

from kotacerdas.config.paths import ROOT
from kotacerdas.foundation.calls.declarations import becomes
from kotacerdas.foundation.cases import lookout
from kotacerdas.foundation.cases.lifecycle import lifecycles
from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.casework.registry import desks
from kotacerdas.foundation.following.declarations import followings

_FOUND = """
import sys
import django
django.setup()
from django.core.management import call_command
from django.urls import get_resolver
from procrastinate.contrib.django import app
from kotacerdas.foundation.calls.declarations import becomes
from kotacerdas.foundation.cases.lifecycle import lifecycles, needed_policies
from kotacerdas.foundation.casework.registry import desks
from kotacerdas.foundation.documents.declarations import kinds
from kotacerdas.foundation.following.declarations import followings
from kotacerdas.foundation.indicators.declarations import indicators
from kotacerdas.foundation.notify.declarations import templates
from kotacerdas.foundation.parties.navigation import entries
from kotacerdas.foundation.parties.roles import declared
from kotacerdas.foundation.payments.purposes import purposes
from kotacerdas.insight.commandcenter import figures
from kotacerdas.kernel.sheets import sheets
call_command("check")
print(repr([
    *sys.modules, *lifecycles(), *needed_policies(), *desks(), *kinds(), *followings(), *becomes(), *indicators(),
    *templates(), *declared().permissions, *declared().roles, *purposes(), *figures.declared(), *sheets(), *app.tasks,
    *(one.url_name for one in entries()), *map(repr, get_resolver().url_patterns),
]))
"""


def found(programs: str) -> list[str]:
    """Names with the library's word in them, of all that is loaded and declared with these programs."""
    given = {
        **os.environ,
        "KOTACERDAS_PROGRAMS": programs,
        "DJANGO_SETTINGS_MODULE": "kotacerdas.config.settings",
    }
    given["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", _FOUND], env=given, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [name for name in eval(done.stdout.splitlines()[-1]) if "librar" in name.removeprefix("ctypes.")]


def test_taken_out_nothing_of_it_is_there():
    assert [name for name in found("iceta") if "toy" in name or name.startswith("librar")] == []


@pytest.mark.parametrize("programs", ["iceta,toy.library", "toy.library"])
def test_its_name_in_the_list_is_all_that_it_needs(programs):
    names = found(programs)
    for one in (
        "toy.library.desks",
        "library.loan",
        "library.back",
        "library.lent",
        "library.slip",
        "library.fine",
    ):
        assert one in names, one
    for one in ("library.asked", "library.lend_book", "librarian", "library.books", "library:queue"):
        assert one in names, one


@pytest.mark.django_db
def test_the_rows_that_it_left_break_no_page_and_no_loop(cast, client, lend, ask, monkeypatch):
    case, waiting = lend(), ask(phone="")
    link = reverse("following:follow", args=[link_token(waiting.parties[0])])
    assert client.get(link).status_code == 200  # this browser keeps the link in its list
    for declared in (lifecycles(), desks(), followings(), becomes()):
        monkeypatch.delitem(declared, KIND)
    assert client.get(link).status_code == 404
    assert client.get(reverse("following:my_cases")).status_code == 200
    for user, name in (("librarian", "desk_home"), ("duty_officer", "commandcenter:wall")):
        agency = "PERPUS" if user == "librarian" else "KOMINFO"
        answer = client_of(cast.officer_of(agency, user)).get(reverse(name), follow=True)
        assert answer.status_code in (200, 404)
    browser = client_of(cast.sari)
    assert browser.get(reverse("casework:by_number", args=[case.number])).status_code == 404
    assert browser.get(reverse("casework:search"), {"q": case.number}).status_code == 200
    given = {"phone": "0812-3456-7890", "number": case.number}
    assert client.post(reverse("following:link_again"), given, follow=True).status_code == 200
    lookout.treat_due_clocks()
