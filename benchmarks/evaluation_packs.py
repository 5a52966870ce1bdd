"""Sealed packs: one of a whole year made and verified, and 514 regencies' packs read, checked and ranked."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from _round import closed_round
from _store import fresh, journal_rows

ROWS, REGENCIES = 100_000, 514


def main() -> list[str]:
    """Lines for RESULTS.md."""
    with fresh(), tempfile.TemporaryDirectory() as folder:
        lines, pack = of_a_year()
        files = others(pack, Path(folder))
        return [*lines, *ranked(Path(folder), files)]


def of_a_year() -> tuple[list[str], bytes]:
    """A round over a year's rows: made, and verified by the verifier that stands in it."""
    from kotacerdas.foundation.indicators.engine import follow_batch
    from kotacerdas.foundation.journal.sealer import seal_batch
    from kotacerdas.insight.evaluation.closing import verify
    from kotacerdas.insight.evaluation.closing.sealing import make

    journal_rows(1, ROWS)
    drain(seal_batch)
    drain(follow_batch)
    round = closed_round()
    drain(seal_batch)
    began = time.perf_counter()
    data = make(round)
    made = time.perf_counter() - began
    began = time.perf_counter()
    found = verify.check(data)
    checked = time.perf_counter() - began
    if found["rows"] < ROWS * 0.7:
        raise RuntimeError(f"the pack proves {found['rows']} rows only")
    began = time.perf_counter()
    hashlib.sha256(data).hexdigest()
    bare = time.perf_counter() - began
    line = (
        f"a sealed pack of a year with {found['rows']:,} proven rows, {len(data) / 1e6:.0f} MB: made in {made:.1f} s, "
        f"verified without a store in {checked:.1f} s ({found['rows'] / checked:,.0f} rows/s; "
        f"SHA-256 of the same bytes alone {bare * 1000:.0f} ms)"
    )
    return [line], data


def others(pack: bytes, folder: Path) -> int:
    """A pack for each regency: the same instrument, scores and keys of its own, every proof made anew."""
    from kotacerdas.insight.evaluation.closing import verify

    files = verify.opened(pack)
    scores = json.loads(files["scores.json"])
    manifest = json.loads(files["manifest.json"])
    for number in range(REGENCIES):
        (folder / f"{number:03d}.zip").write_bytes(_invented(scores, manifest, files, number))
    return REGENCIES


def ranked(folder: Path, count: int) -> list[str]:
    """Read, check and rank them all, as `./run evaluation rank` does."""
    from kotacerdas.insight.evaluation.closing.ranking import rank, read_folder

    began = time.perf_counter()
    found, bad = read_folder(folder)
    read = time.perf_counter() - began
    began = time.perf_counter()
    places = rank(found)
    ranking = time.perf_counter() - began
    if bad or len(places) != count:
        raise RuntimeError(f"{len(places)} of {count} were ranked: {bad[:1]}")
    if [one.index for one in places] != sorted((one.index for one in places), reverse=True):
        raise RuntimeError("the ranking is not in order")
    return [
        f"{count} packs read, every proof checked, and ranked with intervals: {read + ranking:.1f} s "
        f"({read:.1f} s reading and checking, {ranking:.1f} s for 1,000 draws of each)"
    ]


def drain(step: Any) -> None:
    while step():
        pass


def _invented(
    scores: dict[str, Any], manifest: dict[str, Any], files: dict[str, bytes], number: int
) -> bytes:
    """A regency's pack with invented scores: ballots, rulings, rows, block and signatures made anew."""
    from _invented import invented_pack

    return invented_pack(scores, manifest, files, Random(number), f"R{number:03d}")
