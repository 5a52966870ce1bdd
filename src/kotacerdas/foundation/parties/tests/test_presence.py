"""Who is away is signed out; a screen stays and reads its page alone; every sign-in is written down."""

from __future__ import annotations

import time

import pytest
from django.test import Client
from django.urls import reverse
from trials.cast import seat

from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties import presence
from kotacerdas.foundation.parties.adapter import ACTED_AT

pytestmark = pytest.mark.django_db
PASSWORD = "rahasia-sekali"
DESK, WALL = "/desk/iceta/", "/dinding/"
_really = time.time


@pytest.fixture
def rudi(cast, client) -> Client:
    cast.rudi.is_demo = True  # spares the second factor
    cast.rudi.save()
    client.force_login(cast.rudi)
    assert client.get(DESK).status_code == 200
    return client


@pytest.fixture
def duty(cast) -> Client:
    user = seat("piket", "KOMINFO", "duty_officer")
    user.is_demo = True
    user.save()
    client = Client()
    client.force_login(user)
    return client


def later(monkeypatch, minutes: float) -> None:
    """So many minutes after the fixture's sign-in."""
    now = _really() + minutes * 60
    monkeypatch.setattr(presence.time, "time", lambda: now)


def test_nobodys_act_for_half_an_hour_signs_out(rudi, monkeypatch):
    later(monkeypatch, 29)
    assert rudi.get(DESK).status_code == 200
    later(monkeypatch, 58)
    assert rudi.get(DESK).status_code == 200
    later(monkeypatch, 89)
    assert rudi.get(DESK).headers["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in rudi.session


def test_what_a_page_asks_for_by_itself_keeps_nobody_signed_in(rudi, monkeypatch):
    for minutes in (10, 20, 29):
        later(monkeypatch, minutes)
        assert rudi.get(DESK, headers={"X-Live": "1"}).status_code == 200
    later(monkeypatch, 31)
    assert rudi.get(DESK, headers={"X-Live": "1"}).status_code == 302


def test_typing_is_an_act_though_nothing_is_sent(rudi, monkeypatch):
    later(monkeypatch, 25)
    assert rudi.get(reverse("still_here")).status_code == 204
    later(monkeypatch, 50)
    assert rudi.get(DESK).status_code == 200


def test_the_setting_decides_and_zero_is_never(rudi, monkeypatch, settings):
    settings.IDLE_SECONDS = 0
    later(monkeypatch, 60 * 24)
    assert rudi.get(DESK).status_code == 200
    settings.IDLE_SECONDS = 60
    later(monkeypatch, 60 * 24 + 2)
    assert rudi.get(DESK).status_code == 302


def test_a_citizen_stays_signed_in(cast, client, monkeypatch):
    from kotacerdas.foundation.parties.adapter import citizen_for

    client.force_login(citizen_for("0812-3456-7890"))
    later(monkeypatch, 60 * 24)
    assert client.get(reverse("following:my_cases")).status_code == 200


def test_a_screen_stays_signed_in_and_reads_the_wall_alone(duty, monkeypatch):
    assert duty.get(WALL).status_code == 200
    assert duty.post(reverse("keep_screen"), {"dari": WALL}).headers["Location"] == WALL
    later(monkeypatch, 60 * 24 * 7)
    assert duty.get(WALL, headers={"X-Live": "1"}).status_code == 200
    for path in ("/desk/", DESK, reverse("mfa_index"), reverse("account_change_password"), "/gaya/", "/"):
        assert duty.get(path).headers.get("Location") == WALL, path
    assert duty.post(WALL).status_code == 302
    assert duty.get(reverse("account_logout")).status_code == 200
    assert duty.post(reverse("account_logout")).status_code == 302
    assert duty.get(WALL).status_code == 302


def test_only_a_page_made_for_screens_can_be_one(rudi, monkeypatch):
    for page in (DESK, "/", "https://example.org/dinding/", WALL + "x"):
        rudi.post(reverse("keep_screen"), {"dari": page})
    assert presence.SCREEN not in rudi.session
    rudi.post(reverse("keep_screen"), {"dari": WALL})
    assert rudi.get(WALL).status_code == 404  # whoever may not see it does not by this


def test_no_page_behind_a_sign_in_stays_in_the_browser(rudi, duty, client):
    for path in (DESK, reverse("mfa_index"), reverse("account_change_password")):
        assert "no-store" in rudi.get(path).headers["Cache-Control"], path
    assert "no-store" in duty.get(WALL).headers["Cache-Control"]
    visitor = Client().get("/")
    assert "no-store" not in visitor.headers.get("Cache-Control", "")


def test_signing_out_clears_what_the_browser_kept(rudi):
    assert rudi.post(reverse("account_logout")).headers["Clear-Site-Data"] == '"cache"'
    assert rudi.get(DESK).status_code == 302


def enter(client: Client, password: str, **more: str):
    return client.post(reverse("account_login"), {"login": "rudi", "password": password}, **more)


def test_a_sign_in_has_a_row_in_the_journal_and_a_line_in_the_log(cast, client, caplog):
    enter(client, PASSWORD)
    row = Row.objects.get(verb="parties.account.sign_in")
    assert (row.subject_id, row.actor, row.codes) == (
        cast.rudi.id,
        f"user:{cast.rudi.id}",
        {"by": "password"},
    )
    assert ACTED_AT in client.session
    told = [one.msg for one in caplog.records if isinstance(one.msg, dict)]
    assert any(one["event"] == "signed_in" and one["user"] == str(cast.rudi.id) for one in told)


def test_a_wrong_password_has_a_line_in_the_log_and_no_row(cast, client, caplog):
    enter(client, "salah-sekali", REMOTE_ADDR="203.0.113.9")
    told = [one.msg for one in caplog.records if isinstance(one.msg, dict)]
    failed = next(one for one in told if one["event"] == "sign_in_failed")
    assert (failed["user"], failed["address"]) == (str(cast.rudi.id), "203.0.113.9")
    assert "salah-sekali" not in str(told)
    assert not Row.objects.filter(verb="parties.account.sign_in").exists()


def test_another_host_in_the_head_gives_no_more_tries(cast, settings):
    settings.ALLOWED_HOSTS = ["*"]
    answers = [enter(Client(), "salah-sekali", headers={"Host": f"h{n}.example"}) for n in range(6)]
    assert ["Terlalu banyak" in one.content.decode() for one in answers] == [False] * 5 + [True]


def test_the_reporters_link_is_never_made_from_the_head(cast, settings):
    settings.ALLOWED_HOSTS = ["*"]
    from kotacerdas.foundation.cases.links import link_token

    party = cast.report().party
    page = Client().get(
        reverse("following:sent", args=[link_token(party)]), headers={"Host": "jahat.example"}
    )
    assert page.status_code == 200
    assert "jahat.example" not in page.content.decode()
    assert settings.PUBLIC_URL in page.content.decode()
