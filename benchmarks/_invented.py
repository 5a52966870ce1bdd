"""An invented regency's sealed pack, with every hash, proof and signature that a real one has."""

from __future__ import annotations

import copy
import hashlib
import uuid
from fractions import Fraction
from random import Random
from typing import Any


def invented_pack(
    scores: dict[str, Any], manifest: dict[str, Any], files: dict[str, bytes], random: Random, code: str
) -> bytes:
    """The bytes of a pack like the given one, with scores by `random`; its journal has one block."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from kotacerdas.insight.evaluation.closing import verify

    scores, manifest = copy.deepcopy(scores), copy.deepcopy(manifest)
    rows = _scored(scores, manifest, random)
    key, journal_key = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    told = manifest["round"]
    told["public_key"], told["position"] = key.public_key().public_bytes_raw().hex(), 0
    digest = hashlib.sha256(verify.canonical(manifest["instrument"])).hexdigest()
    closing = {
        "index": scores["index"],
        "position": 0,
        "instrument": digest,
        "public_key": told["public_key"],
        "items": len(scores["items"]),
    }
    rows.append(("evaluation.round.closed", str(uuid.UUID(int=random.getrandbits(128))), closing))
    made = {
        "scores.json": verify.canonical(scores),
        "figures.json": b"[]",
        "evidence.json": b"[]",
        "recommendations.json": b"[]",
        "published.json": b"[]",
        "journal.json": verify.canonical(_journal(rows, told["slug"], journal_key, random)),
        "verify.py": files["verify.py"],
        "README.txt": files["README.txt"],
    }
    manifest |= {
        "regency": code,
        "journal_keys": {"bench": journal_key.public_key().public_bytes_raw().hex()},
    }
    manifest["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in made.items()}
    made["manifest.json"] = verify.canonical(manifest)
    signature = key.sign(hashlib.sha256(made["manifest.json"]).digest()).hex()
    made["signature.json"] = verify.canonical({"key": told["public_key"], "signature": signature})
    return verify.zipped(made)


def _scored(scores: dict[str, Any], manifest: dict[str, Any], random: Random) -> list[tuple[str, str, dict]]:
    """Invent scores and settle them in place; the rows of the journal that say so."""
    from kotacerdas.insight.evaluation.closing import verify

    base, rows = random.choice((2, 2, 3)), []
    for item in scores["items"]:
        for one in item["scores"]:
            one["value"], one["note"] = str(Fraction(2 * base + random.choice((-1, 0, 0, 1, 1)), 2)), ""
        values = [Fraction(one["value"]) for one in item["scores"]]
        spread = max(values) - min(values)
        kind = "same" if not spread else "mean" if spread <= Fraction(1, 2) else "chair"
        value = Fraction(base) if kind == "chair" else sum(values, Fraction(0)) / len(values)
        item["ruling"] = {"kind": kind, "value": str(value), "words": ""}
        rows.append(("evaluation.item.settled", item["id"], {"kind": kind, "value": str(value)}))
    for seat in scores["seats"]:
        lines = sorted(
            [item["measure"], item["dimension"], one["value"], ""]
            for item in scores["items"]
            for one in item["scores"]
            if one["seat"] == seat["number"]
        )
        salt = random.randbytes(32).hex()
        commitment = hashlib.sha256(bytes.fromhex(salt) + verify.canonical(lines)).hexdigest()
        rows.append(("evaluation.ballot.sent", seat["id"], {"seat": seat["id"], "commitment": commitment}))
        rows.append(
            ("evaluation.ballot.opened", seat["id"], {"seat": seat["id"], "salt": salt, "lines": lines})
        )
    _summed(scores, manifest)
    return rows


def _summed(scores: dict[str, Any], manifest: dict[str, Any]) -> None:
    from kotacerdas.insight.evaluation.closing import verify

    tool = manifest["instrument"]
    weights = verify.weights_in(tool, manifest["round"]["year"])
    means = {}
    for code in weights:
        values = [Fraction(one["ruling"]["value"]) for one in scores["items"] if one["measure"] == code]
        means[code] = sum(values, Fraction(0)) / len(values)
    index = sum((weights[code] * mean for code, mean in means.items()), Fraction(0))
    shown = verify.rounded(index, tool["places"], tool["rounding"])
    scores |= {
        "index": str(index),
        "shown": str(shown),
        "measures": {code: str(mean) for code, mean in means.items()},
        "class": next((c for c, low, high in tool["classes"] if float(low) <= shown <= float(high)), ""),
    }


def _journal(rows: list[tuple[str, str, dict]], slug: str, key: Any, random: Random) -> dict[str, Any]:
    """One block over the rows, with a proof for each."""
    from kotacerdas.insight.evaluation.closing import verify
    from kotacerdas.kernel import merkle

    salts = [random.randbytes(16).hex() for _row in rows]
    texts = [
        verify.canonical(
            {"verb": verb, "subject": {"id": subject}, "codes": {"round": slug}, "payload": payload}
        ).decode()
        for verb, subject, payload in rows
    ]
    leaves = [verify.leaf_hash(salt, text) for salt, text in zip(salts, texts, strict=True)]
    header = {"height": 1, "first": 1, "count": len(rows), "root": merkle.root(leaves).hex()}
    signature = key.sign(hashlib.sha256(verify.canonical(header)).digest()).hex()
    return {
        "blocks": {"1": {"header": header, "key": "bench", "signature": signature}},
        "rows": [
            {
                "position": place + 1,
                "block": 1,
                "salt": salts[place],
                "row": texts[place],
                "path": [one.hex() for one in merkle.inclusion_path(leaves, place)],
            }
            for place in range(len(rows))
        ],
    }
