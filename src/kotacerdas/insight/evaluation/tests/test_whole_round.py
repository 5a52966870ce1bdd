"""One round through all layers: opened, filled in, proven, scored blind, settled, closed, sealed, checked."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest

from kotacerdas.foundation.cases.models import Case
from kotacerdas.insight.evaluation.closing import verify
from kotacerdas.insight.evaluation.closing.sealing import pack_of
from kotacerdas.insight.evaluation.models import Ruling
from kotacerdas.insight.evaluation.tests import walk
from kotacerdas.insight.evaluation.tests.walk import media as media

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "media")]


@pytest.fixture
def closed(cast, media):
    return walk.closed()


def test_a_round_walks_from_evidence_to_a_sealed_pack(closed, tmp_path):
    assert Fraction(closed.index) == Fraction(10 * Fraction(5, 2) + 20 * Fraction(25, 8) + 70 * 3, 100)
    found = verify.check(pack_of(closed))
    assert found["index"] == Fraction(closed.index)
    assert found["shown"] == "2.97"
    assert Ruling.objects.filter(kind="chair").count() == 1
    assert Case.objects.get(kind="evaluation.recommendation").lead_agency.code == "KOMINFO"


def test_the_verifier_inside_the_pack_checks_it_with_one_library_and_no_house(closed, tmp_path):
    data = pack_of(closed)
    (tmp_path / "pack.zip").write_bytes(data)
    (tmp_path / "verify.py").write_bytes(verify.opened(data)["verify.py"])
    command = [sys.executable, "-I", "verify.py", "pack.zip"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env={})
    assert (done.returncode, done.stdout[:6]) == (0, "INTACT"), done.stdout + done.stderr


def test_a_pack_is_the_same_bytes_whenever_it_is_made(closed):
    from kotacerdas.insight.evaluation.closing.sealing import make

    assert make(closed) == pack_of(closed) == pack_of(closed)


def test_any_altered_byte_is_named(closed):
    data = pack_of(closed)
    for at in [*range(0, len(data), max(1, len(data) // 400)), len(data) - 1]:
        broken = bytearray(data)
        broken[at] ^= 1
        with pytest.raises(verify.Differs, match=r"\w"):
            verify.check(bytes(broken))


def test_a_score_changed_and_signed_anew_by_a_stranger_is_named(closed):
    import hashlib
    import json

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    files = verify.opened(pack_of(closed))
    files["scores.json"] = files["scores.json"].replace(b'"value":"7/2"', b'"value":"5/2"', 1)
    key = Ed25519PrivateKey.generate()
    manifest = json.loads(files["manifest.json"])
    manifest["round"]["public_key"] = key.public_key().public_bytes_raw().hex()
    manifest["files"]["scores.json"] = hashlib.sha256(files["scores.json"]).hexdigest()
    files["manifest.json"] = verify.canonical(manifest)
    signature = key.sign(hashlib.sha256(files["manifest.json"]).digest()).hex()
    files["signature.json"] = verify.canonical(
        {"key": manifest["round"]["public_key"], "signature": signature}
    )
    with pytest.raises(verify.Differs, match="public key is not the one that the closing row names"):
        verify.check(verify.zipped(files))


def test_many_packs_are_ranked_and_one_that_differs_is_named_and_left_out(closed, tmp_path, capsys):
    from kotacerdas.insight.evaluation.closing.ranking import print_ranks

    data = pack_of(closed)
    (tmp_path / "a.zip").write_bytes(data)
    (tmp_path / "b.zip").write_bytes(data[:-40] + b"x" + data[-39:])
    assert print_ranks(tmp_path) == 1
    told = capsys.readouterr()
    assert told.out.split()[:3] == ["1", "TML", "2026-1"]
    assert "b.zip" in told.err
    assert "a.zip" not in told.err


def test_every_row_about_an_item_has_words(closed):
    from kotacerdas.insight.evaluation.ground.queries import EVENTS, rows_of
    from kotacerdas.insight.evaluation.tests.walk import items_of

    for item in items_of(closed):
        assert {one.row.verb for one in rows_of(item)} <= EVENTS.keys()
        assert all(one.block is not None for one in rows_of(item))


def test_a_pack_lost_from_the_disk_comes_out_the_same_or_not_at_all(closed):
    from kotacerdas.insight.evaluation import evidence_files
    from kotacerdas.insight.evaluation.models import Score
    from kotacerdas.kernel.errors import Conflict

    data = pack_of(closed)
    closed.refresh_from_db()
    evidence_files.path_of(closed.pack_sha256).unlink()
    assert pack_of(closed) == data
    evidence_files.path_of(closed.pack_sha256).write_bytes(b"broken")
    Score.objects.filter(seat__number=0).update(note="diubah kemudian")
    with pytest.raises(Conflict):
        pack_of(closed)
