"""Accounts of staff: opened without a password, entered by a one-time link, kept by the operator."""

from __future__ import annotations

import runpy
import threading
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from trials.cast import account

from kotacerdas.config import cli
from kotacerdas.config.paths import ROOT
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties import staffing
from kotacerdas.foundation.parties.actors import SYSTEM, staff
from kotacerdas.foundation.parties.adapter import AccountAdapter
from kotacerdas.foundation.parties.granting import role_give
from kotacerdas.foundation.parties.grants import grants_of
from kotacerdas.foundation.parties.models import Holding, Position, User
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Missing, Refused

pytestmark = pytest.mark.django_db
CHOSEN = "perahu hijau di muara"


@pytest.fixture
def new(cast) -> User:
    return staffing.account_open(actor=SYSTEM, username=" Lina ", name="Lina  Laut", email="lina@contoh.test")


def post(agency: str = "PU", code: str = "head") -> Position:
    return Position.objects.get(agency__code=agency, code=code)


def path_of(link: str) -> str:
    assert link.startswith(settings.PUBLIC_URL)
    return link.removeprefix(settings.PUBLIC_URL)


def choose(client: Client, link: str, password: str = CHOSEN):
    """Open the link and type a password twice; the last answer."""
    page = client.get(path_of(link), follow=True)
    if page.context.get("token_fail"):
        return page
    return client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})


def till_somebody_waits_for_us() -> None:
    """Until another connection stands at a lock that this one's transaction holds."""
    for _time in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("nobody waits")


class TestWayIn:
    def test_the_link_lets_its_owner_choose_a_password_and_leads_to_the_second_factor(self, new, client):
        answer = choose(client, staffing.way_in(new))
        assert answer.headers["Location"] == "/desk/"
        assert client.get("/desk/").headers["Location"] == reverse("mfa_activate_totp")
        assert User.objects.get(pk=new.pk).check_password(CHOSEN)

    @pytest.mark.parametrize(
        ("host", "door"),
        [
            ("127.0.0.1", "http://127.0.0.1:8000"),
            ("0.0.0.0", "http://127.0.0.1:8000"),
            ("::", "http://127.0.0.1:8000"),
            ("::1", "http://[::1]:8000"),
            ("kota.lan", "http://kota.lan:8000"),
        ],
    )
    def test_it_names_a_door_that_one_can_open(self, monkeypatch, host, door):
        for name in ("PUBLIC_URL", "PORT"):
            monkeypatch.delenv(f"KOTACERDAS_{name}", raising=False)
        monkeypatch.setenv("KOTACERDAS_HOST", host)
        chosen = runpy.run_path(str(ROOT / "src" / "kotacerdas" / "config" / "settings.py"))
        assert chosen["PUBLIC_URL"] == door

    def test_it_works_once(self, new, client):
        link = staffing.way_in(new)
        choose(client, link)
        again = choose(Client(), link, "kata lain yang panjang")
        assert again.context["token_fail"]
        assert User.objects.get(pk=new.pk).check_password(CHOSEN)

    def test_it_ends_after_three_days(self, new, client, settings):
        link = staffing.way_in(new)
        settings.PASSWORD_RESET_TIMEOUT = -1
        assert "Tautan ini sudah tidak berlaku" in choose(client, link).content.decode()

    def test_a_renewal_ends_the_link_before_it(self, new, client):
        link = staffing.way_in(new)
        staffing.account_renew(actor=SYSTEM, user=new)
        assert choose(client, link).context["token_fail"]
        assert choose(client, staffing.way_in(new)).headers["Location"] == "/desk/"

    @pytest.mark.parametrize(
        ("password", "said"),
        [
            ("pendek", "10 karakter"),
            ("1234567890", "terlalu umum"),
            ("lina.laut.1", "terlalu mirip dengan nama."),
            ("lina@contoh.tes", "terlalu mirip dengan alamat e-mail."),
        ],
    )
    def test_a_weak_password_is_refused_in_words(self, new, client, password, said):
        page = choose(client, staffing.way_in(new), password)
        assert page.status_code == 200
        assert said in page.content.decode()
        assert not User.objects.get(pk=new.pk).has_usable_password()

    def test_without_a_post_it_is_said_who_gives_one(self, new, client):
        User.objects.filter(pk=new.pk).update(is_demo=True)  # these need no second factor
        client.force_login(new, backend=settings.AUTHENTICATION_BACKENDS[0])
        page = client.get("/desk/")
        assert page.status_code == 403
        assert "Hubungi pengelola sistem" in page.content.decode()

    def test_a_link_does_not_get_past_the_second_factor(self, new, client):
        totp.TOTP.activate(new, totp.generate_totp_secret())
        assert (
            choose(client, staffing.way_in(new)).headers["Location"].startswith(reverse("mfa_authenticate"))
        )

    def test_the_page_is_kept_nowhere_and_says_the_user_name(self, new, client):
        link = path_of(staffing.way_in(new))
        first, page, dead = (
            client.get(link),
            client.get(link, follow=True),
            client.get(f"{link[:-9]}00000000/"),
        )
        for answer in (first, page, dead):
            assert "no-store" in answer.headers["Cache-Control"]
        assert "lina" in page.content.decode()

    @pytest.mark.django_db(transaction=True)
    def test_two_who_choose_at_once_do_not_both_win(self, new):
        stale, outcomes = User.objects.get(pk=new.pk), []

        def choose_too() -> None:
            try:
                AccountAdapter().set_password(stale, "kata lain yang panjang")
                outcomes.append("won")
            except Conflict:
                outcomes.append("too late")
            connections.close_all()

        second = threading.Thread(target=choose_too)
        with transaction.atomic():
            AccountAdapter().set_password(User.objects.get(pk=new.pk), CHOSEN)
            second.start()
            till_somebody_waits_for_us()
        second.join(10)
        assert outcomes == ["too late"]
        assert User.objects.get(pk=new.pk).check_password(CHOSEN)

    def test_who_comes_second_by_one_link_chooses_nothing(self, new):
        link, first, second = staffing.way_in(new), Client(), Client()
        stale = User.objects.get(pk=new.pk)
        assert choose(first, link).status_code == 302
        with pytest.raises(Conflict):
            AccountAdapter().set_password(stale, "kata lain yang panjang")
        assert choose(second, link).context["token_fail"]
        assert User.objects.get(pk=new.pk).check_password(CHOSEN)

    @pytest.mark.parametrize("step", [staffing.account_close, staffing.account_renew])
    def test_a_password_on_its_way_does_not_undo_what_the_operator_did(self, new, step):
        stale = User.objects.get(pk=new.pk)
        step(actor=SYSTEM, user=new)
        with pytest.raises(Conflict):
            AccountAdapter().set_password(stale, CHOSEN)
        now = User.objects.get(pk=new.pk)
        assert (now.is_active, now.has_usable_password()) == (step is staffing.account_renew, False)

    def test_a_training_room_at_one_address_is_not_held_up(self, new):
        link = staffing.way_in(new)
        assert {choose(Client(), link, "pendek").status_code for _device in range(25)} == {200}

    def test_trying_keys_by_the_dozen_is_held_up_in_words(self, new, client):
        answers = [client.get(f"/akun/kata-sandi/baru/{'0' * 32}-abc{number}/") for number in range(25)]
        assert answers[-1].status_code == 429
        assert "Coba lagi 15 detik lagi." in answers[-1].content.decode()


