"""What the journal promises, on a real store and over real connections."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import textwrap
import threading
import time
from argparse import Namespace
from datetime import timedelta
from uuid import uuid4

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import ProgrammingError, connection, connections, transaction
from trials.cast import behind_our_back

from kotacerdas.foundation.journal import queries, sealer
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.journal.commands import _run
from kotacerdas.foundation.journal.models import Block, Key, Pending, Row, Sealed
from kotacerdas.foundation.journal.trust import Known, published
from kotacerdas.kernel import clock, merkle
from kotacerdas.kernel.canonical import canonical_bytes
from kotacerdas.kernel.errors import Invalid


def write(verb: str = "test.thing.done", **codes: object) -> Row:
    with transaction.atomic():
        return append(verb=verb, subject=("test.thing", uuid4()), actor="system", codes=codes)


@pytest.mark.django_db(transaction=True)
class TestWriting:
    def test_a_row_outside_a_transaction_is_refused(self):
        with pytest.raises(RuntimeError):
            append(verb="a.b.c", subject=("a.b", uuid4()), actor="system")

    def test_a_row_that_is_rolled_back_never_becomes_pending(self):
        with transaction.atomic():
            append(verb="a.b.c", subject=("a.b", uuid4()), actor="system")
            transaction.set_rollback(True)
        assert not Pending.objects.exists()

    @pytest.mark.parametrize("statement", ["UPDATE journal_row SET verb = 'x'", "DELETE FROM journal_row"])
    def test_rows_refuse_any_change(self, statement):
        write()
        with (
            pytest.raises(ProgrammingError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
class TestSealing:
    def test_positions_are_gapless_and_blocks_chain(self):
        for _ in range(3):
            write()
            write()
            assert sealer.seal_batch() == 2
        assert list(Sealed.objects.order_by("position").values_list("position", flat=True)) == [
            1,
            2,
            3,
            4,
            5,
            6,
        ]
        verdict = queries.verify()
        assert verdict.holds
        assert (verdict.blocks, verdict.rows) == (3, 6)

    def test_a_row_committed_late_comes_after_what_was_sealed_before_and_is_not_skipped(self):
        begun, go, late = threading.Event(), threading.Event(), {}

        def slow_writer() -> None:
            with transaction.atomic():
                late["row"] = append(verb="a.b.late", subject=("a.b", uuid4()), actor="system")
                begun.set()
                go.wait(10)
            connections.close_all()

        thread = threading.Thread(target=slow_writer)
        thread.start()
        assert begun.wait(10)
        early = write("a.b.early")
        assert sealer.seal_batch() == 1
        seen = [one.row.id for one in queries.arrivals(0)]
        assert seen == [early.id]
        go.set()
        thread.join()
        assert sealer.seal_batch() == 1
        assert [one.row.id for one in queries.arrivals(1)] == [late["row"].id]

    def test_two_sealers_at_once_make_no_block_twice(self):
        for _ in range(40):
            write()
        counts: list[int] = []

        def seal() -> None:
            for _ in range(10):
                counts.append(sealer.seal_batch(limit=5))
            connections.close_all()

        threads = [threading.Thread(target=seal) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        while sealed := sealer.seal_batch(limit=5):
            counts.append(sealed)
        assert sum(counts) == 40
        heights = list(Block.objects.order_by("height").values_list("height", flat=True))
        assert heights == list(range(1, len(heights) + 1))
        assert queries.verify().holds

    def test_a_sealer_killed_in_its_transaction_loses_nothing_and_seals_nothing_twice(self):
        for _ in range(5):
            write()
        killed = _sealer_that_hangs_before_commit()
        killed.kill()
        killed.wait()
        assert not Block.objects.exists()
        deadline = time.monotonic() + 10
        while not (sealed := sealer.seal_batch()) and time.monotonic() < deadline:
            time.sleep(0.05)  # until the server has noticed that its client is gone
        assert sealed == 5
        assert queries.verify().rows == 5


@pytest.mark.django_db(transaction=True)
class TestVerifying:
    def altered(self, statement: str, *values: object) -> queries.Verdict:
        with behind_our_back() as cursor:
            cursor.execute(statement, values)
        return queries.verify()

    @pytest.fixture
    def rows(self) -> list[Row]:
        rows = [write(agency="DPUPR") for _ in range(6)]
        sealer.seal_batch(limit=3)
        sealer.seal_batch(limit=3)
        return rows

    def test_an_altered_row_is_named(self, rows):
        verdict = self.altered(
            'UPDATE journal_row SET codes = \'{"agency": "DLH"}\' WHERE id = %s', rows[4].id
        )
        assert (verdict.finding.what, verdict.finding.position, verdict.finding.row_id) == (
            "altered",
            5,
            rows[4].id,
        )

    def test_a_deleted_row_is_named(self, rows):
        verdict = self.altered("DELETE FROM journal_row WHERE id = %s", rows[1].id)
        assert (verdict.finding.what, verdict.finding.row_id) == ("gone", rows[1].id)

    def test_altering_row_and_leaf_breaks_the_root(self, rows):
        self.altered("UPDATE journal_row SET verb = 'x.y.z' WHERE id = %s", rows[0].id)
        leaf = Row.objects.get(id=rows[0].id).leaf()
        verdict = self.altered("UPDATE journal_sealed SET leaf = %s WHERE position = 1", leaf)
        assert (verdict.finding.what, verdict.finding.height) == ("root", 1)

    def test_a_forged_block_fails_its_signature(self, rows):
        verdict = self.altered("UPDATE journal_block SET signature = %s WHERE height = 2", bytes(64))
        assert (verdict.finding.what, verdict.finding.height) == ("signature", 2)

    def test_a_journal_without_its_first_blocks_is_not_whole(self, rows):
        self.altered("DELETE FROM journal_sealed WHERE position <= 3")
        verdict = self.altered("DELETE FROM journal_block WHERE height = 1")
        assert (verdict.finding.what, verdict.finding.height) == ("begin", 2)

    def test_a_published_head_shows_a_cut_tail(self, rows):
        head = queries.verify().head
        assert queries.verify(known=Known((head,))).holds
        self.altered("DELETE FROM journal_sealed WHERE position > 3")
        self.altered("DELETE FROM journal_block WHERE height = 2")
        assert queries.verify(known=Known((head,))).finding.what == "head"

    def rewritten(self) -> None:
        """The whole journal sealed anew, the way the store's owner could: other contents, another key, all consistent."""
        private = Ed25519PrivateKey.generate()
        Key.objects.create(id="journal-forged", public=private.public_key().public_bytes_raw())
        with behind_our_back() as cursor:
            cursor.execute('UPDATE journal_row SET codes = \'{"agency": "DLH"}\'')
            for mark in Sealed.objects.all():
                leaf = Row.objects.get(id=mark.row_id).leaf()
                cursor.execute(
                    "UPDATE journal_sealed SET leaf = %s WHERE position = %s", [leaf, mark.position]
                )
            previous = bytes(32)
            for block in Block.objects.order_by("height"):
                leaves = (
                    Sealed.objects.filter(block=block).order_by("position").values_list("leaf", flat=True)
                )
                block.previous, block.root = previous, merkle.root([bytes(leaf) for leaf in leaves])
                block.hash = previous = hashlib.sha256(canonical_bytes(block.header())).digest()
                given = [block.previous, block.root, block.hash, private.sign(block.hash), block.id]
                cursor.execute(
                    "UPDATE journal_block SET previous = %s, root = %s, hash = %s, signature = %s,"
                    " key_id = 'journal-forged' WHERE id = %s",
                    given,
                )

    def test_a_journal_rewritten_whole_with_another_key_is_noticed_though_the_key_lies_beside_it(self, rows):
        self.rewritten()
        verdict = queries.verify()
        assert (verdict.finding.what, verdict.finding.height) == ("stranger", 1)
        assert queries.verify_rows([5]).finding.what == "stranger"

    def test_a_forged_key_under_our_own_name_is_not_asked(self, rows):
        Key.objects.update(public=Ed25519PrivateKey.generate().public_key().public_bytes_raw())
        assert queries.verify().holds

    def test_published_heads_that_were_kept_show_what_was_rewritten(self, rows, client, tmp_path, capsys):
        kept = tmp_path / "kepala.json"
        kept.write_bytes(client.get("/jurnal/kepala.json").content)
        assert queries.verify(known=published([str(kept)])).holds
        self.rewritten()
        forged = tmp_path / "forged.json"
        forged.write_bytes(client.get("/jurnal/kepala.json").content)
        assert queries.verify(known=published([str(forged)])).holds  # whoever believes it is deceived
        assert queries.verify(known=published([str(forged), str(kept)])).finding.what == "head"
        given = Namespace(what="verify", first=1, last=None, head=[str(kept)])
        assert _run(given) == 1
        assert "rewritten" in capsys.readouterr().out

    def test_what_is_no_file_of_heads_is_said(self, rows, tmp_path):
        kept = tmp_path / "kepala.json"
        kept.write_text('{"heads": [{"hash": "xyz"}]}')
        with pytest.raises(Invalid):
            published([str(kept)])

    def test_a_key_that_was_replaced_still_counts_while_the_keys_file_names_it(self, rows, settings):
        fresh = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
        former = base64.b64encode(bytes(Key.objects.get().public)).decode()
        old = settings.JOURNAL_KEY["id"]
        settings.JOURNAL_KEY = {"id": "journal-fresh", "private": fresh}
        assert queries.verify().finding.what == "stranger"
        settings.JOURNAL_KEY = {"id": "journal-fresh", "private": fresh, "former": {old: former}}
        assert queries.verify().holds

    def test_a_row_that_was_never_sealed_is_named(self, rows):
        write()
        assert queries.verify().holds
        assert queries.waiting() == 1
        hidden = Row.objects.order_by("-recorded_at").first()
        assert self.altered("DELETE FROM journal_pending").finding == queries.Finding(
            "unsealed", 0, None, hidden.id
        )

    def test_a_row_that_waits_for_the_sealer_for_an_hour_is_named(self, rows):
        with clock.frozen(clock.now() - timedelta(hours=2)):
            late = write()
        assert queries.verify().finding == queries.Finding("unsealed", 0, None, late.id)

    def test_single_rows_verify_with_their_own_blocks_alone(self, rows):
        verdict = queries.verify_rows([5])
        assert (verdict.holds, verdict.blocks, verdict.rows) == (True, 1, 3)

    def test_a_part_verifies_without_the_rest(self, rows):
        assert queries.verify(4, 6).rows == 3


