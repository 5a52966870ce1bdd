"""Which reports a citizen finds again under "Laporan saya": this browser's, the account's, and whose they are."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.notify.models import OutboxLetter
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.ui.tags.words import short_day, short_time
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.tests.test_public import fields, page, press, till_you

pytestmark = pytest.mark.django_db


def sign_in(client: Client, phone: str = "0812-3456-7890") -> None:
    """As the citizen of that number, the code read from the message."""
    client.post(reverse("account_request_login_code"), {"phone": phone})
    code = OutboxLetter.objects.order_by("-at")[0].body.split()[0]
    client.post(reverse("account_confirm_login_code"), {"code": code})


def mine(client: Client) -> str:
    return page(client.get(reverse("following:my_cases")))


def test_a_citizen_signed_in_by_phone_sees_all_of_theirs(client, cast):
    filed = cast.report()
    sign_in(client)
    assert filed.case.number in mine(client)


def test_signing_out_takes_along_what_was_opened_through_the_account(client, cast):
    filed = cast.report(is_secret=True)
    sign_in(client)
    client.get(reverse("following:follow", args=[link_token(filed.party)]))
    client.post(reverse("account_logout"))
    for shown in (mine(client), page(client.get("/"))):
        assert filed.case.number not in shown
    sign_in(client, "0813-1111-2222")
    assert filed.case.number not in mine(client)


def test_what_was_opened_here_without_an_account_outlives_a_sign_in(client, cast):
    own, other = cast.report(), cast.report(phone="0813-1111-2222")
    client.get(reverse("following:follow", args=[link_token(own.party)]))
    sign_in(client)
    client.get(reverse("following:follow", args=[link_token(own.party)]))
    client.get(reverse("following:follow", args=[link_token(other.party)]))
    client.post(reverse("account_logout"))
    assert own.case.number in mine(client)
    assert other.case.number in mine(client)


@pytest.mark.parametrize("phone", ["0812-3456-7890", "0813-1111-2222"])
def test_who_is_signed_in_reads_with_which_number_and_is_not_told_to_sign_in(client, cast, phone):
    assert "masuk dengan nomor HP" in mine(client)
    cast.report()
    sign_in(client, phone)
    shown = mine(client)
    assert phone not in shown
    assert f"Anda masuk dengan {phone[:4]}-••••-{phone[-4:]}" in shown
    assert "masuk dengan nomor HP" not in shown.lower()
    assert "Masuk dengan" not in shown


def test_a_card_names_the_day_of_its_report_and_until_when_help_comes(client, cast):
    filed = cast.report(category=cast.category("landslide"))
    sign_in(client)
    shown = mine(client)
    due = filed.case.clocks.get(name="handover").due_at
    assert f"Dilaporkan {short_day(filed.case.opened_at)}" in shown
    assert f"Ditangani paling lambat {short_time(due)}" in shown
    assert "<h3" not in shown


def test_a_list_of_my_reports_is_this_browsers_alone(client, cast):
    filed = cast.report()
    client.get(reverse("following:follow", args=[link_token(filed.party)]))
    assert filed.case.number in page(client.get(reverse("following:my_cases")))
    assert filed.case.number not in page(Client().get(reverse("following:my_cases")))
    forged = Client()
    forged.cookies["mine"] = f"{filed.party.id.hex}.1:forged"
    assert filed.case.number not in page(forged.get(reverse("following:my_cases")))


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_who_joins_their_own_report_stays_its_reporter(client, cast, is_signed_in):
    filed = cast.verified()
    client.get(reverse("following:follow", args=[link_token(filed.party)]))
    party = actions.report_join(actor=reporter(), case=filed.case).party
    client.get(reverse("following:follow", args=[link_token(party)]))
    if is_signed_in:
        client.cookies.pop("mine")
        client.get(reverse("following:follow", args=[link_token(party)]))
        sign_in(client)
    shown = mine(client)
    assert reverse("following:follow", args=[link_token(filed.party)]) in shown
    assert link_token(party) not in shown


class TestSharedPhone:
    """What one citizen did in a browser is not the next one's."""

    def test_who_is_signed_in_joins_as_themselves_where_somebody_else_opened_the_report(self, client, cast):
        filed = cast.verified()
        client.get(reverse("following:follow", args=[link_token(filed.party)]))
        sign_in(client, "0813-1111-2222")
        door = reverse("iceta:report_join", args=[filed.case.number])
        answer = client.post(door, {"go": "join"})
        assert link_token(filed.party) not in answer.url
        assert {party.phone for party in filed.case.parties.all()} == {
            "+6281234567890",
            "+6281311112222",
        }

    def test_the_accounts_number_does_not_stay_in_an_unfinished_report(self, client, cast):
        sign_in(client, "0813-1111-2222")
        you = till_you(client)
        assert "0813-1111-2222" in page(you)
        back = press(client, you, "words", identity="named")
        assert fields(press(client, back, "you"))["phone"] == "0813-1111-2222"
        assert "0813-1111-2222" in page(press(client, back, "check"))
        client.post(reverse("account_logout"))
        start = page(client.get(reverse("iceta:report_photo")))
        kept = re.search(r'href="([^"]*draf=[^"]*)"', start)[1]
        assert "1111-2222" not in page(press(client, client.get(kept), "check"))
        sign_in(client, "0814-1111-3333")
        assert "1111-2222" not in page(press(client, client.get(kept), "check"))

    def test_what_was_typed_wrongly_while_signed_in_is_not_shown_after_the_sign_out(self, client, cast):
        sign_in(client, "0813-1111-2222")
        wrong = {"number": "TML-2026-000297-0", "phone": "0812-3456-7891"}
        told = client.post(reverse("following:link_again"), wrong)
        assert "0812-3456-7891" in page(client.get(told.url))
        client.post(reverse("account_logout"))
        assert "0812-3456-7891" not in page(client.get(told.url))

    def test_a_number_taken_out_is_not_filled_in_again(self, client, cast):
        sign_in(client, "0813-1111-2222")
        back = press(client, till_you(client), "words", identity="named", phone="")
        assert fields(press(client, back, "you"))["phone"] == ""

    def test_the_number_typed_for_a_code_is_forgotten_with_the_code(self, client, cast, settings):
        client.post(reverse("account_request_login_code"), {"phone": "0812-3456-7891"})
        assert "0812-3456-7891" in page(client.get(reverse("account_request_login_code")))
        settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1
        assert "0812-3456-7891" not in page(client.get(reverse("account_request_login_code")))

    def test_the_way_from_a_number_to_ones_own_report_is_kept_nowhere(self, client, cast):
        filed = cast.report()
        client.get(reverse("following:follow", args=[link_token(filed.party)]))
        found = client.get(reverse("iceta:report_words"), {"q": filed.case.number})
        assert link_token(filed.party) in found.url
        assert "no-store" in found.headers["Cache-Control"]


def test_the_list_reads_as_often_for_many_reports_as_for_few(client, cast):
    def queries(more: int) -> int:
        for _one in range(more):
            client.get(reverse("following:follow", args=[link_token(cast.verified().party)]))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("following:my_cases")).status_code == 200
        return len(seen)

    queries(1)  # what is kept in memory is read
    assert queries(0) == queries(3)
