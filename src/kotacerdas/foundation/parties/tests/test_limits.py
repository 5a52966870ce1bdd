"""By what a client is counted: an address, and of IPv6 the network that one connection has to itself."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.signing import get_cookie_signer
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from kotacerdas.foundation.parties.limits import counted_as, limited
from kotacerdas.kernel.errors import TooMany

pytestmark = pytest.mark.django_db
PASSWORD = "rahasia-sekali"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("10.1.1.1", "10.1.1.1"),
        ("2001:db8:0:1::a", "2001:db8:0:1::"),
        ("2001:0DB8:0000:0001:ffff:ffff:ffff:ffff", "2001:db8:0:1::"),
        ("2001:db8:0:2::a", "2001:db8:0:2::"),
        ("::ffff:10.1.1.1", "10.1.1.1"),
        ("fe80::1%eth0", "fe80::"),
        ("::1", "::"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_a_client_is_counted_by_address_or_network(address, counted):
    assert counted_as(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


class TestWrongPasswords:
    def enter(self, address: str, password: str = "salah-sekali") -> HttpResponse:
        return Client(REMOTE_ADDR=address).post(
            reverse("account_login"), {"login": "rudi", "password": password}
        )

    @pytest.fixture(autouse=True)
    def _rudi(self, cast):
        pass

    def test_one_ipv6_network_has_five_whatever_address_it_takes(self):
        answers = [self.enter(f"2001:db8:0:1::{n:x}").content.decode() for n in range(1, 7)]
        assert ["Terlalu banyak" in answer for answer in answers] == [False] * 5 + [True]
        assert self.enter("2001:db8:0:2::1", PASSWORD).status_code == 302

    def test_ipv4_addresses_written_as_ipv6_are_counted_apart(self):
        for _time in range(6):
            self.enter("::ffff:10.1.1.1")
        assert self.enter("::ffff:10.2.2.2", PASSWORD).status_code == 302


def test_a_door_counts_an_ipv6_network_as_one_address(monkeypatch):
    monkeypatch.setattr(settings, "RATE_LIMITS", True)
    door = limited("trial", capacity=20, seconds=3600)(lambda request: HttpResponse())
    posts = [RequestFactory().post("/", REMOTE_ADDR=f"2001:db8::{n:x}") for n in range(21)]
    for request in posts[:20]:
        door(request)
    with pytest.raises(TooMany):
        door(posts[20])


def test_who_throws_the_cookie_away_is_counted_as_one_device(monkeypatch):
    monkeypatch.setattr(settings, "RATE_LIMITS", True)
    door = limited("trial", capacity=2, seconds=3600)(lambda request: HttpResponse())
    bare = [RequestFactory().post("/", REMOTE_ADDR="10.1.1.1") for _ in range(3)]
    for request in bare[:2]:
        door(request)
    with pytest.raises(TooMany):
        door(bare[2])
    known = RequestFactory().post("/", REMOTE_ADDR="10.1.1.1")
    known.COOKIES["device"] = door(RequestFactory().get("/", REMOTE_ADDR="10.1.1.1")).cookies["device"].value
    door(known)  # another one there goes on


def test_a_first_page_needs_no_cookie(monkeypatch):
    monkeypatch.setattr(settings, "RATE_LIMITS", True)
    door = limited("trial", capacity=1, seconds=3600, methods=("GET",))(lambda request: HttpResponse())
    for _ in range(20):
        door(RequestFactory().get("/", REMOTE_ADDR="10.1.1.1"))
    with pytest.raises(TooMany):
        door(RequestFactory().get("/", REMOTE_ADDR="10.1.1.1"))


def test_a_device_that_is_refused_takes_nothing_from_its_address(monkeypatch):
    monkeypatch.setattr(settings, "RATE_LIMITS", True)
    door = limited("trial", capacity=2, seconds=3600, address_share=2)(lambda request: HttpResponse())

    def of(device: str) -> HttpRequest:
        request = RequestFactory().post("/", REMOTE_ADDR="10.1.1.1")
        request.COOKIES["device"] = get_cookie_signer(salt="devicedevice").sign(device)
        return request

    for _time in range(2):
        door(of("one"))
    for _time in range(5):
        with pytest.raises(TooMany):
            door(of("one"))
    for _time in range(2):
        door(of("other"))
    with pytest.raises(TooMany):
        door(of("third"))  # the address had four
