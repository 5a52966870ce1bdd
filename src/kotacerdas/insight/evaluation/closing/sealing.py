"""Making the sealed pack of a closed round: one file, equal bytes whenever it is made, kept once made."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.models import Row, Sealed
from kotacerdas.insight.evaluation import evidence_files
from kotacerdas.insight.evaluation.closing import content, verify
from kotacerdas.insight.evaluation.closing.actions import signing_key
from kotacerdas.insight.evaluation.closing.proofs import journal_keys, proven
from kotacerdas.insight.evaluation.instruments.queries import value_of
from kotacerdas.insight.evaluation.models import Round
from kotacerdas.kernel.canonical import canonical_bytes, instant
from kotacerdas.kernel.errors import Conflict, Unavailable
from kotacerdas.kernel.regency import regency

_README = """\
Paket bukti tersegel: {name}, putaran {slug}. Sealed evidence pack: {name}, round {slug}.

Periksa tanpa server / check without a server:  python3 verify.py {file}
manifest.json    isi dan sidik tiap berkas; instrumen / what is inside, with hashes; the instrument
signature.json   tanda tangan Ed25519 dengan kunci putaran / Ed25519 signature by the round's key
scores.json      nilai tiap penilai, putusan, indeks dengan rumusnya / every score, rulings, the index
figures.json     angka yang dibekukan dengan baris jurnalnya / frozen figures with their journal rows
journal.json     baris jurnal dengan bukti Merkle / journal rows with Merkle proofs
evidence.json    sidik bukti dukung / hashes of the evidence
recommendations.json, published.json
"""


def pack_of(round: Round) -> bytes:
    """The sealed pack; made when it is first asked for, then always the same bytes.

    Raises Conflict for a round that is not closed and where another pack would come out, Unavailable while its closing row waits for the sealer.
    """
    if round.state != Round.State.CLOSED:
        raise Conflict(
            _("The round %(round)s is not closed yet.") % {"round": round.slug},
            remedy=_("A pack is sealed when the round is closed."),
        )
    if round.pack_sha256 and evidence_files.is_intact(round.pack_sha256):
        return evidence_files.read(round.pack_sha256)
    data = make(round)
    digest = hashlib.sha256(data).hexdigest()
    if round.pack_sha256 not in ("", digest):
        raise Conflict(
            _(
                "The pack of round %(round)s is not on the disk as it was sealed, and does not come out the same."
            )
            % {"round": round.slug},
            remedy=_("Restore the folder of files from a backup: a sealed pack never changes."),
        )
    evidence_files.put(digest, data)
    Round.objects.filter(pk=round.pk).update(pack_sha256=digest)
    return data


def make(round: Round) -> bytes:
    """The pack's bytes from the store. Raises Unavailable while the closing row is not sealed."""
    figures = content.figures_of(round)
    journal = proven(_positions(round, figures))
    files = {
        "scores.json": canonical_bytes(content.scores_of(round)),
        "figures.json": canonical_bytes(figures),
        "journal.json": canonical_bytes(journal),
        "evidence.json": canonical_bytes(content.evidence_of(round)),
        "recommendations.json": canonical_bytes(content.recommendations_of(round)),
        "published.json": canonical_bytes(content.published_of(round)),
        "verify.py": Path(verify.__file__).read_bytes(),
        "README.txt": _README.format(
            name=regency().instance.name_id, slug=round.slug, file=file_name(round)
        ).encode(),
    }
    files[verify.MANIFEST] = canonical_bytes(_manifest(round, journal, files))
    signature = signing_key(round).sign(hashlib.sha256(files[verify.MANIFEST]).digest())
    files[verify.SIGNATURE] = canonical_bytes({"key": round.public_key, "signature": signature.hex()})
    return verify.zipped(files)


def file_name(round: Round) -> str:
    """`bukti-IDM-2022-1.zip`."""
    return f"bukti-{settings.INSTANCE_CODE}-{round.slug}.zip"


def _manifest(round: Round, journal: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
    return {
        "format": verify.FORMAT,
        "regency": settings.INSTANCE_CODE,
        "name": regency().instance.name_id,
        "is_demo": round.is_demo,
        "round": {
            "slug": round.slug,
            "year": round.year,
            "stage": round.stage,
            "position": round.frozen_position,
            "opened_at": instant(round.opened_at),
            "closed_at": instant(round.closed_at) if round.closed_at else "",
            "public_key": round.public_key,
        },
        "instrument": value_of(round.instrument),
        "journal_keys": journal_keys(journal["blocks"]),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }


def _positions(round: Round, figures: list[dict[str, Any]]) -> set[int]:
    """Rows about the round and its items up to its closing, and those behind its frozen figures."""
    subjects = [
        round.id,
        *round.items.values_list("id", flat=True),
        *round.recommendations.values_list("case_id", flat=True),
    ]
    rows = list(Row.objects.filter(subject_id__in=subjects).values_list("id", "verb"))
    positions = dict(
        Sealed.objects.filter(row_id__in=[one for one, _verb in rows]).values_list("row_id", "position")
    )
    closing = next((one for one, verb in rows if verb == "evaluation.round.closed"), None)
    if closing not in positions:
        raise Unavailable(
            _("The round's last row waits to be sealed."), remedy=_("Try again in a few seconds.")
        )
    top = positions[closing]
    about = {position for position in positions.values() if position <= top}
    return about | {row[0] for figure in figures for row in figure["rows"]}
