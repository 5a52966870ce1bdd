"""Secret links of reporters: derived by the keyring, so never stored; found again by their hash."""

from __future__ import annotations

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.parties.secrets import keyring


def link_token(party: CaseParty) -> str:
    """The secret of a reporter's link: 160 bits, derived by the keyring, so never stored."""
    return keyring().blind("cases.link", f"{party.id}:{party.link_version}")[:40]


def link_hash(token: str) -> str:
    """What is stored of a token: enough to find it, too little to use it."""
    return keyring().blind("cases.link.hash", token)


def renew_link(party: CaseParty) -> str:
    """Make the old link invalid and return the new token."""
    party.link_version += 1
    token = link_token(party)
    party.link_hash = link_hash(token)
    party.save(update_fields=["link_version", "link_hash"])
    return token
