"""Secret links of parties: derived by the keyring, so never stored; found again by their hash."""

from __future__ import annotations

from django.utils.crypto import constant_time_compare

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.parties.secrets import keyring


def link_token(party: CaseParty) -> str:
    """The secret of a party's link: 160 bits, derived by the keyring, so never stored."""
    return keyring().blind("cases.link", f"{party.id}:{party.link_version}")[:40]


def message_mark(party: CaseParty) -> str:
    """An extra mark in a link that is sent: only somebody who reads the number's messages can bring it back."""
    return keyring().blind("cases.link.message", f"{party.id}:{party.link_version}")[:12]


def is_from_message(party: CaseParty, mark: str) -> bool:
    """Whether an opened link carries the mark of the one that was sent."""
    return constant_time_compare(mark, message_mark(party))


def link_hash(token: str) -> str:
    """The hash of a token, by which it is found in the store; nobody can use it as a link."""
    return keyring().blind("cases.link.hash", token)
