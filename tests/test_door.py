"""The front door: bodies first, threads later; limits said in words; every answer closed."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from trials.house import House

from kotacerdas.config.door import Door

MEGABYTE = 1024 * 1024


class Closing:
    """A WSGI answer that notes whether it was closed."""

    closed = 0

    def __iter__(self) -> Iterator[bytes]:
        yield b"one "
        yield b"two"

    def close(self) -> None:
        Closing.closed += 1


def echo(environ: dict[str, Any], start_response: Any) -> Any:
    """Say what came in."""
    if environ["PATH_INFO"] == "/broken":
        raise ValueError("broken on purpose")
    if environ["PATH_INFO"] == "/parts":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Closing()
    body = environ["wsgi.input"].read()
    told = {key: value for key, value in environ.items() if isinstance(value, str)} | {"size": len(body)}
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    )
    return [json.dumps(told).encode()]


def talk(
    messages: list[Any], *, path: str = "/bahasa/", method: str = "POST", headers: Any = (), **limits: Any
) -> list[Any]:
    """One request through a door: what it sent. A number among the messages is a pause in seconds."""
    sent: list[Any] = []
    waiting = list(messages)

    async def receive() -> Any:
        while waiting and isinstance(waiting[0], float):
            await asyncio.sleep(waiting.pop(0))
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async def go() -> None:
        given = {"threads": 1, "max_bytes": MEGABYTE, "max_seconds": 5.0, **limits}
        door = Door(echo, **given)
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"a=b",
            "headers": list(headers),
        }
        await door(scope, receive, send)
        door.pool.shutdown()
        door.photos.shutdown()

    asyncio.run(go())
    return sent


def part(body: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def said(sent: list[Any]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent[1:])


def test_a_body_in_pieces_arrives_whole() -> None:
    sent = talk([part(b"x" * 400_000, True), part(b"y" * 100_000)])
    assert json.loads(said(sent))["size"] == 500_000
    assert json.loads(said(sent))["CONTENT_LENGTH"] == "500000"


def test_both_cookies_of_an_answer_survive() -> None:
    headers = talk([part(b"")])[0]["headers"]
    assert [value for key, value in headers if key == b"set-cookie"] == [b"a=1", b"b=2"]


def test_an_announced_giant_is_refused_before_it_is_read() -> None:
    sent = talk([], headers=[(b"content-length", b"20000000")])
    assert sent[0]["status"] == 413
    assert "paling banyak 1 MB" in said(sent).decode()
    assert "at most 1 MB" in said(sent).decode()


def test_an_unannounced_giant_is_refused_while_it_is_read() -> None:
    assert talk([part(b"x" * MEGABYTE, True), part(b"x", True)])[0]["status"] == 413


def test_sending_too_slowly_is_said_in_words() -> None:
    sent = talk([part(b"x", True), 1.0, part(b"x")], max_seconds=0.1)
    assert sent[0]["status"] == 408
    assert "tidak ada yang disimpan" in said(sent).decode()


def test_a_client_that_leaves_in_mid_upload_disturbs_nobody() -> None:
    assert talk([part(b"x", True), {"type": "http.disconnect"}]) == []


def test_every_answer_is_closed_once() -> None:
    before = Closing.closed
    assert said(talk([part(b"")], path="/parts")) == b"one two"
    assert Closing.closed == before + 1


def test_head_has_headers_and_no_body() -> None:
    sent = talk([], method="HEAD")
    assert sent[0]["status"] == 200
    assert said(sent) == b""


def test_what_breaks_is_a_500_and_not_a_hanging_client() -> None:
    assert talk([part(b"")], path="/broken")[0]["status"] == 500


def test_a_header_with_an_underscore_cannot_pose_as_another() -> None:
    told = json.loads(
        said(talk([part(b"")], headers=[(b"x_forwarded_for", b"1.2.3.4"), (b"x-real", b"yes")]))
    )
    assert "HTTP_X_FORWARDED_FOR" not in told
    assert told["HTTP_X_REAL"] == "yes"


def test_the_browser_chooses_no_language_and_the_visitor_does(house: House) -> None:
    link = http.client.HTTPConnection("127.0.0.1", house.port)
    link.request("GET", "/nowhere/", headers={"Accept-Language": "en"})
    answer = link.getresponse()
    answer.read()
    assert (answer.status, answer.headers["Content-Language"]) == (404, "id")
    link.request("GET", "/nowhere/", headers={"Cookie": "lang=en"})
    assert link.getresponse().headers["Content-Language"] == "en"


def test_the_page_forbids_inline_scripts_and_frames(house: House) -> None:
    link = http.client.HTTPConnection("127.0.0.1", house.port)
    link.request("GET", "/nowhere/")
    policy = link.getresponse().headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_sixteen_slow_uploads_do_not_hold_up_a_page(house: House) -> None:
    leaving = threading.Event()
    slow = [threading.Thread(target=_upload_slowly, args=(house.port, leaving)) for _ in range(16)]
    for thread in slow:
        thread.start()
    time.sleep(0.3)
    link = http.client.HTTPConnection("127.0.0.1", house.port)  # the uploads last until `leaving` is set
    link.request("GET", "/readyz")
    status = link.getresponse().status
    leaving.set()
    for thread in slow:
        thread.join()
    assert status == 200


def _upload_slowly(port: int, leaving: threading.Event) -> None:
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.sendall(b"POST /bahasa/ HTTP/1.1\r\nHost: x\r\nContent-Length: 40000\r\n\r\n")
        while not leaving.wait(0.1):
            link.sendall(b"x" * 100)


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/metrics", 404)])
def test_health_is_told_and_measures_only_for_a_token(house: House, path: str, status: int) -> None:
    link = http.client.HTTPConnection("127.0.0.1", house.port)
    link.request("GET", path)
    assert link.getresponse().status == status
