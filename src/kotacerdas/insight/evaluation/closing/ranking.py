"""Many regencies' packs read, checked and ranked: index and rank, each with its 95% interval.

The interval says how far an index would move with other assessors and other items of the same kind: both are drawn
anew, 1,000 times with a fixed seed, from the scores in the pack.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from kotacerdas.insight.evaluation.closing import verify

DRAWS, SEED = 1000, 2026


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """One pack's place among the others; ranks count from 1."""

    regency: str
    round: str
    index: Fraction
    low: float
    high: float
    rank: int
    rank_low: int
    rank_high: int


def rank(packs: Sequence[dict[str, Any]]) -> list[Ranked]:
    """Rank what `verify.check` found, the highest index first; equal indexes share a rank."""
    if not packs:
        return []
    drawn = np.stack([draws(one, SEED + n) for n, one in enumerate(packs)])
    places = 1 + (drawn[:, None, :] < drawn[None, :, :]).sum(axis=1) if len(packs) <= 64 else _places(drawn)
    found = []
    for n, one in enumerate(packs):
        low, high = np.percentile(drawn[n], [2.5, 97.5])
        first, last = np.percentile(places[n], [2.5, 97.5])
        found.append(
            Ranked(
                regency=one["regency"],
                round=one["round"],
                index=one["index"],
                low=float(low),
                high=float(high),
                rank=1 + sum(other["index"] > one["index"] for other in packs),
                rank_low=int(np.floor(first)),
                rank_high=int(np.ceil(last)),
            )
        )
    return sorted(found, key=lambda one: (one.rank, one.regency))


def draws(pack: dict[str, Any], seed: int) -> np.ndarray:
    """The index of each draw: for every measure its items, and for every item its scores, drawn with replacement."""
    scores, instrument = pack["scores"], pack["instrument"]
    weights = verify.weights_in(instrument, pack["year"])
    by_measure: dict[str, list[list[float]]] = {}
    for item in scores["items"]:
        values = [float(Fraction(one["value"])) for one in item["scores"]]
        by_measure.setdefault(item["measure"], []).append(values)
    random = np.random.default_rng(seed)
    total = sum(float(weights[code]) for code in by_measure)
    index = np.zeros(DRAWS)
    for code, given in sorted(by_measure.items()):
        table = np.array(given)  # items × assessors
        items = random.integers(0, table.shape[0], size=(DRAWS, table.shape[0]))
        seats = random.integers(0, table.shape[1], size=(DRAWS, table.shape[0], table.shape[1]))
        drawn = np.take_along_axis(table[items], seats, axis=2)
        index += float(weights[code]) / total * drawn.mean(axis=(1, 2))
    return index * float(Fraction(instrument["factor"]))


def read_folder(folder: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """What every pack of a folder says, and the names of those that differ with why; one bad pack stops no other."""
    found, bad = [], []
    for file in sorted(folder.glob("*.zip")):
        try:
            found.append(verify.check(file.read_bytes()))
        except (verify.Differs, OSError) as error:
            bad.append(f"{file.name}: {error}")
    return found, bad


def print_ranks(folder: Path) -> int:
    """Print the ranking; 1 when a pack differs, which is then left out."""
    packs, bad = read_folder(folder)
    for one in rank(packs):
        print(
            f"{one.rank:>4}  {one.regency:<6} {one.round:<8} {float(one.index):.4f}  "
            f"[{one.low:.2f}, {one.high:.2f}]  rank {one.rank_low} to {one.rank_high}"
        )
    for line in bad:
        print(f"DIFFERS / BERBEDA: {line}", file=sys.stderr)
    return 1 if bad else 0


def _places(drawn: np.ndarray) -> np.ndarray:
    """The rank of each pack in each draw, equal ones sharing the better rank."""
    order = np.sort(drawn, axis=0)
    columns = [
        drawn.shape[0] - np.searchsorted(order[:, n], drawn[:, n], side="right")
        for n in range(drawn.shape[1])
    ]
    return 1 + np.stack(columns, axis=1)
