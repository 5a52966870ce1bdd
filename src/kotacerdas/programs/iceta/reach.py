"""Whether a message goes to a number that a form named: until somebody proves that it is theirs, it gets one.

A number is proved for a report by whoever is signed in with it, by a call that a desk took, or by opening the link
of the one message. Otherwise anybody could send a stranger any number of messages in our name.
"""

from __future__ import annotations

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.parties.limits import take_token
from kotacerdas.foundation.parties.models import Person
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.kernel.errors import TooMany

FIRST = frozenset({"iceta.received", "iceta.joined"})
LINK = "iceta.link"
_DAY = 86_400
# of a number, whatever report it was named for: how many messages, in how many seconds
_FIRST_UNKNOWN, _FIRST_KNOWN, _LINKS = (1, 7 * _DAY), (5, _DAY), (2, _DAY)


def may_tell(party: CaseParty, template: str) -> bool:
    """Whether this message may go to this party; counts it where it is one of the few to an unproved number."""
    person = party.person
    if party.is_proved or person is None:
        return True
    if template == LINK:
        return _may_send("link", person, _LINKS)
    if template not in FIRST:
        return False
    is_known = person.user_id is not None or person.parties.filter(is_proved=True).exists()
    return _may_send("first", person, _FIRST_KNOWN if is_known else _FIRST_UNKNOWN)


def _may_send(kind: str, person: Person, most: tuple[int, int]) -> bool:
    capacity, seconds = most
    try:
        take_token(f"unproved:{kind}:{_address_of(person)}", capacity=capacity, seconds=seconds)
    except TooMany:
        return False
    return True


def _address_of(person: Person) -> str:
    """The number, else the e-mail address, as a blind index: a form makes a new person of each address."""
    return person.phone_index or keyring().blind("email", person.email.lower())
