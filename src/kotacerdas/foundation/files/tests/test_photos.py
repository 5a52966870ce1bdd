"""What a stored photo promises: checked by its content, stripped, small, kept once, shown by right alone."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from kotacerdas.foundation.files import disk, pictures, queries
from kotacerdas.foundation.files.actions import discard, store_photo, sweep
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.files.urls import signed
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HEIC = Path(__file__).parent / "data" / "small.heic"


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(size=(800, 600), kind="JPEG", exif: Image.Exif | None = None, noise=False) -> bytes:
    image = Image.effect_noise(size, 90).convert("RGB") if noise else Image.new("RGB", size, (90, 130, 160))
    out = io.BytesIO()
    image.save(out, kind, **({"exif": exif.tobytes()} if exif else {}))
    return out.getvalue()


def camera(orientation=1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "KAMERA-RAHASIA"
    exif[0x0112] = orientation
    inner = exif.get_ifd(0x8769)
    inner[0x9003] = "2026:11:22 16:30:05"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "S", (1.0, 10.0, 30.0), "E", (122.0, 29.0, 30.0)
    return exif


@pytest.mark.django_db
def test_place_and_time_of_the_camera_are_read_and_stripped():
    stored = store_photo(photo(exif=camera()), draft_key="d")
    assert (stored.lat, stored.lng) == (-1.175, 122.491667)
    assert stored.taken_at == datetime(2026, 11, 22, 16, 30, 5, tzinfo=clock.local_zone())
    for path in (queries.path_of(stored), queries.thumb(stored)):
        data = path.read_bytes()
        assert b"KAMERA-RAHASIA" not in data
        assert b"EXIF" not in data
        assert not Image.open(io.BytesIO(data)).getexif()


@pytest.mark.django_db
def test_a_photo_lies_upright_whatever_way_the_phone_was_held():
    stored = store_photo(photo((800, 600), exif=camera(orientation=6)))
    assert (stored.width, stored.height) == (600, 800)


@pytest.mark.django_db
def test_a_photo_becomes_at_most_1600_px_with_a_thumbnail_of_15_kb():
    stored = store_photo(photo((2400, 1800), noise=True))
    assert (stored.width, stored.height) == (1600, 1200)
    assert queries.thumb(stored).stat().st_size <= 15 * 1024
    assert Image.open(queries.thumb(stored)).size == queries.thumb_size(stored) == (360, 270)


@pytest.mark.django_db
def test_a_heic_photo_of_a_phone_is_read():
    stored = store_photo(HEIC.read_bytes())
    assert (stored.media_type, stored.width, stored.height) == ("image/webp", 64, 48)
    assert (stored.lat, stored.lng) == (-1.175, 122.491667)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data", [b"", b"<script>alert(1)</script>", b"%PDF-1.7", b"\xff\xd8\xff\xe0 not really", b"GIF89a"]
)
def test_what_is_no_photo_is_refused_in_words(data, in_indonesian):
    with pytest.raises(Invalid, match="Berkas ini bukan foto yang dapat dibaca"):
        store_photo(data)
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_a_damaged_photo_is_refused():
    with pytest.raises(Invalid):
        store_photo(photo(noise=True)[:3000])


@pytest.mark.django_db
def test_a_photo_over_the_limit_says_both_sizes(in_indonesian):
    with pytest.raises(Invalid, match="Foto terlalu besar: 14 MB, paling besar 10 MB"):
        store_photo(photo() + bytes(14 * 1024 * 1024))


def test_a_bomb_of_pixels_is_refused_before_it_is_decoded(in_indonesian):
    out = io.BytesIO()
    Image.new("1", (8000, 8000)).save(out, "PNG")
    with pytest.raises(Invalid, match="terlalu banyak piksel"):
        pictures.make(out.getvalue(), most_mb=10)


@pytest.mark.django_db
def test_equal_photos_share_their_bytes_and_lose_them_with_the_last(tmp_path):
    one, two = store_photo(photo(), draft_key="d"), store_photo(photo(), draft_key="e")
    assert one.sha256 == two.sha256
    assert len(list(tmp_path.rglob("*.webp"))) == 2
    assert discard(one.id, draft_key="d")
    assert queries.path_of(two).exists()
    assert discard(two.id, draft_key="e")
    assert not list(tmp_path.rglob("*.webp"))


@pytest.mark.django_db
def test_nobody_takes_back_a_photo_of_another_draft_or_a_claimed_one():
    stored = store_photo(photo(), draft_key="d")
    assert not discard(stored.id, draft_key="e")
    assert not discard(stored.id, draft_key="")
    StoredFile.objects.update(claimed_at=NOW)
    assert not discard(stored.id, draft_key="d")
    assert queries.path_of(stored).exists()


@pytest.mark.django_db
def test_a_photo_sent_again_under_its_name_is_stored_once_in_each_draft():
    one, again = (store_photo(photo(), draft_key="d", name="1") for _time in range(2))
    other = store_photo(photo(), draft_key="e", name="1")
    assert (one.id, one.id == other.id) == (again.id, False)
    assert discard(queries.named("d", "1"), draft_key="d")
    assert list(StoredFile.objects.all()) == [other]


@pytest.mark.django_db
def test_what_nobody_claimed_goes_after_a_day_and_what_was_claimed_stays():
    with clock.frozen(NOW):
        store_photo(photo(), draft_key="d")
        kept = store_photo(photo((400, 300)), draft_key="e")
        StoredFile.objects.filter(id=kept.id).update(claimed_at=NOW)
    with clock.frozen(NOW + timedelta(hours=23)):
        assert sweep() == 0
    with clock.frozen(NOW + timedelta(hours=25)):
        assert sweep() == 1
    assert list(StoredFile.objects.all()) == [kept]
    assert queries.path_of(kept).exists()


@pytest.mark.django_db
def test_a_signed_address_shows_the_photo_privately_and_ends(client):
    with clock.frozen(NOW):
        stored = store_photo(photo())
        small, large = signed(stored, "thumb"), signed(stored)
        answer = client.get(small)
        assert b"".join(answer.streaming_content) == queries.thumb(stored).read_bytes()
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Cache-Control"].startswith("private")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert b"".join(client.get(large).streaming_content) == queries.path_of(stored).read_bytes()
    with clock.frozen(NOW + timedelta(hours=3)):
        assert client.get(small).status_code == 404


@pytest.mark.django_db
def test_a_stranger_finds_nothing_without_a_signature(client):
    stored = store_photo(photo())
    good = signed(stored)
    for token in (stored.id, stored.sha256, f"{stored.id.hex}.f.0", good.rsplit("/", 1)[1][:-2] + "xx"):
        assert client.get(f"/berkas/{token}").status_code == 404


def test_an_interrupted_write_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(disk.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        disk.put("ab" * 32, "full", b"bytes")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


_MEASURE = """
import io, sys
from PIL import Image
from kotacerdas.foundation.files.decoding import Undecodable, confine, decode
def highest():  # of this program alone: ru_maxrss would begin with its parent's
    with open('/proc/self/status') as told:
        return next(int(line.split()[1]) for line in told if line.startswith('VmHWM'))

