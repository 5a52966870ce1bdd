"""One call of a WSGI application from an ASGI scope: environ in, a whole spooled answer out.

Follows PEP 3333 and asgiref's `WsgiToAsgi`; unlike that it runs in a pool, closes what the application
returned (so that `request_finished` is sent and connections go back), and keeps the answer apart from
the client's speed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import structlog
from django.conf import settings

from kotacerdas.config import outage

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_IN_MEMORY = 512 * 1024
_NOT_FORWARDED = {b"content-type", b"content-length", b"proxy"}
_BROKEN = (
    "Terjadi gangguan pada sistem kami. Tunggu satu menit, lalu muat ulang halaman ini; jika ada yang dalam bahaya, "
    "jangan menunggu: teleponlah.\n\nSomething on our side failed. Wait a minute, then load this page again; if somebody "
    "is in danger, do not wait: telephone.\n"
)
log = structlog.get_logger(__name__)


@dataclass
class Answer:
    """Status, header pairs, and the body, to be read from its start."""

    body: SpooledTemporaryFile[bytes]
    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)


def call(application: Application, scope: MutableMapping[str, Any], body: IO[bytes]) -> Answer:
    """Run the application to its end in this thread. What it raises becomes a plain 500, and a log line."""
    answer = Answer(SpooledTemporaryFile(_IN_MEMORY, dir=settings.SPOOL_FOLDER))  # noqa: SIM115 (the door closes it)

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        answer.status = int(status[:3])
        answer.headers = [(key.lower().encode("latin-1"), value.encode("latin-1")) for key, value in headers]
        return answer.body.write

    try:
        parts = application(environ(scope, body), start_response)
        try:
            for part in parts:
                answer.body.write(part)
        finally:
            if close := getattr(parts, "close", None):
                close()
    except Exception as error:
        log.exception("request_failed", path=scope["path"])
        answer.body.close()
        answer = _broken(error)
    answer.body.seek(0)
    return answer


def _broken(error: Exception) -> Answer:
    """What is said where Django could not even make its page for errors."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    answer = Answer(SpooledTemporaryFile(), 500, headers)  # noqa: SIM115 (the door closes it)
    if outage.is_one(error):
        answer.status = 503
        headers.append((b"retry-after", b"30"))
    answer.body.write(_BROKEN.encode())
    return answer


def environ(scope: MutableMapping[str, Any], body: IO[bytes]) -> dict[str, Any]:
    """The WSGI environ of an HTTP scope. Headers with underscores are dropped: they could pose as others."""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    length = body.seek(0, 2)
    body.seek(0)
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("ascii", "replace"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": client[0],
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if name == b"content-type":
            found["CONTENT_TYPE"] = value.decode("latin-1")
        elif name not in _NOT_FORWARDED and b"_" not in name:
            _add(
                found,
                "HTTP_" + name.decode("latin-1").upper().replace("-", "_"),
                value.decode("latin-1"),
            )
    return found


def _add(found: dict[str, Any], key: str, value: str) -> None:
    if key in found:
        value = found[key] + ("; " if key == "HTTP_COOKIE" else ",") + value
    found[key] = value
