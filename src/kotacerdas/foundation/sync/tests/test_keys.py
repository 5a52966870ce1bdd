"""The key behind a phone's PIN: kept once, released to its own user after a fresh sign-in, journaled."""

from __future__ import annotations

import base64
import json
import re
import time
from datetime import timedelta

import pytest
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client
from trials.cast import client_of, seat

from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.grants import grants_of
from kotacerdas.foundation.sync import expiry, keys, shell
from kotacerdas.foundation.sync.models import Phone, PhoneKey
from kotacerdas.foundation.sync.phones import phone_revoke
from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]
KEY, NAME = base64.b64encode(bytes(range(32))).decode(), "0123456789abcdef" * 2


def keep(handset: Handset, name=NAME, key=KEY):
    body = json.dumps({"name": name, "key": key})
    return handset.client.post("/lapangan/kunci/", body, content_type="application/json", **handset.headers)


def address(handset: Handset) -> str:
    return f"/lapangan/kunci/{handset.phone.pk}/"


def still(named: str):
    return Client().get("/lapangan/masih/", HTTP_AUTHORIZATION=f"Bearer {named}")


def test_a_kept_key_is_sealed_and_released_to_its_user_with_a_row_of_the_journal(handset):
    assert keep(handset).status_code == 200
    assert KEY not in PhoneKey.objects.get().key_sealed
    client = client_of(handset.phone.user)
    page = client.get(address(handset))
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    answer = client.post(address(handset), {"name": NAME})
    assert (answer.json(), answer["Cache-Control"]) == ({"key": KEY}, "no-store")
    assert Row.objects.get(verb="sync.phone.release_key").subject_id == handset.phone.pk


def test_a_name_never_gets_another_key(handset):
    keep(handset)
    assert keep(handset, key=base64.b64encode(bytes(32)).decode()).status_code == 200
    assert keys.key_release(user=handset.phone.user, phone=handset.phone, name=NAME) == KEY
    assert keep(handset, name="f" * 32).status_code == 200
    assert keys.key_release(user=handset.phone.user, phone=handset.phone, name=NAME) == KEY


def test_nobody_else_gets_a_key_not_even_who_looks_after_the_phone(handset, cast):
    keep(handset)
    for user in (seat("kepala-pu", "PU", "head"), seat("operator", "KOMINFO", "operator"), cast.asep):
        client = client_of(user)
        assert client.get(address(handset)).status_code == 404
        assert client.post(address(handset), {"name": NAME}).status_code == 404
    assert Client().post(address(handset), {"name": NAME}).status_code == 302
    assert not Row.objects.filter(verb="sync.phone.release_key").exists()


def test_a_revoked_phones_key_is_not_released(handset):
    keep(handset)
    phone_revoke(actor=staff(seat("kepala-pu", "PU", "head")), phone=handset.phone)
    assert client_of(handset.phone.user).post(address(handset), {"name": NAME}).status_code == 404


def test_a_key_is_released_after_the_password_was_typed_just_now_and_not_by_a_code(handset, settings):
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "second_factor" not in one]
    keep(handset)
    client = client_of(handset.phone.user)
    handset.phone.user.is_demo = False
    handset.phone.user.save()
    for methods, status in (
        ([], 403),
        ([{"method": "password", "at": time.time() - 301}], 403),
        ([{"method": "mfa", "at": time.time()}, {"method": "code", "at": time.time()}], 403),
        ([{"method": "password", "at": time.time() - 60, "reauthenticated": True}], 200),
    ):
        session = client.session
        session["account_authentication_methods"] = methods
        session["account_authentication_methods_user"] = user_id_to_str(handset.phone.user)
        session.save()
        assert client.post(address(handset), {"name": NAME}).status_code == status
        page = client.get(address(handset))
        assert page.status_code == (200 if status == 200 else 302)
        if status != 200:
            assert page["Location"].startswith("/akun/periksa-lagi/?next=")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"name": 1, "key": 2}', b"[" * 900,
     json.dumps({"name": NAME, "key": "c2hvcnQ="}).encode(), json.dumps({"name": "x", "key": KEY}).encode()],
)  # fmt: skip
def test_what_is_no_key_is_refused(handset, body):
    answer = handset.client.post("/lapangan/kunci/", body, content_type="application/json", **handset.headers)
    assert answer.status_code == 422
    assert not PhoneKey.objects.exists()


def test_a_locked_phone_asks_whether_it_is_let_in_and_learns_that_it_is_not(handset):
    check = keep(handset).json()["check"]
    named = f"{handset.phone.pk}.{check}"
    assert still(named).status_code == 204
    for wrong in ("", "x", f"{handset.phone.pk}.", f"{handset.phone.pk}.é", f"nobody.{check}", check):
        assert still(wrong).status_code == 401
    phone_revoke(actor=staff(seat("kepala-pu", "PU", "head")), phone=handset.phone)
    assert (still(named).status_code, still(named).json()["wipe"]) == (410, True)
    assert Phone.objects.get().wiped_at is not None


def test_a_phone_needs_a_pin_where_personal_data_stands_on_it(handset, cast):
    told = handset.client.get("/lapangan/formulir/", **handset.headers).json()
    assert told["pin"] is True
    assert shell.forms_for(staff(cast.asep), "id")["pin"] is False
    rows = {"name": "homes", "fields": [{"name": "owner", "personal": True}]}
    assert shell.needs_pin(grants_of(cast.asep), [{"fields": [rows]}])
    assert not shell.needs_pin(grants_of(cast.asep), [{"fields": [{"name": "homes"}]}])


def test_who_types_the_password_again_comes_back_to_the_page(handset, settings):
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "second_factor" not in one]
    client, user = client_of(handset.phone.user), handset.phone.user
    user.is_demo = False
    user.set_password("sandi-yang-panjang-71")
    user.save()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    away = client.get(address(handset))["Location"]
    back = client.post(away, {"password": "sandi-yang-panjang-71", "next": address(handset)})
    assert back["Location"] == address(handset)
    assert client.get(address(handset)).status_code == 200


def test_without_script_no_pin_can_be_posted(handset):
    page = client_of(handset.phone.user).get(address(handset)).content.decode()
    fields = re.findall(r'<input [^>]*type="password"[^>]*>', page)
    assert len(fields) == 2
    assert not any(" name=" in one for one in fields)  # a field without a name is never sent
    assert "<noscript>" in page


def test_the_keys_of_a_phone_go_when_it_was_told_to_wipe_or_a_month_after_it_was_revoked(handset, cast):
    keep(handset)
    expiry.forget_keys()
    phone_revoke(actor=staff(handset.phone.user), phone=handset.phone)
    expiry.forget_keys()
    assert PhoneKey.objects.count() == 1
    assert handset.post({"p": 3, "commands": []}).status_code == 410
    expiry.forget_keys()
    assert not PhoneKey.objects.exists()
    silent = Handset(cast.rudi, "silent")
    keep(silent)
    Phone.objects.filter(pk=silent.phone.pk).update(revoked_at=clock.now() - timedelta(days=31))
    expiry.forget_keys()
    assert not PhoneKey.objects.exists()
