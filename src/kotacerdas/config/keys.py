"""The instance's secrets: made once on the first start, kept in one file that only its owner reads.

`KOTACERDAS_KEYS_FILE` names the file (default `var/keys.json`). A backup of the store without this
file is worthless: sealed fields do not open again.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from kotacerdas.config.paths import KEYS_FILE, VAR

_KEY_BYTES = 32


@lru_cache(maxsize=1)
def load() -> dict[str, Any]:
    """The secrets, made on the first call. Two processes that start at once agree on one file.

    secret_key      Django's, for cookies and signed links
    fields          {"current": id, "keys": {id: base64}, "index": base64}: sealed fields
    journal         {"id": text, "private": base64}: Ed25519, signs the journal's blocks
    store           {"id": hex, "owner": password, "serve": password}: the store of our own
    """
    if not KEYS_FILE.exists():
        _write_new(KEYS_FILE, _fresh())
    return dict(json.loads(KEYS_FILE.read_text()))


def _fresh() -> dict[str, Any]:
    return {
        "secret_key": secrets.token_urlsafe(50),
        "fields": {"current": "1", "keys": {"1": _random()}, "index": _random()},
        "journal": {"id": f"journal-{secrets.token_hex(4)}", "private": _random()},
        "store": {
            "id": secrets.token_hex(6),
            "owner": secrets.token_urlsafe(24),
            "serve": secrets.token_urlsafe(24),
        },
    }


def _random() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _write_new(path: Path, value: dict[str, Any]) -> None:
    VAR.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(value, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when another process was first: then theirs holds
    except FileExistsError:
        pass
    finally:
        draft.unlink()
