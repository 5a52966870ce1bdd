"""A store is one regency's: a start over another's, or with the demo in production, touches nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from trials import machines

from kotacerdas.config import belonging
from kotacerdas.config.belonging import Owner, refuse_strange
from kotacerdas.config.pack import load_pack
from kotacerdas.config.paths import ROOT
from kotacerdas.config.store import StoreError
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.foundation.territory.models import Area
from kotacerdas.kernel.errors import Conflict
from kotacerdas.programs.iceta.actions import report_accept

REAL, INVENTED = ROOT / "packs" / "indramayu", ROOT / "tests" / "packs" / "telukmelati"


def run(var: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    given = {key: value for key, value in os.environ.items() if not key.startswith("KOTACERDAS_")}
    given |= {"KOTACERDAS_VAR": str(var), **settings}
    command = [sys.executable, "-m", "kotacerdas.config", *words]
    return subprocess.run(command, check=False, env=given, capture_output=True, text=True, timeout=120)


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "var"
    for note in tmp_path.rglob("store.home"):
        shutil.rmtree(note.read_text().strip(), ignore_errors=True)


def test_a_start_over_another_regencys_store_is_refused_and_touches_nothing(var: Path) -> None:
    """What was done: a start without KOTACERDAS_PACK closed 104 areas, 22 agencies and 71 posts."""
    own = {"KOTACERDAS_PACK": "tests/packs/telukmelati", "KOTACERDAS_DEMO": "0"}
    machines.copy_ready(var)
    assert run(var, "prepare", **own).returncode == 0
    for words in (["prepare"], ["--role", "web"], ["--role", "sealer"], ["journal", "verify"], []):
        unnamed = run(var, *words)
        assert unnamed.returncode == 1, words
        assert "set KOTACERDAS_PACK" in unnamed.stderr
        wrong = run(var, *words, KOTACERDAS_PACK="packs/indramayu")
        assert wrong.returncode == 1, words
        assert "This store belongs to TML (99.01); the pack indramayu is for IDM (32.12)" in wrong.stderr
    asked = "KOTACERDAS_PACK"
    loaded = run(var, "pack", "load", str(REAL), **own)
    assert loaded.returncode == 1
    assert "belongs to TML" in loaded.stderr
    assert asked in loaded.stderr
    assert run(var, "prepare", KOTACERDAS_INSTANCE="ABC", **own).returncode == 1
    again = run(var, "journal", "verify", **own)
    assert again.returncode == 0, again.stderr


def test_outside_the_demo_the_pack_is_named(var: Path) -> None:
    refused = run(var, "prepare", KOTACERDAS_DEMO="0")
    assert refused.returncode == 1
    assert "set KOTACERDAS_PACK" in refused.stderr


@pytest.mark.parametrize(
    ("stamps", "named", "may_show", "refused"),
    [
        ({}, False, True, False),
        ({}, False, False, True),
        ({}, True, False, False),
        ({"demo": "loaded"}, False, True, False),
        ({"demo": "no"}, False, True, True),
        ({"demo": "no", "instance": "TML", "area": "99.01"}, True, True, False),
        ({"demo": "loaded", "instance": "IDM", "area": "32.12"}, False, True, True),
        ({"demo": "no", "instance": "TML", "area": "99.02"}, True, True, True),
    ],
)
def test_whose_store_it_is_decides(stamps, named, may_show, refused, monkeypatch) -> None:
    monkeypatch.setattr(belonging, "here", lambda: Owner("TML", "99.01"))
    monkeypatch.setattr(belonging, "_demo_accounts", lambda: False)
    monkeypatch.setenv("KOTACERDAS_PACK", "x" if named else "")
    if refused:
        with pytest.raises(StoreError):
            refuse_strange(stamps, may_show=may_show)
    else:
        refuse_strange(stamps, may_show=may_show)


@pytest.mark.django_db
def test_a_store_loaded_before_stores_knew_whose_they_are_is_known_by_its_regency(cast) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kotacerdas_stamp WHERE name IN ('instance', 'area')")
    with pytest.raises(StoreError, match=r"99\.01"):
        load_pack(REAL)
    assert Area.objects.filter(closed_on=None, code="99.01").exists()


@pytest.fixture
def without_works(tmp_path: Path) -> Path:
    """The invented pack without the agency that leads the jetties."""
    copy = Path(shutil.copytree(INVENTED, tmp_path / "pack"))
    rows = (copy / "agencies.csv").read_text().splitlines()
    (copy / "agencies.csv").write_text("\n".join(row for row in rows if not row.startswith("PU,")) + "\n")
    posts = (copy / "positions.toml").read_text()
    posts = posts.replace('agencies = ["PU"]', 'agencies = ["BAPPEDA"]').replace('"PU", ', "")
    (copy / "positions.toml").write_text(posts)
    units = (copy / "asset_units.csv").read_text().splitlines()
    (copy / "asset_units.csv").write_text("\n".join(row for row in units if not row.startswith("PU,")) + "\n")
    pack = (copy / "pack.toml").read_text()
    (copy / "pack.toml").write_text(pack.replace('agency = "PU"', 'agency = "BAPPEDA"'))  # of desludging
    text = (copy / "categories.csv").read_text()
    (copy / "categories.csv").write_text(text.replace(",PU,", ",BAPPEDA,"))
    return copy


@pytest.mark.django_db
def test_a_load_that_closes_more_than_a_tenth_asks_first_with_the_list(
    cast, without_works, in_indonesian
) -> None:
    with pytest.raises(Conflict) as told:
        load_pack(without_works)
    assert "PU  " in str(told.value)
    assert "./run pack load --yes" in str(told.value)
    assert Agency.objects.get(code="PU").closed_on is None


@pytest.mark.django_db
def test_an_agency_that_goes_gives_its_open_reports_back_to_the_verifier(
    cast, without_works, in_indonesian
) -> None:
    assigned, working = cast.verified().case, cast.verified(phone="0813-0000-1111", name="Asep").case
    report_accept(actor=staff(cast.rudi), case=working)
    said: list[str] = []
    load_pack(without_works, may_close_many=True, say=said.append)
    for case in (assigned, working):
        now = Case.objects.get(pk=case.pk)
        assert now.state == "returned"
        verify = now.assignments.get(is_open=True)
        assert (verify.role, verify.agency.code) == ("verify", "KOMINFO")
        assert now.number in said[0]
    assert len(said) == 1
    assert not SetAside.objects.exists()


@pytest.mark.django_db
def test_demo_accounts_are_nobody_in_production(cast, client, settings) -> None:
    """What was done: KOTACERDAS_PRODUCTION=1 over a demo opened the verifier's desk with the printed password."""
    User.objects.filter(username="sari").update(is_demo=True)
    entered = client.post(reverse("account_login"), {"login": "sari", "password": "rahasia-sekali"})
    assert entered.status_code == 302
    assert client.get("/desk/", follow=True).status_code == 200
    settings.PRODUCTION = True
    assert client.get("/desk/").headers["Location"].startswith(reverse("account_login"))
    again = client.post(reverse("account_login"), {"login": "sari", "password": "rahasia-sekali"})
    assert again.headers["Location"] == reverse("account_inactive")
    assert client.get("/desk/").headers["Location"].startswith(reverse("account_login"))


def test_production_over_a_demo_store_does_not_start(monkeypatch) -> None:
    monkeypatch.setattr(belonging, "here", lambda: Owner("TML", "99.01"))
    monkeypatch.setenv("KOTACERDAS_PRODUCTION", "1")
    for demo, accounts in (("loaded", False), ("no", True)):
        monkeypatch.setattr(belonging, "_demo_accounts", lambda accounts=accounts: accounts)
        with pytest.raises(StoreError, match="not for production"):
            refuse_strange({"demo": demo, "instance": "TML", "area": "99.01"}, may_show=False)


@pytest.mark.django_db
def test_a_demo_account_whose_name_has_a_dot_is_offered_at_the_sign_in(cast, client) -> None:
    User.objects.filter(username="sari").update(is_demo=True, username="sari.dewi")
    assert "sari.dewi" in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("demo_sign_in", args=["sari.dewi"])).status_code == 302
