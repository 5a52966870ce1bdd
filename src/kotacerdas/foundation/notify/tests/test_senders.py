"""The doors out, against local servers that speak the real protocols and record what arrives."""

from __future__ import annotations

import base64
import json
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from uuid import uuid4

import pytest

from kotacerdas.foundation.notify.declarations import Words
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.notify.senders import (
    MailSender,
    SendFailed,
    SendRefused,
    SendUnclear,
    TwilioSender,
)

WORDS = Words(
    subject="Laporan TML-2026-000001-X", body="Laporan Anda sudah kami terima: https://contoh.test/l/abc/"
)


class Gateway(ThreadingHTTPServer):
    """An HTTP double of the Messages resource: answers what `answer` says, records each request."""

    daemon_threads = True

    def __init__(self) -> None:
        self.requests: list[dict[str, object]] = []
        self.answer: tuple[int, dict[str, object]] | None = (201, {"sid": "SM123", "status": "queued"})
        super().__init__(("127.0.0.1", 0), GatewayHandler)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class GatewayHandler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.requests.append(
            {
                "path": self.path,
                "auth": base64.b64decode(self.headers["Authorization"].split()[1]).decode(),
                "form": {name: values[0] for name, values in parse_qs(body).items()},
            }
        )
        if self.server.answer is None:
            self.connection.close()
            return
        status, answer = self.server.answer
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    yield from _served(Gateway())


def _served(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def twilio(base: str) -> TwilioSender:
    return TwilioSender(account="AC1", token="rahasia", sender="+62210000000", base=base)


def test_an_sms_is_posted_as_the_provider_documents_it(gateway):
    assert twilio(gateway.base).send_now("+6281234567890", WORDS) == "SM123"
    (request,) = gateway.requests
    assert request["path"] == "/2010-04-01/Accounts/AC1/Messages.json"
    assert request["auth"] == "AC1:rahasia"
    assert request["form"] == {"To": "+6281234567890", "From": "+62210000000", "Body": WORDS.body}


@pytest.mark.parametrize(
    ("status", "error"), [(400, SendRefused), (404, SendRefused), (429, SendFailed), (503, SendFailed)]
)
def test_what_the_provider_says_decides_whether_it_is_tried_again(gateway, status, error):
    gateway.answer = (status, {"code": 21211})
    with pytest.raises(error):
        twilio(gateway.base).send_now("+6281234567890", WORDS)


def test_a_lost_answer_is_unclear_and_never_called_a_failure(gateway):
    gateway.answer = None
    with pytest.raises(SendUnclear):
        twilio(gateway.base).send_now("+6281234567890", WORDS)


def test_a_provider_that_cannot_be_reached_may_be_tried_again():
    with pytest.raises(SendFailed):
        twilio("http://127.0.0.1:9").send_now("+6281234567890", WORDS)


class Post(socketserver.ThreadingTCPServer):
    """A small SMTP server (RFC 5321): takes letters, or refuses recipients, and records them."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.letters: list[tuple[str, list[str], bytes]] = []
        self.refuse = ""
        super().__init__(("127.0.0.1", 0), PostHandler)


class PostHandler(socketserver.StreamRequestHandler):
    server: Post

    def handle(self) -> None:
        self._say("220 contoh.test ESMTP")
        sender, to = "", []
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO":
                self._say("250-contoh.test\r\n250 8BITMIME")
            elif verb == "MAIL":
                sender = line.split("<")[1].split(">")[0]
                self._say("250 ok")
            elif verb == "RCPT":
                to.append(line.split("<")[1].split(">")[0])
                self._say(self.server.refuse or "250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                self.server.letters.append((sender, to, self._data()))
                self._say("250 kept")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def post(settings) -> Iterator[Post]:
    server = Post()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = False, "", ""
    settings.DEFAULT_FROM_EMAIL, settings.MAIL_DOMAIN = "lapor@contoh.test", "contoh.test"
    yield from _served(server)


def test_a_letter_goes_out_by_smtp_under_our_own_id(post):
    message = Message(id=uuid4(), channel="email")
    identifier = MailSender().send(message, "wati@contoh.test", WORDS)
    ((sender, to, data),) = post.letters
    assert (sender, to) == ("lapor@contoh.test", ["wati@contoh.test"])
    letter = message_from_bytes(data, policy=policy.default)
    assert letter["Message-ID"] == identifier == f"<{message.id}@contoh.test>"
    assert letter["Subject"] == WORDS.subject
    assert letter.get_content().strip() == WORDS.body


def test_a_repeated_letter_carries_the_same_id_so_that_it_is_recognised(post):
    message = Message(id=uuid4(), channel="email")
    assert MailSender().send(message, "wati@contoh.test", WORDS) == MailSender().send(
        message, "wati@contoh.test", WORDS
    )


def test_a_mail_server_that_is_down_or_refuses_may_be_tried_again(post, settings):
    message = Message(id=uuid4(), channel="email")
    post.refuse = "450 greylisted"
    with pytest.raises(SendFailed):
        MailSender().send(message, "wati@contoh.test", WORDS)
    settings.EMAIL_PORT = 9
    with pytest.raises(SendFailed):
        MailSender().send(message, "wati@contoh.test", WORDS)


def test_a_subject_cannot_smuggle_a_header(post):
    message = Message(id=uuid4(), channel="email")
    with pytest.raises(ValueError, match="newlines"):
        MailSender().send(message, "wati@contoh.test", Words(subject="x\nBcc: asep@contoh.test", body="y"))
    assert post.letters == []
