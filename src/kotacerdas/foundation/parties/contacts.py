"""How notify reaches a post: whoever holds it today."""

from __future__ import annotations

from uuid import UUID

from kotacerdas.foundation.notify.declarations import Contact
from kotacerdas.foundation.parties.models import Holding
from kotacerdas.kernel import clock


def _position(position_id: UUID) -> Contact | None:
    holding = (
        Holding.objects.on(clock.today())
        .filter(position=position_id, user__is_active=True)
        .select_related("user")
        .order_by("-since")
        .first()
    )
    if holding is None:
        return None
    user = holding.user
    return Contact(phone=user.phone, email=user.email, language=user.language or "id")


RESOLVERS = {"position": _position}
