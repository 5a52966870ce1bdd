"""The front door: one ASGI entry on one port.

A request's body is spooled first, in memory and then on disk, with limits of size and time; only then
does Django's WSGI handler get a thread. The answer is spooled too, so that neither a slow upload nor
a slow download holds a thread. Paths under `/live/` are server-sent events and never enter a thread.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from kotacerdas.config.wsgi import application as django_application
from kotacerdas.config.wsgi_call import Answer, call

# isort: split
import structlog
from django.conf import settings

from kotacerdas.config import live
from kotacerdas.config.processes import stop_with_parent

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

IN_MEMORY = 256 * 1024
_PIECE = 64 * 1024
_SWITCH_SECONDS = (
    0.0005  # the event loop waits for the interpreter behind the threads: a tenth of the usual 5 ms
)
log = structlog.get_logger(__name__)


class Gone(Exception):
    """The client left before its request was whole."""


class Door:
    """The ASGI application. One per process; its pool and its hub start with the first event."""

    def __init__(self, wsgi: Any, *, threads: int, max_bytes: int, max_seconds: float) -> None:
        self.wsgi = wsgi
        self.max_bytes = max_bytes
        self.max_seconds = max_seconds
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self.hub = live.Hub()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one event of the ASGI protocol."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/live/"):
            await live.serve(self.hub, scope, receive, send)
            return
        body = await self._body(scope, receive, send)
        if body is None:
            return
        with body:
            answer = await asyncio.get_running_loop().run_in_executor(self.pool, call, self.wsgi, scope, body)
        with answer.body:
            await _deliver(answer, scope["method"] == "HEAD", send)

    async def _body(self, scope: Scope, receive: Receive, send: Send) -> IO[bytes] | None:
        """The whole body; None when the client left or has been refused."""
        if _has_none(scope):
            return BytesIO()
        try:
            async with asyncio.timeout(self.max_seconds):
                return await spool(scope, receive, self.max_bytes)
        except Gone:
            pass
        except TooLarge:
            await say(send, 413, *_too_large(self.max_bytes))
        except TimeoutError:
            await say(send, 408, *_TOO_SLOW)
        return None

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        watching: asyncio.Task[None] | None = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                sys.setswitchinterval(_SWITCH_SECONDS)
                watching = asyncio.create_task(stop_with_parent("KOTACERDAS_WEB_PARENT"))
                await send({"type": "lifespan.startup.complete"})
            else:
                if watching:
                    watching.cancel()
                await self.hub.close()
                self.pool.shutdown(wait=True)
                await send({"type": "lifespan.shutdown.complete"})
                return


class TooLarge(Exception):
    """The body is longer than the door lets in."""


async def spool(scope: Scope, receive: Receive, max_bytes: int) -> SpooledTemporaryFile[bytes]:
    """Read the whole body. Raises TooLarge (at once when the length is announced) and Gone."""
    announced = dict(scope["headers"]).get(b"content-length", b"")
    body: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(IN_MEMORY, dir=settings.SPOOL_FOLDER)  # noqa: SIM115
    try:
        if announced.isdigit() and int(announced) > max_bytes:
            raise TooLarge
        await _fill(body, receive, max_bytes)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


def _has_none(scope: Scope) -> bool:
    names = {name for name, _ in scope["headers"]}
    return scope["method"] in ("GET", "HEAD") and not names & {b"content-length", b"transfer-encoding"}


async def _fill(body: SpooledTemporaryFile[bytes], receive: Receive, max_bytes: int) -> None:
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        part = message.get("body", b"")
        size += len(part)
        if size > max_bytes:
            raise TooLarge
        body.write(part)
        more = message.get("more_body", False)


async def _deliver(answer: Answer, head: bool, send: Send) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    if head:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    part = answer.body.read(_PIECE)
    while True:
        following = answer.body.read(_PIECE) if len(part) == _PIECE else b""
        await send({"type": "http.response.body", "body": part, "more_body": bool(following)})
        if not following:
            return
        part = following


_TOO_SLOW = (
    "Pengiriman terlalu lama, sehingga tidak ada yang disimpan. Coba lagi di tempat dengan sinyal lebih baik.",
    "Sending took too long, so nothing was stored. Try again where the signal is better.",
)


def _too_large(limit: int) -> tuple[str, str]:
    most = limit // (1024 * 1024)
    return (
        f"Kiriman terlalu besar: paling banyak {most} MB. Pilih foto yang lebih kecil, lalu kirim lagi.",
        f"This is too large: at most {most} MB. Choose a smaller photo and send it again.",
    )


async def say(send: Send, status: int, indonesian: str, english: str) -> None:
    """A short answer in both languages, from where Django (and its translations) is not reached."""
    text = f"{indonesian}\n\n{english}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": False})


application = Door(
    django_application,
    threads=int(os.environ.get("KOTACERDAS_WEB_THREADS") or 4),
    max_bytes=settings.MAX_BODY_BYTES,
    max_seconds=settings.MAX_BODY_SECONDS,
)
