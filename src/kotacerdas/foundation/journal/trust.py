"""Whose signature counts: the keys of this instance's own file, and those of published heads that one kept.

The store holds public keys too, but whoever can rewrite its rows can write a key beside them: they prove nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext as _

from kotacerdas.kernel.errors import Invalid

Keys = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True)
class Known:
    """What is known from outside of the store: hashes (hex) of heads, and public keys by id."""

    heads: tuple[str, ...] = ()
    keys: Keys = field(default_factory=dict)


def own_keys() -> dict[str, Ed25519PublicKey]:
    """From `keys.json`: the signing key, and the public halves of those it replaced (`journal.former`)."""
    given = settings.JOURNAL_KEY
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(given["private"]))
    former = {name: _public(base64.b64decode(public)) for name, public in given.get("former", {}).items()}
    return {**former, given["id"]: private.public_key()}


def published(given: Iterable[str]) -> Known:
    """From what an auditor kept: hashes of heads, or files saved from `/jurnal/kepala.json`.

    Raises Invalid, in words, for a file that is none.
    """
    heads: list[str] = []
    keys: dict[str, Ed25519PublicKey] = {}
    for one in given:
        if not Path(one).is_file():
            heads.append(one.strip().lower())
            continue
        for head in _read(one):
            heads.append(str(head["hash"]).lower())
            if head.get("public_key"):
                keys[str(head["key"])] = _public(bytes.fromhex(head["public_key"]))
    return Known(tuple(heads), keys)


def _read(path: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))["heads"]
        return [{**head, "hash": bytes.fromhex(head["hash"]).hex()} for head in found]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(
            _("%(file)s is no file of published heads.") % {"file": path},
            remedy=_("Save it from /jurnal/kepala.json, or give the hash alone."),
        ) from error


def _public(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)
