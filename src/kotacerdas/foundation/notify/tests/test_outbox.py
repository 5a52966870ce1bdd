"""The outbox page shows letters to staff of a demo, and to nobody else."""

from __future__ import annotations

from argparse import Namespace
from datetime import timedelta

import pytest
from django.db import connection

from kotacerdas.foundation.notify.commands import COMMANDS
from kotacerdas.foundation.notify.expiry import forget_letters
from kotacerdas.foundation.notify.models import OutboxLetter
from kotacerdas.kernel import clock

pytestmark = pytest.mark.django_db
DOOR = "/desk/keluar/"


@pytest.fixture
def letter():
    letter = OutboxLetter.of(
        channel="sms",
        address="+6281234567890",
        subject="",
        body="Laporan Anda sudah kami terima. https://contoh.test/l/abc/ <b>tebal</b>",
    )
    letter.save(force_insert=True)
    return letter


def as_demo(client, user):
    """Sign in as a demo account, which is spared the second factor."""
    user.is_demo = True
    user.save(update_fields=["is_demo"])
    client.force_login(user)


def test_staff_read_the_letters_and_open_their_links_here(client, cast, letter):
    as_demo(client, cast.sari)
    html = client.get(DOOR).content.decode()
    assert 'href="/l/abc/"' in html
    assert "0812-3456-7890" in html
    assert "<b>tebal</b>" not in html


def test_staff_who_are_real_find_nothing_and_the_operator_reads_it(client, cast, letter, capsys):
    """Numbers, secret links and codes stand there: whoever read them could act for anybody."""
    from allauth.mfa.totp.internal import auth as totp

    totp.TOTP.activate(cast.sari, totp.generate_totp_secret())
    client.force_login(cast.sari)
    assert client.get(DOOR).status_code == 404
    assert DOOR not in client.get("/desk/iceta/verifikasi/").content.decode()
    COMMANDS[0].run(Namespace(what="outbox"))
    assert "+6281234567890" in capsys.readouterr().out


def test_a_stranger_is_asked_to_sign_in_and_a_citizen_finds_nothing(client, cast, letter):
    assert client.get(DOOR).status_code == 302
    client.force_login(cast.asep)
    assert client.get(DOOR).status_code == 404


def test_there_is_no_such_page_in_production(client, cast, letter, settings):
    settings.PRODUCTION = True
    as_demo(client, cast.sari)
    assert client.get(DOOR).status_code == 404


def test_a_letter_at_rest_tells_neither_number_nor_link_and_goes_after_thirty_days(letter):
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM notify_outboxletter AS l")
        row = cursor.fetchone()[0]
    for secret in ("81234567890", "/l/abc", "Laporan"):
        assert secret not in row
    with clock.frozen(clock.now() + timedelta(days=31)):
        forget_letters()
    assert not OutboxLetter.objects.exists()
