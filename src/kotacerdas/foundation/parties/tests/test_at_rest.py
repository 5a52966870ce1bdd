"""Who reads the store without its keys learns no number, no code, no secret, and goes on as nobody."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kotacerdas.foundation.notify.models import OutboxLetter
from kotacerdas.foundation.parties.sessions import SessionStore, forget_sessions

pytestmark = pytest.mark.django_db
NUMBER = "0813-0000-2244"


def whole_store() -> str:
    """Every row of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" AS t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_a_sign_in_by_code_leaves_neither_number_nor_code_readable(regency, client):
    client.post(reverse("account_request_login_code"), {"phone": NUMBER})
    code = OutboxLetter.objects.latest("at").body.split()[0]
    stored = whole_store()
    assert code not in stored
    for digits in ("81300002244", "0813-0000-2244"):
        assert digits not in stored


def test_a_session_in_the_store_is_no_cookie(regency, cast, client):
    client.force_login(cast.rudi)
    key = client.cookies["sessionid"].value
    assert key not in whole_store()
    stolen = Client()
    stolen.cookies["sessionid"] = Session.objects.get().session_key
    assert stolen.get(reverse("desk_home")).status_code == 302
    assert client.get(reverse("desk_home")).status_code != 302 or "masuk" not in client.get(
        reverse("desk_home")
    ).headers.get("Location", "")


def test_a_session_moved_to_another_row_opens_nothing(cast):
    first, second = SessionStore(), SessionStore()
    first["who"], second["who"] = "first", "second"
    first.save()
    second.save()
    rows = list(Session.objects.order_by("session_data"))
    rows[0].session_data, rows[1].session_data = rows[1].session_data, rows[0].session_data
    for row in rows:
        row.save()
    assert "who" not in SessionStore(first.session_key)


def test_sessions_whose_time_is_over_go(cast, client):
    client.force_login(cast.rudi)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    forget_sessions()
    assert not Session.objects.exists()


def test_secrets_of_second_factors_are_sealed_and_work(cast):
    totp = TOTP.activate(cast.rudi, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(cast.rudi)
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    stored = whole_store()
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert seed.startswith("k") or "." in seed
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert all(code not in stored for code in codes)
    assert totp.instance.pk


def test_secrets_of_before_are_sealed_once_and_go_on_working(cast):
    plain = Authenticator.objects.create(user=cast.rudi, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    migration = import_module("kotacerdas.foundation.parties.migrations.0006_sealed_at_rest")
    migration.seal_second_factors(apps, None)
    plain.refresh_from_db()
    once = plain.data["secret"]
    assert "JBSWY3DPEHPK3PXP" not in once
    migration.seal_second_factors(apps, None)
    plain.refresh_from_db()
    assert plain.data["secret"] == once
    from allauth.mfa.utils import decrypt

    assert decrypt(once) == "JBSWY3DPEHPK3PXP"
