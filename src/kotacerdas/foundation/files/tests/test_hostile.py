"""Photos that mean harm: dates that break pages, files that hold their decoder up, floods of pixels."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from PIL import Image

from kotacerdas.foundation.files import decoders, disk, pictures
from kotacerdas.foundation.files.actions import store_photo, sweep
from kotacerdas.foundation.files.migrations import __name__ as migrations
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.foundation.parties.limits import take_token
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, TooMany, Unavailable


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(size=(80, 60), taken: str = "", offset: str = "", shade: int = 90, kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    if offset:
        exif.get_ifd(0x8769)[0x9011] = offset
    out = io.BytesIO()
    Image.new("RGB", size, (shade, 130, 160)).save(out, kind, exif=exif.tobytes())
    return out.getvalue()


DATES = (
    ("0001:01:01 00:00:00", ""),
    ("0001:01:01 00:00:00", "+14:00"),
    ("9999:12:31 23:59:59", "-12:00"),
    ("1900:01:01 00:00:00", ""),
    ("2199:01:01 00:00:00", ""),
    ("2026:02:30 10:00:00", ""),
    ("0000:00:00 00:00:00", ""),
    ("2026:11:22 16:30:05", "+99:99"),
    ("٢٠٢٦:11:22 16:30:05", "x"),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("taken", "offset"), DATES)
def test_a_date_that_cannot_be_is_not_stored_and_the_photo_is(taken, offset):
    stored = store_photo(photo(taken=taken, offset=offset))
    assert StoredFile.objects.get(id=stored.id).taken_at is None


@pytest.mark.django_db
def test_no_other_way_stores_a_date_that_cannot_be():
    stored = store_photo(photo())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE files_storedfile SET taken_at = '0001-12-31 17:00:00+00 BC' WHERE id = %s", [stored.id]
        )


@pytest.mark.django_db
def test_a_date_that_was_stored_before_is_mended_by_the_migration():
    from importlib import import_module

    forget = import_module(f"{migrations}.0002_times_that_can_be").FORGET
    stored = store_photo(photo())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE files_storedfile DROP CONSTRAINT files_taken_at_can_be")
        cursor.execute(
            "UPDATE files_storedfile SET taken_at = '0001-12-31 17:00:00+00 BC' WHERE id = %s", [stored.id]
        )
        cursor.execute(forget)
    assert StoredFile.objects.get(id=stored.id).taken_at is None


@pytest.mark.django_db
def test_one_photo_that_cannot_be_deleted_stops_no_other():
    with clock.frozen(clock.now() - timedelta(days=2)):
        bad, good = store_photo(photo(shade=1)), store_photo(photo(shade=2))
    in_the_way = disk.path_of(bad.sha256)
    in_the_way.unlink()
    (in_the_way / "folder").mkdir(parents=True)
    assert sweep() == 1
    assert list(StoredFile.objects.values_list("id", flat=True)) == [bad.id]
    assert not disk.path_of(good.sha256).exists()
    assert SetAside.objects.get(loop="files").item == str(bad.id)
    assert sweep() == 0


@pytest.mark.django_db
def test_a_photo_that_holds_its_decoder_up_is_refused_and_the_next_is_read(monkeypatch, in_indonesian):
    monkeypatch.setattr(decoders, "MOST_SECONDS", 1.5)
    store_photo(photo(shade=3))
    held = decoders._place.decoder.process.pid
    os.kill(held, signal.SIGSTOP)
    with pytest.raises(Invalid, match="bukan foto yang dapat dibaca"):
        store_photo(photo(shade=4))
    assert not Path(f"/proc/{held}").exists()
    monkeypatch.setattr(decoders, "MOST_SECONDS", 20.0)
    assert store_photo(photo(shade=4)).width == 80


def test_a_decoder_that_works_too_long_is_ended_by_the_system():
    from subprocess import run

    endless = (
        "import signal; from kotacerdas.foundation.files import decoding\n"
        "decoding.MOST_CPU_SECONDS = 1; decoding._limit_processor()\nwhile True: pass"
    )
    began = time.monotonic()
    assert run([sys.executable, "-c", endless], check=False).returncode == -signal.SIGXCPU
    assert time.monotonic() - began < 30


@pytest.mark.django_db
def test_where_no_decoder_can_be_started_the_photo_is_not_to_blame(monkeypatch):
    decoders._begin_anew()
    monkeypatch.setattr(
        decoders.subprocess, "Popen", lambda *_, **__: (_ for _ in ()).throw(OSError("no memory"))
    )
    with pytest.raises(Unavailable):
        store_photo(photo(shade=10))


@pytest.mark.django_db
def test_a_decoder_killed_while_idle_is_replaced_unseen():
    store_photo(photo(shade=5))
    decoders._place.decoder.process.kill()
    decoders._place.decoder.process.wait()
    assert store_photo(photo(shade=6)).width == 80


@pytest.mark.django_db
def test_the_decoder_knows_no_secret_and_gives_its_memory_back(monkeypatch):
    monkeypatch.setenv("KOTACERDAS_SECRET_KEY", "geheim")
    monkeypatch.setattr(decoders, "IDLE_SECONDS", 0.3)
    decoders._begin_anew()
    store_photo(photo(shade=7))
    pid = decoders._place.decoder.process.pid
    assert b"KOTACERDAS" not in Path(f"/proc/{pid}/environ").read_bytes()
    until = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < until, "the idle decoder never ended"
        time.sleep(0.05)


@pytest.mark.django_db
def test_who_waits_too_long_for_the_decoder_is_told_so(monkeypatch):
    monkeypatch.setattr(decoders, "WAIT_SECONDS", 0.2)
    with decoders._place.lock, pytest.raises(Unavailable) as told:
        store_photo(photo(shade=8))
    assert told.value.retry_after == 60
    assert not StoredFile.objects.exists()


def test_pixels_are_paid_before_they_are_decoded():
    asked: list[int] = []

    def refuse(pixels: int) -> None:
        asked.append(pixels)
        raise TooMany("enough")

    out = io.BytesIO()
    Image.new("L", (4900, 4900)).save(out, "PNG")
    started = time.monotonic()
    with pictures.spending(refuse), pytest.raises(TooMany):
        pictures.make(out.getvalue(), most_mb=10)
    assert asked == [4900 * 4900]
    assert time.monotonic() - started < 1.5  # to start a decoder; to decode would be as much again
    assert pictures.make(photo(), most_mb=10).width == 80


@pytest.mark.django_db
def test_a_flood_of_pixels_from_one_address_is_refused_while_another_goes_on(client, cast):
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import reverse

    def answer(address: str) -> str:
        out = io.BytesIO()
        Image.new("1", (4800, 4800)).save(out, "PNG")
        sent = {"key": f"k{address}", "photo": SimpleUploadedFile("a.png", out.getvalue())}
        given = client.post(reverse("iceta:report_photo_add"), sent, REMOTE_ADDR=address)
        return given.content.decode()

    take_token("pixels:address:203.0.113.7", capacity=240, seconds=40, tokens=230)
    assert "Terlalu sering" in answer("203.0.113.7")
    assert not StoredFile.objects.exists()
    assert "Terlalu sering" not in answer("203.0.113.8")
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_stays_open_while_a_photo_waits_for_its_turn():
    def idle() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in tr%'"
            )
            return int(cursor.fetchone()[0])

    def store() -> None:
        store_photo(photo(shade=9))
        connection.close()

    with decoders._place.lock:
        waiting = threading.Thread(target=store)
        waiting.start()
        time.sleep(0.5)
        assert idle() == 0
    waiting.join()
    assert StoredFile.objects.count() == 1
