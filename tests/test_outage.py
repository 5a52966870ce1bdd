"""The store is away, or the disk is full: people read what to do, and the log does not drown."""

from __future__ import annotations

import http.client
import io
import logging
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse
from PIL import Image
from trials import machines
from trials.house import free_port

from kotacerdas.config.outage import Seldom
from kotacerdas.foundation.files.actions import store_photo
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.kernel.errors import Unavailable
from kotacerdas.programs.iceta.tests.test_public import page, press


class Alone:
    """The front door alone over a store of its own, which nobody mends."""

    def __init__(self, var: Path) -> None:
        self.port, self.log = free_port(), var.parent / "log"
        machines.copy_ready(var)
        given = machines.environment(var, KOTACERDAS_WEB_WORKERS="1")
        command = [sys.executable, "-m", "kotacerdas.config"]
        with self.log.open("wb") as log:
            web = [*command, "--port", str(self.port), "--role", "web"]
            self.process = subprocess.Popen(web, env=given, stderr=log)
        self.data = Path((var / "store.home").read_text().strip()) / "data"
        self.wait_for(200)

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str, Any]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        link.request(method, path, headers=headers)
        answer = link.getresponse()
        return answer.status, answer.read().decode(), answer.headers

    def wait_for(self, status: int) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                if self.ask("/")[0] == status:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"the front page never answered {status}")

    def lose_the_store(self) -> None:
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        self.wait_for(503)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Alone]:
    door = Alone(tmp_path / "var")
    yield door
    door.end()


def test_while_the_store_is_away_people_read_what_to_do_and_the_log_stays_small(alone: Alone) -> None:
    alone.lose_the_store()
    before = alone.log.stat().st_size
    cookie = {"Cookie": "sessionid=abcdefghij0123456789abcdefghij01"}
    for path in ("/", "/akun/masuk/", "/desk/", "/laporan-saya/", "/lapor/", "/l/AAAA/", "/tidak/ada/") * 10:
        status, shown, headers = alone.ask(path, **cookie)
        assert status in (503, 404, 302), (path, status)
        if status == 503:
            assert headers["Retry-After"] == "30"
            assert "Layanan kami sedang terhenti sebentar" in shown
            assert "Tunggu satu menit" in shown
            assert "<h1>" in shown
    assert (
        alone.ask("/", Cookie="lang=en")[1].count("Our service is out for a moment") == 2
    )  # title and heading
    grown = alone.log.stat().st_size - before
    assert grown < 10_000, f"seventy requests wrote {grown} bytes"
    assert "store_away" in alone.log.read_text()


def test_what_is_said_of_an_outage_is_said_once_a_while_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    seldom, lost = Seldom(), OperationalError("connection refused")

    def record(error: Exception) -> logging.LogRecord:
        return logging.LogRecord("x", logging.ERROR, "", 1, "broke", (), (type(error), error, None))

    assert [seldom.filter(record(lost)) for _ in range(3)] == [True, False, False]
    assert seldom.filter(record(ValueError("another matter")))
    try:
        raise lost
    except OperationalError:
        role = logging.LogRecord("x", logging.ERROR, "", 1, {"event": "role", "exc_info": True}, (), None)
        assert not seldom.filter(role)
    now = time.monotonic() + 60
    monkeypatch.setattr("kotacerdas.config.outage.time.monotonic", lambda: now)
    later = record(lost)
    assert seldom.filter(later)
    assert later.msg["times"] == 4  # type: ignore[index]


def photo(noise: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((900, 700), noise).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def no_room() -> Iterator[None]:
    """The system itself refuses to write: no file of this process grows beyond 20 KB."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.django_db
@pytest.mark.usefixtures("no_room")
def test_a_full_disk_refuses_the_photo_in_words_and_leaves_nothing(
    settings: Any, tmp_path: Path, in_indonesian: None
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    with pytest.raises(Unavailable, match="server kami sedang kehabisan ruang"):
        store_photo(photo(90))
    assert not StoredFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a small disk")
def test_a_full_disk_keeps_the_words_of_the_report_and_readiness_says_so(
    client: Any, cast: Any, settings: Any, tmp_path: Path
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(small)], check=True)
    try:
        settings.MEDIA_ROOT = small
        (small / "full").write_bytes(bytes(60 * 1024))
        upload = SimpleUploadedFile("jalan.jpg", photo(90), "image/jpeg")
        begun = client.get(reverse("iceta:report_photo"))
        told = press(client, begun, "place", photo=upload, words="Jalan berlubang di depan sekolah")
        assert "server kami sedang kehabisan ruang" in page(told)
        kept = press(client, press(client, told, "place"), "words", area="99.01.01.2001")
        assert "Jalan berlubang di depan sekolah" in page(kept)
        assert "no room for photos: 0 MB left" in client.get("/readyz").content.decode()
        assert not StoredFile.objects.exists()
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


@pytest.mark.django_db
def test_no_address_opens_the_metrics_a_token_does(client: Any, settings: Any) -> None:
    """Behind a proxy that nobody declared, everybody comes from this machine."""
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 404
    settings.METRICS_TOKEN = "m3ter"
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    told = client.get("/metrics", headers={"Authorization": "Bearer m3ter"})
    assert told.status_code == 200
    assert b"kotacerdas_set_aside_waiting 0.0" in told.content
