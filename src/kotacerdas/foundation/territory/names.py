"""Names folded for search, and the kind words that people put before them."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^0-9a-z]+")
_KIND_WORDS = re.compile(
    r"^(?:desa|ds|kelurahan|kel|kecamatan|kec|distrik|kabupaten|kab|kota|lebu|dusun|blok)\s+(?=\S)"
)


def name_key(text: str) -> str:
    """Lower case, without marks and punctuation, single spaces: "R.S. Bhayangkara" → "r s bhayangkara"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_WORD.sub(" ", plain).strip()


def search_key(text: str) -> str:
    """The key of what somebody typed, without a leading kind word: "ds. Jatibarang" → "jatibarang"."""
    return _KIND_WORDS.sub("", name_key(text))
