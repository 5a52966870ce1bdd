"""Messages to those who follow a case: to whom they go, and their words with the recipient's own link.

Until somebody proves that a number is theirs, it gets one message, or anybody could send a stranger any number of them
in our name. A number is proved for a case by whoever is signed in with it, by a call that a desk took, or by opening
the link of the one message.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.contacts import contact_of
from kotacerdas.foundation.cases.links import link_token, message_mark
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.casework.messages import PRESSING, facts_of
from kotacerdas.foundation.following.declarations import following_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify import declarations as notify
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.parties.limits import take_token
from kotacerdas.foundation.parties.models import ContactPoint
from kotacerdas.foundation.parties.people import with_account
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import TooMany, Words

MARK = "k"  # in the address of a link that was sent
Compose = Callable[[UUID, Mapping[str, Any]], notify.Words | None]
_DAY = 86_400
# of a number, whatever case it was named for: how many messages, in how many seconds
_FIRST_UNKNOWN, _FIRST_KNOWN, _LINKS = (1, 7 * _DAY), (5, _DAY), (2, _DAY)


def notify_parties(case: Case, row: Row, template: str, *, only: CaseParty | None = None) -> None:
    """Send a message to every party of a case (or only one) by any channel that reaches them; to each person once.

    A number that nobody proved gets the one message that its kind names as `first`, and no more.
    """
    for party in [only] if only else _one_each(case):
        contact = contact_of(party)
        if contact is not None and _may_notify(party, is_first=template in following_of(party).first):
            send(row_id=row.id, template=template, to=("party", party.id), contact=contact)


def send_link(party: CaseParty) -> None:
    """Send somebody their link once more, to the number that is known of them."""
    if party.is_proved or party.contact is None or _may_send("link", party.contact, _LINKS):
        send(row_id=ids.new_id(), template=following_of(party).link, to=("party", party.id))


def to_party(subject: Words, text: Words, *, only_in: Collection[str] = (), **others: Words) -> Compose:
    """A message template for the parties of a case; their link is added. `others` by role, "" sends nothing.

    Texts may name `%(number)s`, `%(title)s` and `%(agency)s`. `only_in` are the states of the case in which it is
    still true, () for any: what waited through a night may have been overtaken.
    """

    def compose(recipient: UUID, args: Mapping[str, Any]) -> notify.Words | None:
        party = CaseParty.objects.select_related("case__lead_agency").filter(id=recipient).first()
        words = str(others.get(party.role, text)) if party is not None else ""
        if party is None or not words or (only_in and party.case.state not in only_in):
            return None
        facts = facts_of(party.case)
        more = "" if party.is_proved else _("Open it to hear more of it.")
        body = " ".join(filter(None, (words % facts, message_url(party), more)))
        return notify.Words(subject=str(subject) % facts, body=body)

    return compose


def is_pressing(recipient: UUID, args: Mapping[str, Any]) -> bool:
    """Whether a party is told of something that is urgent: that goes at any hour."""
    return CaseParty.objects.filter(id=recipient, case__priority__in=PRESSING).exists()


def message_url(party: CaseParty) -> str:
    """The absolute address of a party's secret link, as it is sent: opened, it proves the number it was sent to."""
    return f"{settings.PUBLIC_URL}/l/{link_token(party)}/?{MARK}={message_mark(party)}"


def _one_each(case: Case) -> list[CaseParty]:
    """One party for each person of a case: the one with the most rights."""
    parties = list(case.parties.select_related("person", "contact"))
    ranks = {role: rank for rank, role in enumerate(following_of(parties[0]).acting)} if parties else {}
    found: dict[UUID, CaseParty] = {}
    for party in sorted(parties, key=lambda one: ranks.get(one.role, len(ranks))):
        found.setdefault(party.contact_id or party.person_id or party.id, party)
    return list(found.values())


def _may_notify(party: CaseParty, *, is_first: bool) -> bool:
    """Whether a message may go to a party; counts it where it is one of the few to an unproved number."""
    contact = party.contact
    if party.is_proved or contact is None:
        return True
    if not is_first:
        return False
    known = ContactPoint.objects.filter(with_account() | Q(parties__is_proved=True))
    is_known = known.filter(id=contact.id).exists()
    return _may_send("first", contact, _FIRST_KNOWN if is_known else _FIRST_UNKNOWN)


def _may_send(kind: str, contact: ContactPoint, most: tuple[int, int]) -> bool:
    capacity, seconds = most
    try:
        take_token(f"unproved:{kind}:{contact.index}", capacity=capacity, seconds=seconds)
    except TooMany:
        return False
    return True