class TestRenewal:
    """What a thief with phone and password may have begun."""

    def enter(self, client: Client, user: User) -> str:
        """Sign in up to the page that asks whether to trust the device."""
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(user, secret)
        user.set_password(CHOSEN)
        user.save()
        client.post(reverse("account_login"), {"login": user.username, "password": CHOSEN})
        code = totp.format_hotp_value(
            totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())))
        )
        return client.post(reverse("mfa_authenticate"), {"code": code}).headers["Location"]

    def test_it_ends_a_sign_in_that_waits(self, cast, client):
        assert self.enter(client, cast.rudi) == reverse("mfa_trust")
        staffing.account_renew(actor=SYSTEM, user=cast.rudi)
        answer = client.post(reverse("mfa_trust"), {"action": "trust"})
        assert answer.headers["Location"] == reverse("account_login")
        assert client.get("/desk/").headers["Location"].startswith(reverse("account_login"))

    def test_it_ends_sessions_and_trusted_devices(self, cast, client):
        self.enter(client, cast.rudi)
        client.post(reverse("mfa_trust"), {"action": "trust"})
        assert client.get("/desk/iceta/").status_code == 200
        staffing.account_renew(actor=SYSTEM, user=cast.rudi)
        assert client.get("/desk/iceta/").headers["Location"].startswith(reverse("account_login"))
        other = Client()
        choose(other, staffing.way_in(cast.rudi))
        totp.TOTP.activate(cast.rudi, totp.generate_totp_secret())
        answer = client.post(reverse("account_login"), {"login": "rudi", "password": CHOSEN})
        assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))

    def test_a_closed_account_is_not_renewed_but_reopened(self, cast, client):
        staffing.account_close(actor=SYSTEM, user=cast.rudi)
        with pytest.raises(Invalid, match="rudi"):
            staffing.account_renew(actor=SYSTEM, user=cast.rudi)
        staffing.account_reopen(actor=SYSTEM, user=cast.rudi)
        with pytest.raises(Conflict):
            staffing.account_reopen(actor=SYSTEM, user=cast.rudi)
        assert choose(client, staffing.way_in(cast.rudi)).headers["Location"] == "/desk/"


