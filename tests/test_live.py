"""Live pages hear of their topics, catch up after a break, and hear nothing that they may not."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from urllib.parse import quote, unquote

import psycopg
import pytest
from django.core import signing
from trials.house import House

from kotacerdas.config import store
from kotacerdas.kernel.live import held_by, live_token, topics_of

SESSION = "abcdefghijklmnopqrstuvwxyz012345"


@pytest.fixture
def notifier(house: House) -> Iterator[psycopg.Connection]:
    with psycopg.connect(**store.address().conninfo(dbname=house.database), autocommit=True) as link:
        yield link


def seal(link: psycopg.Connection, position: int, *topics: str, everything: bool = False) -> None:
    """What the sealer says after a block."""
    told = {"position": position, "topics": list(topics)} | ({"all": True} if everything else {})
    link.execute("SELECT pg_notify('kotacerdas_sealed', %s)", [json.dumps(told)])


class Page:
    """A browser's EventSource, as far as a test needs it."""

    def __init__(self, house: House, topics: list[str], seen: int | None = None) -> None:
        headers = {} if seen is None else {"Last-Event-ID": str(seen)}
        self.link = http.client.HTTPConnection("127.0.0.1", house.port, timeout=5)
        with held_by(lambda: SESSION):
            token = quote(live_token(topics))
        headers["Cookie"] = f"sessionid={SESSION}"
        self.link.request("GET", f"/live/?t={token}", headers=headers)
        self.answer = self.link.getresponse()
        assert self.next()["event"] == "open"

    def next(self) -> dict[str, str]:
        """The next event's fields."""
        found: dict[str, str] = {}
        while line := self.answer.readline().decode().strip():
            key, _, value = line.partition(":")
            found[key] = value.strip()
        return found


def test_a_page_hears_its_topics_with_their_position(house: House, notifier: psycopg.Connection) -> None:
    page = Page(house, ["iceta", "agency:PUPR"])
    seal(notifier, 901, "agency:PUPR", "lada")
    told = page.next()
    assert (told["event"], told["id"]) == ("sealed", "901")
    assert json.loads(told["data"]) == {"position": 901, "topics": ["agency:PUPR"]}


def test_a_page_hears_nothing_of_other_topics(house: House, notifier: psycopg.Connection) -> None:
    page = Page(house, ["agency:PUPR"])
    seal(notifier, 902, "agency:DINKES")
    seal(notifier, 903, "agency:PUPR")
    assert page.next()["id"] == "903"


def test_a_large_block_reaches_everybody(house: House, notifier: psycopg.Connection) -> None:
    page = Page(house, ["subject:7"])
    seal(notifier, 904, "iceta", everything=True)
    assert page.next()["id"] == "904"


def test_a_page_that_was_away_is_told_at_once(house: House, notifier: psycopg.Connection) -> None:
    first = Page(house, ["iceta"])
    seal(notifier, 905, "iceta")
    first.next()
    assert Page(house, ["iceta"], seen=900).next()["event"] == "sealed"


@pytest.mark.parametrize("token", ["", "forged", "WyJpY2V0YSJd:1x:abc"])
def test_a_forged_token_opens_nothing(house: House, token: str) -> None:
    link = http.client.HTTPConnection("127.0.0.1", house.port)
    link.request("GET", f"/live/?t={token}")
    assert link.getresponse().status == 403


def test_an_unknown_stream_is_not_there(house: House) -> None:
    link = http.client.HTTPConnection("127.0.0.1", house.port)
    link.request("GET", f"/live/nowhere?t={quote(live_token(['iceta']))}")
    assert link.getresponse().status == 404


def test_a_token_names_its_topics_and_cannot_be_changed() -> None:
    token = live_token(["b", "a", "b"])
    assert topics_of(token, "") == {"a", "b"}
    with pytest.raises(signing.BadSignature):
        topics_of(token[:-1] + ("A" if token[-1] != "A" else "B"), "")


def test_another_session_hears_nothing_with_the_address_of_a_stream(house: House) -> None:
    with held_by(lambda: SESSION):
        token = quote(live_token(["iceta"]))
    for cookie in ({}, {"Cookie": "sessionid=somebodyelses"}, {"Cookie": "other=1"}):
        link = http.client.HTTPConnection("127.0.0.1", house.port, timeout=5)
        link.request("GET", f"/live/?t={token}", headers=cookie)
        assert link.getresponse().status == 403


@pytest.mark.django_db
def test_a_page_at_a_desk_makes_its_stream_for_its_own_session(cast, client) -> None:
    cast.verified()
    client.force_login(cast.rudi)
    cast.rudi.is_demo = True
    cast.rudi.save()
    page = client.get("/desk/iceta/").content.decode()
    token = unquote(page.split('data-live-url="/live/?t=')[1].split('"')[0])
    assert topics_of(token, client.cookies["sessionid"].value)
    with pytest.raises(signing.BadSignature):
        topics_of(token, "")
