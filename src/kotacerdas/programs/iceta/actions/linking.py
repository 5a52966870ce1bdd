"""A reporter lost the link: it is sent once more to the number that is known, and to no other."""

from __future__ import annotations

from django.db import transaction

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.parties.models import phone_index
from kotacerdas.kernel import ids
from kotacerdas.kernel.timing import equal_time
from kotacerdas.programs.iceta.lifecycles import KIND
from kotacerdas.programs.iceta.lifecycles.kinds import REPORTER
from kotacerdas.programs.iceta.messages import send_link
from kotacerdas.programs.iceta.queries import still_followed


def link_opened(*, party: CaseParty) -> None:
    """The link that was sent to a party's number was opened: the number is theirs, and hears more from now on."""
    if not party.is_proved:
        with transaction.atomic():
            cases.prove_party(party)


EQUAL_SECONDS = 0.3  # a right pair and a wrong one answer alike


def report_send_link(*, number: str, phone: str) -> None:
    """Send the secret link of a report to its reporter's own number.

    Says nothing of whether there is such a report, whether the number belongs to it, or whether its link
    has ended (90 days after closing, then nothing is sent): all look alike to the one who asks.
    """
    index = phone_index(phone)
    if not index:
        return
    with equal_time(EQUAL_SECONDS), transaction.atomic():
        known = (
            CaseParty.objects.select_related("case", "person")
            .filter(case__kind=KIND, case__number=ids.normal_ticket(number), person__phone_index=index)
            .order_by("-since")
        )
        party = next(iter(sorted(known, key=lambda one: one.role != REPORTER.name)), None)
        if party is not None and still_followed(party):
            send_link(party)
