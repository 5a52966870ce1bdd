"""The front door: one ASGI entry on one port.

A request's body is spooled first, in memory and then on disk, with limits of size and time (`bodies.py`); only
then does Django's WSGI handler get a thread. The answer is spooled too, so that neither a slow upload nor
a slow download holds a thread. Forms with files have threads of their own, since photos wait for their decoder.
Paths under `/live/` are server-sent events and never enter a thread.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import IO, Any

from kotacerdas.config.wsgi import application as django_application
from kotacerdas.config.wsgi_call import Answer, call

# isort: split
import structlog
from django.conf import settings

from kotacerdas.config import bodies, live
from kotacerdas.config.processes import stop_with_parent

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MOST_WAITING = 24  # forms with photos: at two seconds each the last one waits less than a minute
_PIECE = 64 * 1024
_SWITCH_SECONDS = (
    0.0005  # the event loop waits for the interpreter behind the threads: a tenth of the usual 5 ms
)
log = structlog.get_logger(__name__)


class Door:
    """The ASGI application. One per process; its pool and its hub start with the first event."""

    def __init__(
        self, wsgi: Any, *, threads: int, max_bytes: int, max_seconds: float, max_held: int = 64 * 1024 * 1024
    ) -> None:
        self.wsgi = wsgi
        self.max_bytes = max_bytes
        self.max_seconds = max_seconds
        self.ledger = bodies.Ledger(max_held)
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self.photos = ThreadPoolExecutor(threads, thread_name_prefix="photos")
        self.waiting = 0  # forms with files, in `photos` or before it
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
        if bodies.has_none(scope):
            await self._answer(scope, BytesIO(), self.pool, send)
            return
        held = await self._body(scope, receive, send)
        if held is None:
            return
        try:
            if not bodies.is_form_of_files(scope):
                await self._answer(scope, held.file, self.pool, send)
            elif self.waiting >= MOST_WAITING:
                await say(send, 503, *_MANY_PHOTOS, retry_after=60)
            else:
                await self._later(scope, held.file, send)
        finally:
            held.close()

    async def _later(self, scope: Scope, body: IO[bytes], send: Send) -> None:
        """Photos are decoded one after another: whoever waits for one holds no thread that pages need."""
        self.waiting += 1
        try:
            await self._answer(scope, body, self.photos, send)
        finally:
            self.waiting -= 1

    async def _answer(self, scope: Scope, body: IO[bytes], pool: ThreadPoolExecutor, send: Send) -> None:
        answer = await asyncio.get_running_loop().run_in_executor(pool, call, self.wsgi, scope, body)
        with answer.body:
            await _deliver(answer, scope["method"] == "HEAD", send)

    async def _body(self, scope: Scope, receive: Receive, send: Send) -> bodies.Held | None:
        """The whole body; None when the client left or has been refused."""
        try:
            async with asyncio.timeout(self.max_seconds):
                return await bodies.spool(scope, receive, self.ledger, self.max_bytes)
        except bodies.Gone:
            pass
        except bodies.TooLarge:
            await say(send, 413, *_too_large(self.max_bytes))
        except bodies.Full as full:
            words = _MANY_OF_YOURS if full.is_theirs else _MANY
            await say(send, 429 if full.is_theirs else 503, *words, retry_after=20)
        except TimeoutError:
            await say(send, 408, *_TOO_SLOW)
        except OSError as error:
            log.error("spool_failed", error=error.strerror)
            await say(send, 503, *_NO_ROOM, retry_after=300)
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
                self.photos.shutdown(wait=True)
                await send({"type": "lifespan.shutdown.complete"})
                return


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

_MANY_PHOTOS = (
    "Banyak foto sedang diproses saat ini, sehingga kiriman Anda belum disimpan. Coba lagi satu menit lagi, "
    "atau kirim laporan tanpa foto.",
    "Many photos are being prepared at this moment, so what you sent was not stored. Try again in a minute, "
    "or send the report without a photo.",
)
_MANY_OF_YOURS = (
    "Terlalu banyak kiriman sekaligus dari jaringan Anda, sehingga yang ini tidak disimpan. Tunggu sebentar, "
    "lalu kirim lagi.",
    "Too much comes from your network at once, so this was not stored. Wait a little, then send it again.",
)
_MANY = (
    "Server kami sedang menerima terlalu banyak kiriman, sehingga yang ini tidak disimpan. Tunggu sebentar, "
    "lalu kirim lagi. Dalam keadaan darurat, telepon.",
    "Our server is taking in too much at this moment, so this was not stored. Wait a little, then send it again. "
    "In an emergency call instead.",
)
_NO_ROOM = (
    "Server kami sedang kehabisan ruang, sehingga kiriman ini tidak disimpan. Coba tanpa foto, atau telepon.",
    "Our server has no room at this moment, so this was not stored. Try without a photo, or call.",
)


def _too_large(limit: int) -> tuple[str, str]:
    most = limit // (1024 * 1024)
    return (
        f"Kiriman terlalu besar: paling banyak {most} MB. Pilih foto yang lebih kecil, lalu kirim lagi.",
        f"This is too large: at most {most} MB. Choose a smaller photo and send it again.",
    )


async def say(send: Send, status: int, indonesian: str, english: str, *, retry_after: int = 0) -> None:
    """A short answer in both languages, from where Django (and its translations) is not reached."""
    text = f"{indonesian}\n\n{english}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
        *([(b"retry-after", str(retry_after).encode())] if retry_after else []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": False})


application = Door(
    django_application,
    threads=int(os.environ.get("KOTACERDAS_WEB_THREADS") or 4),
    max_bytes=settings.MAX_BODY_BYTES,
    max_seconds=settings.MAX_BODY_SECONDS,
    max_held=settings.MAX_HELD_BYTES // int(os.environ.get("KOTACERDAS_WEB_WORKERS") or 2),
)
