"""Actions on secret links: send a lost one again, and note the first opening from a message."""

from __future__ import annotations

from django.db import transaction

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.following.declarations import following_of, followings
from kotacerdas.foundation.following.messages import send_link
from kotacerdas.foundation.following.queries import still_followed
from kotacerdas.foundation.parties.limits import take_token
from kotacerdas.foundation.parties.models import ContactPoint, phone_index
from kotacerdas.foundation.parties.people import contact_used
from kotacerdas.kernel import ids
from kotacerdas.kernel.timing import equal_time

EQUAL_SECONDS = 0.3  # a right pair and a wrong one answer alike
_LINKS_A_PHONE, _SECONDS = 3, 3600


def link_opened(*, party: CaseParty) -> None:
    """Mark a party's number as proved: the link sent to it was opened. It gets all messages from now on."""
    if not party.is_proved:
        with transaction.atomic():
            cases.prove_party(party)
            if party.contact is not None:
                contact_used(party.contact)


def take_link_token(phone: str) -> None:
    """Count one link to a number. Raises TooMany after three in an hour, known number or not."""
    take_token(f"link:{phone_index(phone)}", capacity=_LINKS_A_PHONE, seconds=_SECONDS)


def link_send(*, number: str, phone: str) -> None:
    """Send the secret link of a case to its party's own number.

    Says nothing of whether there is such a case, whether the number belongs to it, or whether its link has ended
    (90 days after closing, then nothing is sent): all look alike to the one who asks.
    """
    index = phone_index(phone)
    if not index:
        return
    with equal_time(EQUAL_SECONDS), transaction.atomic():
        known = (
            CaseParty.objects.select_related("case", "person", "contact")
            .filter(case__kind__in=followings(), case__number=ids.normal_ticket(number))
            .filter(contact__kind=ContactPoint.Kind.PHONE, contact__index=index)
            .order_by("-since")
        )
        party = next(iter(sorted(known, key=_rank)), None)
        if party is not None and still_followed(party):
            send_link(party)


def _rank(party: CaseParty) -> bool:
    """Sort key: those whose own matter it is come before those who only follow."""
    return party.role != following_of(party).acting[0]
