"""How notify reaches somebody a case concerns."""

from __future__ import annotations

from uuid import UUID

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.notify.declarations import Contact


def _party(party_id: UUID) -> Contact | None:
    party = CaseParty.objects.select_related("person", "contact").filter(id=party_id).first()
    return contact_of(party) if party is not None else None


def contact_of(party: CaseParty) -> Contact | None:
    """How a party is reached; None for somebody who left neither number nor address."""
    email = party.person.email if party.person else ""
    if party.contact is not None:
        return Contact(phone=party.contact.phone, email=party.contact.email or email, language=party.language)
    return Contact(phone="", email=email, language=party.language) if email else None


RESOLVERS = {"party": _party}