def _sealer_that_hangs_before_commit() -> subprocess.Popen[str]:
    code = """
        import django, time
        django.setup()
        from django.db import connection
        connection.settings_dict["NAME"] = {name!r}
        from kotacerdas.foundation.journal import sealer
        def hang(block, rows):
            print("holding", flush=True)
            time.sleep(60)
        sealer._notify = hang
        sealer.seal_batch()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code).format(name=connection.settings_dict["NAME"])],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while "holding" not in (line := process.stdout.readline()):
        assert line, "the sealer ended before it held its transaction"
    return process


@pytest.mark.django_db(transaction=True)
def test_the_days_head_is_published_with_its_signature(client):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    write()
    sealer.seal_batch()
    head = client.get("/jurnal/kepala.json").json()["heads"][0]
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head["public_key"]))
    key.verify(bytes.fromhex(head["signature"]), bytes.fromhex(head["hash"]))
    assert head["position"] == 1


@pytest.mark.parametrize("odd", [2**53, -(2**53), float("nan"), float("inf")])
def test_a_row_that_could_not_be_sealed_is_refused_when_it_is_written(db, odd):
    with pytest.raises(rfc8785.CanonicalizationError), transaction.atomic():
        append(verb="toy.loan.pay", subject=("toy.loan", uuid4()), actor="system", measures={"rupiah": odd})
    assert not Row.objects.exists()
