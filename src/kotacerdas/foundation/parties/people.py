"""People and their contact points: a number is found again, a person is only chosen by a desk.

Nobody is matched by name or by number: whoever types a number may be somebody else, and a family shares one. A desk
that speaks with the caller chooses among the people it knows behind the number. Two found to be one are merged by a
pointer, which can be taken away again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.models import Agency, ContactPoint, Person, User, email_index, phone_index
from kotacerdas.foundation.parties.permissions import MERGE_PEOPLE
from kotacerdas.kernel import clock, phones
from kotacerdas.kernel.errors import Conflict

GIVEN_AWAY = timedelta(days=90)  # after so long without use a number may be somebody else's
_MADE = """
    WITH made AS (
        INSERT INTO parties_contactpoint (id, kind, index, sealed, last_used_at, held_since)
        VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (kind, index) DO NOTHING RETURNING *
    )
    SELECT * FROM made UNION ALL SELECT * FROM parties_contactpoint WHERE kind = %s AND index = %s
"""


def contact_by(*, phone: str = "", email: str = "") -> ContactPoint | None:
    """The contact point of a number, else of an address, where it is known; None for what is neither."""
    kind, index = _named(phone, email)
    return ContactPoint.objects.filter(kind=kind, index=index).first() if index else None


def contact_made(*, phone: str = "", email: str = "") -> ContactPoint | None:
    """The contact point of a number, else of an address, made when it is new; None for what is neither."""
    kind, index = _named(phone, email)
    if not index:
        return None
    new = ContactPoint(kind=kind)
    new.set_value(phones.normal(phone) if kind == ContactPoint.Kind.PHONE else email.strip())
    row = [new.id, kind, index, new.sealed, new.last_used_at, new.held_since]
    found = list(ContactPoint.objects.raw(_MADE, [*row, kind, index]))
    # none where the same number came at another door in the same moment: that one is stored by now
    return found[0] if found else ContactPoint.objects.get(kind=kind, index=index)


def contact_used(contact: ContactPoint) -> bool:
    """Note that a contact point was used now; True if it may have got a new holder since the last time."""
    now = clock.now()
    with transaction.atomic():
        locked = ContactPoint.objects.select_for_update().get(id=contact.id)
        is_anew = now - locked.last_used_at > GIVEN_AWAY
        if is_anew:
            locked.held_since = now
        locked.last_used_at = max(now, locked.last_used_at)
        locked.save(update_fields=["held_since", "last_used_at"])
    contact.held_since, contact.last_used_at = locked.held_since, locked.last_used_at
    return is_anew


def is_own(actor: Actor, contact: ContactPoint | None) -> bool:
    """Whether a contact point is proved to be the actor's own."""
    return contact is not None and actor.contact is not None and contact.id == actor.contact.id


def with_account() -> Q:
    """The contact points with which a citizen signs in."""
    holders = User.objects.filter(phone_index=OuterRef("index"), is_staff=False)
    return Q(Exists(holders), kind=ContactPoint.Kind.PHONE)


def person_new(*, name: str = "", email: str = "", area_code: str = "") -> Person:
    """Create a new person. The same name or number does not make two people one."""
    made = _person(name, email, area_code)
    made.save(force_insert=True)
    return made


def who_asks(
    actor: Actor,
    *,
    name: str = "",
    phone: str = "",
    email: str = "",
    area_code: str = "",
    chosen: Person | None = None,
) -> tuple[ContactPoint | None, Person | None]:
    """How somebody who opens a case is reached, and who they are; neither for whoever leaves no name and no contact.

    A number matches nobody: it is the actor's own, or a desk chose among the people behind it (`chosen`), or it is
    somebody new, who is stored with the case.
    """
    contact = contact_made(phone=phone, email=email)
    if contact is None and not name.strip():
        return None, None
    known = chosen or (actor.person if is_own(actor, contact) else None)
    return contact, known or _person(name, email, area_code)


def people_found(people: Iterable[UUID]) -> dict[UUID, UUID]:
    """The person into whom each of these people was merged: an id by each id."""
    known = frozenset(people)
    pointers: dict[UUID, UUID] = {}
    asked: set[UUID] = set()
    while further := (known | set(pointers.values())) - asked:
        found = Person.objects.filter(id__in=further, same_as__isnull=False)
        pointers |= dict(found.values_list("id", "same_as_id"))
        asked |= further
    return {person: _end(pointers, person) for person in known}


def _end(pointers: Mapping[UUID, UUID], person: UUID) -> UUID:
    """Where the pointers of a person end; of a circle, which no merge makes, the smallest id."""
    way = [person]
    while (following := pointers.get(way[-1])) is not None:
        if following in way:
            return min(way[way.index(following) :])
        way.append(following)
    return way[-1]


def person_merge(*, actor: Actor, agency: Agency, person: Person, into: Person) -> None:
    """Merge two people by a pointer, in the journal. What each may see stays as it was.

    agency  the desk's. Raises Refused; Conflict for people who are one already.
    """
    require(actor.grants, MERGE_PEOPLE, agencies=[agency.id])
    with transaction.atomic():
        with connection.cursor() as cursor:  # one merge after the other, or four at once could make a circle
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('parties.merge'))")
        person.refresh_from_db()
        ends = people_found([person.id, into.id])
        if person.same_as is not None or ends[person.id] == ends[into.id]:
            raise Conflict(_("These two are one person already."), remedy=_("Part them first."))
        person.same_as = into
        person.save(update_fields=["same_as"])
        _note("merge", person, into, actor, agency)


def person_part(*, actor: Actor, agency: Agency, person: Person) -> None:
    """Undo a merge by removing the pointer. Raises Refused; Conflict where there is none."""
    require(actor.grants, MERGE_PEOPLE, agencies=[agency.id])
    with transaction.atomic():
        locked = Person.objects.select_for_update().get(id=person.id)
        if locked.same_as is None:
            raise Conflict(_("This person was not joined with another."), remedy=_("Load the page again."))
        into, locked.same_as = locked.same_as, None
        locked.save(update_fields=["same_as"])
        _note("part", locked, into, actor, agency)


def _person(name: str, email: str, area_code: str) -> Person:
    made = Person(last_area_code=area_code)
    made.set_name(name)
    made.set_email(email)
    return made


def _named(phone: str, email: str) -> tuple[str, str]:
    if index := phone_index(phone):
        return ContactPoint.Kind.PHONE, index
    return ContactPoint.Kind.EMAIL, email_index(email)


def _note(step: str, person: Person, into: Person, actor: Actor, agency: Agency) -> None:
    append(
        verb=f"parties.person.{step}",
        subject=("person", person.id),
        actor=actor.code,
        codes={"agency": agency.code},
        payload={"into": into.id},
    )
