"""Server-sent events: one LISTEN per process feeds every listening page.

A page hears topic and position, nothing else. Blocks that come while it is slow are folded into one
event, so a slow page costs a few bytes and never a growing queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import psycopg
import structlog
from django.conf import settings
from django.core import signing
from django.http import parse_cookie

from kotacerdas.config import store
from kotacerdas.kernel.discover import discover
from kotacerdas.kernel.live import LiveRoute, topics_of

CHANNEL = "kotacerdas_sealed"
HEARTBEAT_SECONDS = 20.0
MOST_LISTENERS = 8000
_DIGITS = 19  # of a position
_EVERYTHING = frozenset({"*"})
_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
HOUSE_ROUTE = LiveRoute(path="/live/")

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
log = structlog.get_logger(__name__)


class Listener:
    """One open page: its topics, and what it has not been told yet."""

    __slots__ = ("ended", "route", "topics", "touched", "wake")

    def __init__(self, route: LiveRoute, topics: frozenset[str]) -> None:
        self.route = route
        self.topics = topics
        self.touched: set[str] = set()
        self.wake = asyncio.Event()
        self.ended = False

    def hear(self, touched: frozenset[str]) -> None:
        """Note what a block touched, if it concerns this page."""
        concerned = self.topics if touched == _EVERYTHING else self.route.picks(self.topics, touched)
        if concerned:
            self.touched |= concerned
            self.wake.set()


class Hub:
    """Listens to sealed blocks while at least one page does."""

    def __init__(self) -> None:
        self.position = 0
        self.listeners: set[Listener] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._known = asyncio.Event()

    async def join(self, listener: Listener) -> None:
        """Add a page, and start listening when it is the first. Returns when the position is known."""
        self.listeners.add(listener)
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._beat())]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._known.wait(), 3.0)

    async def close(self) -> None:
        """End every stream; the pages come back by themselves."""
        for task in self._tasks:
            task.cancel()
        for listener in self.listeners:
            listener.ended = True
            listener.wake.set()
        await asyncio.sleep(0)

    async def _listen(self) -> None:
        pause = 0.5
        while True:
            try:
                async with await self._connect() as link:
                    await link.execute(f"LISTEN {CHANNEL}")
                    await self._catch_up(link)
                    pause = 0.5
                    async for note in link.notifies():
                        self._take(note.payload)
            except psycopg.Error as error:
                log.warning("live_store_lost", error=str(error).strip())
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        given = store.address(settings.DB_ROLE).conninfo(
            application_name="kotacerdas live", connect_timeout="5"
        )
        return await psycopg.AsyncConnection.connect(**given, autocommit=True)

    async def _catch_up(self, link: psycopg.AsyncConnection[Any]) -> None:
        found = await (await link.execute("SELECT to_regclass('journal_sealed')")).fetchone()
        if found and found[0]:
            top = await (
                await link.execute("SELECT coalesce(max(position), 0) FROM journal_sealed")
            ).fetchone()
            if top and self._known.is_set() and top[0] > self.position:
                self._notify(top[0], _EVERYTHING)
            self.position = max(self.position, top[0] if top else 0)
        self._known.set()

    def _take(self, payload: str) -> None:
        try:
            notice = json.loads(payload)
            topics = _EVERYTHING if notice.get("all") else frozenset(notice["topics"])
            self._notify(int(notice["position"]), topics)
        except (ValueError, KeyError, TypeError):
            log.warning("live_unreadable", payload=payload[:200])

    def _notify(self, position: int, topics: frozenset[str]) -> None:
        self.position = max(self.position, position)
        for listener in self.listeners:
            listener.hear(topics)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for listener in self.listeners:
                listener.wake.set()


@lru_cache(maxsize=1)
def routes() -> dict[str, LiveRoute]:
    """The declared streams by path. Raises LookupError for a path declared twice or not under /live/."""
    found = {HOUSE_ROUTE.path: HOUSE_ROUTE}
    for module in discover("live"):
        for route in getattr(module, "ROUTES", ()):
            if route.path in found or not route.path.startswith("/live/"):
                raise LookupError(f"the stream {route.path} is declared twice or lies outside /live/")
            found[route.path] = route
    return found


async def serve(hub: Hub, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """One stream, from opening to leaving. 404 for an unknown path, 403 for a bad or old token."""
    route = routes().get(scope["path"])
    query = parse_qs(scope["query_string"].decode("ascii", "replace"))
    try:
        topics = topics_of(query.get("t", [""])[0], _session(scope))
    except (signing.BadSignature, ValueError):
        topics = frozenset()
    status = _refusal(route, topics, scope["method"], len(hub.listeners))
    if status or route is None:
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store")]}
        )
        await send({"type": "http.response.body", "body": b""})
        return
    listener = Listener(route, topics)
    leaving = asyncio.create_task(_until_gone(receive, listener))
    try:
        await hub.join(listener)
        await _stream(hub, listener, _seen(scope, query), send)
    finally:
        hub.listeners.discard(listener)
        leaving.cancel()


def _refusal(route: LiveRoute | None, topics: frozenset[str], method: str, listeners: int) -> int:
    if route is None:
        return 404
    if method != "GET":
        return 405
    if not topics:
        return 403
    return 503 if listeners >= MOST_LISTENERS else 0


def _session(scope: MutableMapping[str, Any]) -> str:
    """The session cookie that came along; "" for none."""
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")


def _seen(scope: MutableMapping[str, Any], query: dict[str, list[str]]) -> int | None:
    """The last position that the page knows: by its reconnecting browser, or by `after` in the address."""
    given = dict(scope["headers"]).get(b"last-event-id", b"").decode("ascii", "replace")
    given = given or query.get("after", [""])[0]
    return int(given) if given.isascii() and given.isdigit() and len(given) < _DIGITS else None


async def _stream(hub: Hub, listener: Listener, seen: int | None, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await _push(send, f"retry: 3000\n{_event('open', hub.position, ())}")
    if seen is not None and seen < hub.position:
        listener.hear(_EVERYTHING)
    while not listener.ended:
        await listener.wake.wait()
        listener.wake.clear()
        touched, listener.touched = listener.touched, set()
        if listener.ended:
            break
        await _push(send, _event(listener.route.event, hub.position, touched) if touched else ": \n\n")
    with contextlib.suppress(Exception):  # the client may be gone already, and then nobody minds
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _push(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def _event(name: str, position: int, topics: Any) -> str:
    body = json.dumps({"position": position, "topics": sorted(topics)}, separators=(",", ":"))
    return f"id: {position}\nevent: {name}\ndata: {body}\n\n"


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.ended = True
    listener.wake.set()
