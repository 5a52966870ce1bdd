"""A score while it is blind: sealed under its own row, opened only for whoever gave it, and for all at once at the end.

What the journal holds of a ballot before the last one is in is one hash: SHA-256 of a secret salt and the canonical
bytes of its lines. Salt and lines are written down when all are in.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.insight.evaluation.models import Score, Seat
from kotacerdas.kernel.canonical import canonical_bytes

_SCORE, _SALT = "evaluation.score", "evaluation.salt"
Line = list[str]  # measure, dimension, value as a fraction, SHA-256 of the note


@dataclass(frozen=True, kw_only=True)
class Given:
    """What an assessor entered for one item."""

    value: Decimal
    note: str = ""
    evidence: tuple[str, ...] = ()


def seal(score: Score, given: Given) -> None:
    """Put what was given into the row, sealed; does not save."""
    text = json.dumps({"value": str(given.value), "note": given.note, "evidence": list(given.evidence)})
    score.sealed = keyring().seal(_SCORE, score.id, text)


def unseal(score: Score) -> Given:
    """What was given. For the assessor's own eyes, and for the moment when all are in."""
    held = json.loads(keyring().open(_SCORE, score.id, score.sealed))
    return Given(value=Decimal(held["value"]), note=held["note"], evidence=tuple(held["evidence"]))


def lines_of(scores: Sequence[Score]) -> list[Line]:
    """A ballot's lines, in one order whatever the order they were given in."""
    found = []
    for score in scores:
        given = unseal(score)
        digest = hashlib.sha256(given.note.encode()).hexdigest() if given.note else ""
        found.append([score.item.measure.code, score.item.dimension.code, str(Fraction(given.value)), digest])
    return sorted(found)


def commit(seat: Seat, lines: list[Line]) -> None:
    """Salt and commitment into the seat; does not save."""
    salt = secrets.token_hex(32)
    seat.salt_sealed = keyring().seal(_SALT, seat.id, salt)
    seat.commitment = commitment_of(salt, lines)


def salt_of(seat: Seat) -> str:
    """The salt of a seat that has sent."""
    return keyring().open(_SALT, seat.id, seat.salt_sealed)


def commitment_of(salt: str, lines: list[Line]) -> str:
    """SHA-256 (hex) of the salt's bytes followed by the canonical bytes of the lines."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical_bytes(lines)).hexdigest()
