"""How notify reaches somebody a case concerns."""

from __future__ import annotations

from uuid import UUID

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.notify.declarations import Contact


def _party(party_id: UUID) -> Contact | None:
    party = CaseParty.objects.select_related("person").filter(id=party_id).first()
    return contact_of(party) if party is not None else None


def contact_of(party: CaseParty) -> Contact | None:
    """How a party is reached; None for somebody who left neither number nor address."""
    if party.person is None:
        return None
    return Contact(phone=party.person.phone, email=party.person.email, language=party.language)


RESOLVERS = {"party": _party}