class TestAccounts:
    def test_an_account_without_a_password_opens_nothing(self, new, client):
        for password in ("", "!", "rahasia-sekali"):
            client.post(reverse("account_login"), {"login": "lina", "password": password})
            assert client.get("/desk/iceta/").headers["Location"].startswith(reverse("account_login"))

    def test_each_step_has_its_row_and_no_name_in_it(self, new):
        staffing.account_renew(actor=SYSTEM, user=new)
        staffing.account_close(actor=SYSTEM, user=new)
        rows = Row.objects.filter(verb__startswith="parties.account.", subject_id=new.id)
        assert [row.verb.rpartition(".")[2] for row in rows.order_by("recorded_at")] == [
            "open",
            "renew",
            "close",
        ]
        assert not any("lina" in f"{row.codes}{row.payload}".lower() for row in rows)

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("username", {"username": "lina laut"}),
            ("username", {"username": "x" * 81}),
            ("username", {"username": "..."}),
            ("username", {"username": "-"}),
            ("email", {"email": f"{'x' * 60}@{'y' * 60}.{'z' * 60}.{'w' * 60}.{'v' * 60}.id"}),
            ("name", {"name": "  "}),
            ("email", {"email": "lina di kantor"}),
            ("phone", {"phone": "12"}),
        ],
    )
    def test_what_cannot_be_taken_is_said_and_nothing_is_stored(self, cast, field, given):
        before = User.objects.count()
        with pytest.raises(Invalid) as refused:
            staffing.account_open(actor=SYSTEM, **{"username": "lina", "name": "Lina", **given})
        assert list(refused.value.fields) == [field]
        assert User.objects.count() == before

    def test_a_taken_name_is_refused(self, new):
        with pytest.raises(Conflict, match="lina"):
            staffing.account_open(actor=SYSTEM, username="LINA", name="Lina Lain")

    def test_a_change_keeps_what_is_not_named_and_empties_what_is_empty(self, new):
        staffing.account_change(actor=SYSTEM, user=new, phone="0811-1111-3333")
        staffing.account_change(actor=SYSTEM, user=new, name="Lina Baru", email="")
        now = User.objects.get(pk=new.pk)
        assert (now.name, now.email, now.phone) == ("Lina Baru", "", "+6281111113333")
        staffing.account_change(actor=SYSTEM, user=new, phone="")
        now = User.objects.get(pk=new.pk)
        assert (now.phone, now.phone_index) == ("", "")
        with pytest.raises(Invalid):
            staffing.account_change(actor=SYSTEM, user=new, name=" ")

    def test_what_was_taken_once_holds_no_change_up(self, cast):
        old = account("lina_laut", name="", is_staff=True)
        staffing.account_change(actor=SYSTEM, user=old, phone="0811-1111-3333")
        assert User.objects.get(pk=old.pk).phone == "+6281111113333"

    @pytest.mark.parametrize(
        "step",
        [
            staffing.account_change,
            staffing.account_close,
            staffing.account_renew,
            staffing.account_reopen,
        ],
    )
    @pytest.mark.parametrize("is_active", [True, False])
    def test_a_citizens_account_is_not_the_operators_to_keep(self, cast, step, is_active):
        User.objects.filter(pk=cast.asep.pk).update(is_active=is_active)
        with pytest.raises(Missing, match="run staff list"):
            step(actor=SYSTEM, user=cast.asep)
        assert User.objects.get(pk=cast.asep.pk).is_active == is_active
        assert not Row.objects.filter(verb__startswith="parties.account.", subject_id=cast.asep.id).exists()

    def test_closing_ends_sessions_and_posts_and_the_way_back_is_open(self, cast):
        client = Client()
        client.force_login(cast.rudi, backend=settings.AUTHENTICATION_BACKENDS[0])
        assert client.get("/desk/iceta/").headers["Location"] == reverse("mfa_activate_totp")
        coming = staffing.post_fill(
            actor=SYSTEM, user=cast.rudi, position=post(), since=clock.today() + timedelta(days=9), acting=""
        )
        staffing.account_close(actor=SYSTEM, user=cast.rudi)
        assert client.get("/desk/iceta/").headers["Location"].startswith(reverse("account_login"))
        assert not Holding.objects.filter(pk=coming.pk).exists()
        assert cast.rudi.holdings.get().until == clock.today()
        with pytest.raises(Invalid):
            staffing.account_close(actor=SYSTEM, user=cast.rudi)

    @pytest.mark.parametrize("days", [0, 40], ids=["since today", "since long ago"])
    def test_reopening_on_the_day_of_closing_brings_no_post_or_role_back(self, cast, new, days):
        since = clock.today() - timedelta(days=days)
        Holding.objects.filter(user=cast.head).update(since=since)
        role_give(actor=SYSTEM, user=cast.head, role="duty_officer", since=since)
        staffing.account_close(actor=SYSTEM, user=cast.head)
        staffing.post_fill(actor=SYSTEM, user=new, position=post(), since=clock.today(), acting="plt")
        staffing.account_reopen(actor=SYSTEM, user=cast.head)
        granted = grants_of(User.objects.get(pk=cast.head.pk))
        assert (granted.positions, granted.scopes) == ((), {})
        here = Holding.objects.on(clock.today()).filter(position=post(), user__is_active=True)
        assert [held.user for held in here] == [new]
        assert cast.head.holdings.exists() == cast.head.memberships.exists() == bool(days)

    def test_an_account_that_was_closed_behind_our_back_comes_back_without_posts(self, cast):
        User.objects.filter(pk=cast.rudi.pk).update(is_active=False)
        staffing.account_reopen(actor=SYSTEM, user=cast.rudi)
        assert not grants_of(User.objects.get(pk=cast.rudi.pk)).positions

    def test_renewing_forgets_the_second_factor(self, cast):
        totp.TOTP.activate(cast.rudi, totp.generate_totp_secret())
        staffing.account_renew(actor=SYSTEM, user=cast.rudi)
        assert not Authenticator.objects.filter(user=cast.rudi).exists()

    def test_nobody_but_the_operator_takes_these_steps(self, cast):
        with pytest.raises(Refused):
            staffing.account_open(actor=staff(cast.head), username="lina", name="Lina")


