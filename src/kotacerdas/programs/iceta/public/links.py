"""How often a link may be sent to one number, whichever page asked for it."""

from __future__ import annotations

from kotacerdas.foundation.parties.limits import take_token
from kotacerdas.foundation.parties.models import phone_index

_LINKS_A_PHONE, _SECONDS = 3, 3600


def take_link_token(phone: str) -> None:
    """Count one link to a number. Raises TooMany after three in an hour, known number or not."""
    take_token(f"link:{phone_index(phone)}", capacity=_LINKS_A_PHONE, seconds=_SECONDS)
