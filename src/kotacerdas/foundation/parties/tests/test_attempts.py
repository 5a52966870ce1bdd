"""What counts wrong passwords and used codes forgets by time alone."""

from __future__ import annotations

import threading
import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from kotacerdas.foundation.parties import attempts

PASSWORD = "rahasia-sekali"


def enter(password: str) -> str:
    given = {"login": "rudi", "password": password}
    return Client(REMOTE_ADDR="203.0.113.5").post(reverse("account_login"), given).content.decode()


@pytest.mark.django_db
def test_requests_for_codes_of_random_numbers_unlock_no_account(cast):
    """What was done: with 300 rows in the cache, 165 such requests pushed the counter of the account out."""
    for _time in range(6):
        enter("salah-sekali")
    for n in range(200):
        address = f"198.51.{n // 250}.{n % 250 + 1}"
        asked = {"phone": f"0812-0000-{n:04d}", "login": f"orang-{n}", "password": "salah-sekali"}
        Client(REMOTE_ADDR=address).post(reverse("account_request_login_code"), asked)
    for n in range(400):
        cache.set(f"allauth:rl:account:request_login_code:{n}", [time.time()], 60)
    assert "Terlalu banyak" in enter(PASSWORD)


@pytest.mark.django_db
def test_a_used_code_of_the_second_factor_stays_used_whatever_comes_after(cast):
    secret = totp.generate_totp_secret()
    device = totp.TOTP.activate(cast.rudi, secret)
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    assert device.validate_code(code)
    for n in range(1000):
        cache.set(f"other:{n}", n, 60)
    assert not device.validate_code(code)


@pytest.mark.django_db
def test_time_alone_takes_a_row_away(monkeypatch):
    cache.set("short", [1.5, 2], 0.3)
    cache.set("long", {"a": 1}, 60)
    assert cache.get("short") == [1.5, 2]
    assert not cache.add("short", 3, 60)
    time.sleep(0.4)
    assert cache.get("short") is None
    assert cache.add("short", 3, 0.1)
    time.sleep(0.2)
    monkeypatch.setattr(attempts, "_forgotten_at", float("-inf"))
    attempts.forget_attempts()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM parties_attempt")
        assert cursor.fetchone() == (1,)
    assert cache.get("long") == {"a": 1}
    assert cache.delete("long")
    assert cache.get("long", "gone") == "gone"


@pytest.mark.django_db(transaction=True)
def test_of_many_that_use_one_code_at_once_one_does():
    used: list[bool] = []

    def use() -> None:
        used.append(cache.add("code", "y", 30))
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(used) == [False] * 7 + [True]


@pytest.mark.django_db
def test_a_crash_of_the_store_forgets_no_wrong_password():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'parties_attempt'")
        assert cursor.fetchone() == ("p",)