class TestCommand:
    def run(self, capsys, *words: str) -> tuple[int, str]:
        status = cli.main(["staff", *words])
        told = capsys.readouterr()
        return status, told.out + told.err

    @pytest.fixture(autouse=True)
    def _over_this_store(self, cast, monkeypatch):
        monkeypatch.setattr("kotacerdas.config.prepare.refuse_older_store", lambda: None)

    def test_from_nothing_to_a_seat(self, capsys, client, cast):
        status, told = self.run(capsys, "open", "lina", "Lina Laut", "--phone", "0811-1111-3333")
        assert status == 0
        assert choose(client, told.split()[-1]).headers["Location"] == "/desk/"
        assert self.run(capsys, "seat", "lina", "PU/officer")[0] == 0
        status, told = self.run(capsys, "list")
        assert "lina" in told
        assert "PU/officer" in told
        assert "lina" in self.run(capsys, "posts", "PU")[1]
        assert "99.01.01" in self.run(capsys, "give", "lina", "liaison", "--area", "99.01.01")[1]
        assert self.run(capsys, "take", "lina", "liaison")[0] == 0
        assert self.run(capsys, "leave", "lina", "PU/officer")[0] == 0
        assert self.run(capsys, "close", "lina")[0] == 0
        assert "(ditutup)" in self.run(capsys, "list")[1]
        status, told = self.run(capsys, "reopen", "lina")
        assert (status, "lina" in told) == (0, True)
        assert self.run(capsys, "renew", "lina")[0] == 0

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("seat", "siapa", "PU/officer"), "siapa"),
            (("seat", "rudi", "PU"), "AGENCY/post|PERANGKAT/jabatan"),
            (("seat", "rudi", "PU/head", "--since", "besok"), "2026-11-30"),
            (("open", "rudi", "Rudi Lain"), "rudi"),
            (("open", "a b", "", "--phone", "12"), "0812-3456-7890"),
            (("close", "asep"), "asep"),
            (("posts", "NIX"), "NIX"),
            (("give", "rudi", "liaison", "--area", "12"), "areas.csv"),
            (("give", "rudi", "liaison", "--agency", "APA"), "./run staff posts"),
            (("give", "rudi", "raja"), "./run roles"),
        ],
    )
    def test_a_mistake_is_one_line_with_the_way_out(self, capsys, words, said):
        status, told = self.run(capsys, *words)
        assert status == 1
        assert any(part in told for part in said.split("|"))
        assert "Traceback" not in told
