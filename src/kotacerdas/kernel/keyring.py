"""The instance's keyring, read once from the settings."""

from __future__ import annotations

import base64
from functools import lru_cache

from django.conf import settings

from kotacerdas.kernel.fieldcrypt import Keyring


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """Keys from `settings.FIELD_KEYS` = {"current": id, "keys": {id: base64}, "index": base64}."""
    given = settings.FIELD_KEYS
    return Keyring(
        keys={name: base64.b64decode(key) for name, key in given["keys"].items()},
        current=given["current"],
        index_key=base64.b64decode(given["index"]),
    )
