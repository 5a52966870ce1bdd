"""Secret links of parties: derived by the keyring, so never stored; found again by their hash."""

from __future__ import annotations

from django.utils.crypto import constant_time_compare

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.parties.secrets import keyring


def link_token(party: CaseParty) -> str:
    """The secret of a party's link: 160 bits, derived by the keyring, so never stored."""
    return keyring().blind("cases.link", f"{party.id}:{party.link_version}")[:40]


def message_mark(party: CaseParty) -> str:
    """What a link carries besides when it is sent: it comes back only from who reads that number's messages."""
    return keyring().blind("cases.link.message", f"{party.id}:{party.link_version}")[:12]


def is_from_message(party: CaseParty, mark: str) -> bool:
    """Whether an opened link was the one that was sent."""
    return constant_time_compare(mark, message_mark(party))


def link_hash(token: str) -> str:
    """What is stored of a token: enough to find it, too little to use it."""
    return keyring().blind("cases.link.hash", token)
