"""Encryption of single fields, and blind indexes that find them by equality.

AES-256-GCM with a key id; the associated data is a stable field label and the row's UUID, so a
ciphertext moved to another row or column does not open. The token is
`<key id>.<base64url(nonce ‖ ciphertext ‖ tag)>`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class CannotOpen(ValueError):
    """The token was altered, belongs to another row, or its key is not here."""


@dataclass(frozen=True, kw_only=True)
class Keyring:
    """Encryption keys by id (32 bytes each), the id that seals, and the key of the blind index."""

    keys: dict[str, bytes]
    current: str
    index_key: bytes

    def seal(self, label: str, row: UUID, text: str) -> str:
        """Encrypt the text for one field of one row; the empty string stays empty."""
        if not text:
            return ""
        nonce = secrets.token_bytes(_NONCE)
        cipher = AESGCM(self.keys[self.current]).encrypt(nonce, text.encode(), _bound(label, row))
        return f"{self.current}.{base64.urlsafe_b64encode(nonce + cipher).decode()}"

    def open(self, label: str, row: UUID, token: str) -> str:
        """Decrypt what `seal` made for the same field and row. Raises CannotOpen."""
        if not token:
            return ""
        key_id, _, body = token.partition(".")
        try:
            raw = base64.urlsafe_b64decode(body.encode())
            return AESGCM(self.keys[key_id]).decrypt(raw[:_NONCE], raw[_NONCE:], _bound(label, row)).decode()
        except (KeyError, ValueError, InvalidTag) as error:
            raise CannotOpen(f"{label} of {row} does not open") from error

    def joined(self, key_id: str, secret: str) -> bytes:
        """A key that needs both: one of ours and somebody else's secret (HMAC-SHA-256 of the secret under the key)."""
        return hmac.new(self.keys[key_id], f"joined\x00{secret}".encode(), hashlib.sha256).digest()

    def blind(self, label: str, text: str) -> str:
        """A keyed fingerprint: equal texts of one label have equal fingerprints, and no more is told."""
        if not text:
            return ""
        return hmac.new(self.index_key, f"{label}\x00{text}".encode(), hashlib.sha256).hexdigest()


def _bound(label: str, row: UUID) -> bytes:
    return f"{label}\x00{row}".encode()