Image.init()
confine()
data = sys.stdin.buffer.read()
decode(open(sys.argv[1], 'rb').read())
before = highest()
try:
    decode(data)
    end = 'made'
except Undecodable as error:
    end = error.code
print(end, (highest() - before) // 1024)
"""


@pytest.mark.parametrize(
    ("kind", "mode", "side", "end", "most_mb"),
    [
        ("PNG", "RGB", 8000, "photo_pixels", 8),
        ("PNG", "RGBA", 4900, "made", 170),
        ("JPEG", "RGB", 8000, "made", 60),
    ],
)
def test_a_photo_of_very_many_pixels_takes_little_memory(kind, mode, side, end, most_mb, tmp_path):
    out, small = io.BytesIO(), tmp_path / "small.jpg"
    Image.new(mode, (side, side)).save(out, kind)
    small.write_bytes(photo())
    ran = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(small)],
        input=out.getvalue(),
        capture_output=True,
        check=True,
    )
    told, grown = ran.stdout.decode().split()
    print(kind, mode, side, told, f"{grown} MB")
    assert told == end
    assert int(grown) <= most_mb


def test_a_progressive_jpeg_keeps_to_the_limit_of_what_is_decoded_whole(in_indonesian):
    out = io.BytesIO()
    Image.new("L", (6000, 6000)).save(out, "JPEG", progressive=True)
    with pytest.raises(Invalid, match="piksel"):
        pictures.make(out.getvalue(), most_mb=20)
