"""A reporter lost the link: it is sent once more to the number that is known, and to no other."""

from __future__ import annotations

from django.db import transaction

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.parties.models import phone_index
from kotacerdas.kernel import ids
from kotacerdas.programs.iceta.lifecycles import KIND
from kotacerdas.programs.iceta.queries import still_followed


def report_send_link(*, number: str, phone: str) -> None:
    """Send the secret link of a report to its reporter's own number.

    Says nothing of whether there is such a report, whether the number belongs to it, or whether its link
    has ended (90 days after closing, then nothing is sent): all look alike to the one who asks.
    """
    index = phone_index(phone)
    if not index:
        return
    with transaction.atomic():
        party = (
            CaseParty.objects.select_related("case")
            .filter(case__kind=KIND, case__number=ids.normal_ticket(number), person__phone_index=index)
            .order_by("-since")
            .first()
        )
        if party is not None and still_followed(party):
            send(row_id=ids.new_id(), template="iceta.link", to=("party", party.id))
