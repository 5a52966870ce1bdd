"""Staff sign in by password and second factor; citizens by phone and one-time code, or not at all."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.notify.models import OutboxLetter
from kotacerdas.foundation.parties.models import Person, User

pytestmark = pytest.mark.django_db
PASSWORD = "rahasia-sekali"


def code_for(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def enter(client, username: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": username, "password": password})


class TestStaff:
    def test_without_a_second_factor_one_is_led_to_set_it_up(self, cast, client):
        assert enter(client, "rudi").status_code == 302
        assert client.get("/desk/iceta/").headers["Location"] == reverse("mfa_activate_totp")
        page = client.get(reverse("mfa_activate_totp"))
        secret = page.context["form"].secret
        client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
        assert client.get("/desk/iceta/").status_code == 200

    def test_the_password_alone_does_not_open_the_desk(self, cast, client):
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(cast.rudi, secret)
        assert enter(client, "rudi").headers["Location"].startswith(reverse("mfa_authenticate"))
        assert client.get("/desk/iceta/").headers["Location"].startswith(reverse("account_login"))
        wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert "jam ponsel harus tepat" in wrong.content.decode()
        assert "sessionid" not in client.cookies or client.get("/desk/iceta/").status_code == 302
        client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
        client.post(reverse("mfa_trust"), {"action": "none"})
        assert client.get("/desk/iceta/").status_code == 200
        assert Authenticator.objects.filter(user=cast.rudi).exists()

    def test_a_wrong_password_says_no_more_than_that(self, cast, client):
        known, unknown = enter(client, "rudi", "salah-sekali"), enter(client, "tidak-ada", "salah-sekali")
        assert (known.status_code, unknown.status_code) == (200, 200)
        said = [
            re.findall(r"Nama pengguna atau kata sandi [^<]*", one.content.decode())
            for one in (known, unknown)
        ]
        assert said[0] == said[1] != []

    def test_wrong_passwords_of_a_stranger_elsewhere_shut_nobody_out(self, cast):
        stranger, own = Client(REMOTE_ADDR="10.1.1.1"), Client(REMOTE_ADDR="10.2.2.2")
        for _time in range(7):
            refused = enter(stranger, "rudi", "salah-sekali")
        assert "Terlalu banyak" in refused.content.decode()
        assert enter(own, "rudi").status_code == 302

    def test_the_key_stays_the_same_until_it_is_used(self, cast, client):
        enter(client, "rudi")
        keys = {client.get(reverse("mfa_activate_totp")).context["form"].secret for _time in range(3)}
        assert len(keys) == 1
        client.post(reverse("mfa_activate_totp"), {"code": code_for(keys.pop())})
        assert client.get("/desk/iceta/").status_code == 200

    @pytest.mark.parametrize(("answer", "asked"), [("trust", False), ("none", True)])
    def test_a_trusted_device_is_asked_for_the_password_alone(self, cast, client, answer, asked):
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(cast.rudi, secret)
        enter(client, "rudi")
        client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
        page = client.get(reverse("mfa_trust")).content.decode()
        assert f'name="action" value="{answer}"' in page
        client.post(reverse("mfa_trust"), {"action": answer})
        client.post(reverse("account_logout"))
        enter(client, "rudi")
        assert (client.get("/desk/iceta/").status_code != 200) is asked

    def test_a_changed_password_is_said_and_leads_to_work(self, cast, client):
        cast.rudi.is_demo = True  # these need no second factor
        cast.rudi.save()
        enter(client, "rudi")
        given = {"password1": "sawah hijau pantai", "password2": "sawah hijau pantai"}
        wrong = client.post(reverse("account_change_password"), {**given, "oldpassword": "salah-sekali"})
        assert "Kata sandi ini salah" in wrong.content.decode()
        done = client.post(
            reverse("account_change_password"), {**given, "oldpassword": PASSWORD}, follow=True
        )
        assert done.request["PATH_INFO"].startswith("/desk/")
        assert "Kata sandi sudah diganti" in done.content.decode()
        assert enter(Client(), "rudi", given["password1"]).status_code == 302

    def test_an_error_at_a_desk_leads_back_to_work(self, cast):
        page = client_of(cast.rudi).get("/desk/evaluasi/2026/")
        assert page.status_code == 404
        assert 'class="button primary" href="/desk/"' in page.content.decode()
        stranger = Client().get("/tidak-ada/").content.decode()
        assert 'class="button primary" href="/"' in stranger

    def test_nobody_signs_up_as_staff(self, client):
        assert client.get("/akun/daftar/").status_code == 404


class TestCitizens:
    def ask(self, client, phone: str = "0812-3456-7890") -> str:
        client.post(reverse("account_request_login_code"), {"phone": phone})
        return OutboxLetter.objects.order_by("-at")[0].body.split()[0]

    def test_a_code_by_sms_signs_in_and_ties_earlier_reports_to_the_account(self, cast, client):
        filed = cast.report()
        code = self.ask(client)
        landed = client.post(reverse("account_confirm_login_code"), {"code": code}, follow=True)
        assert landed.request["PATH_INFO"] == reverse("following:my_cases")
        assert filed.case.number in landed.content.decode()
        account = Person.objects.get(user__isnull=False)
        assert account.user.is_staff is False
        assert account.id != filed.party.person_id  # the number alone makes nobody the account's own person

    def test_a_wrong_code_signs_nobody_in(self, cast, client):
        cast.report()
        self.ask(client)
        wrong = client.post(reverse("account_confirm_login_code"), {"code": "ZZZZZZ"})
        assert "Ketik kode yang terbaru" in wrong.content.decode()
        assert not Person.objects.filter(user__isnull=False).exists()

    def test_a_staff_number_opens_no_desk_by_code(self, cast, client):
        cast.rudi.set_phone("0811-1111-2222")
        cast.rudi.save()
        code = self.ask(client, "0811-1111-2222")
        client.post(reverse("account_confirm_login_code"), {"code": code})
        assert client.get("/desk/iceta/").status_code == 404
        assert User.objects.filter(is_staff=False, phone_index=cast.rudi.phone_index).exists()

    def test_a_mistyped_number_is_typed_anew_and_the_page_says_where_the_code_went(self, client):
        self.ask(client, "0812-3456-7891")
        waits = client.get(reverse("account_confirm_login_code")).content.decode()
        assert "0812-3456-7891" in waits
        again = client.get(reverse("account_request_login_code"))
        assert 'value="0812-3456-7891"' in again.content.decode()
        code = self.ask(client, "0812-3456-7890")
        client.post(reverse("account_confirm_login_code"), {"code": f" {code[:3]} {code[3:]} "})
        assert client.get(reverse("account_logout")).status_code == 200

    def test_what_ends_the_wait_is_said(self, client, settings):
        self.ask(client)
        for _time in range(3):
            page = client.post(reverse("account_confirm_login_code"), {"code": "ZZZZZZ"}, follow=True)
        assert "Kode salah tiga kali" in page.content.decode()
        settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1
        self.ask(client, "0812-3456-7899")
        page = client.get(reverse("account_confirm_login_code"), follow=True)
        assert "Kode sudah kedaluwarsa" in page.content.decode()

    @pytest.mark.parametrize(
        "name", ["account_change_password", "mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes"]
    )
    def test_pages_of_staff_accounts_are_not_theirs(self, client, name):
        client.post(reverse("account_confirm_login_code"), {"code": self.ask(client)})
        assert client.get(reverse(name)).status_code == 404

    @pytest.mark.parametrize("phone", ["", "12", "abc", "+1 202 555 0100", "021 123456"])
    def test_what_is_no_number_is_said_in_words(self, client, phone):
        page = client.post(reverse("account_request_login_code"), {"phone": phone})
        assert page.status_code == 200
        assert not OutboxLetter.objects.exists()
