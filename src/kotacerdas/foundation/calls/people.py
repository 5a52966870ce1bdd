"""The people behind a number: how a desk sees, chooses, merges and separates them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.calls.declarations import becomes
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency, ContactPoint, Person, phone_index
from kotacerdas.foundation.parties.people import people_found, person_merge, person_part
from kotacerdas.kernel.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Known:
    """One of the people behind a number, as this desk knows them: the name given last, and in how many cases.

    `joined` are those that a desk found to be this person, each with the name they gave: to part them again.
    """

    person: UUID
    name: str
    cases: int
    joined: Sequence[tuple[UUID, str]] = ()


def chosen_person(grants: Grants, number: str, person: UUID | None) -> Person | None:
    """The person that a desk chose among those behind a number; None for somebody new.

    Raises Invalid for anybody else: the number was changed meanwhile.
    """
    if person is None:
        return None
    return _known(person, {one.person for one in people_known(grants, number)})


def caller_people(
    *, actor: Actor, desk: Agency, phone: str, step: str, one: UUID, into: UUID | None = None
) -> None:
    """Merge one of the people whom this desk knows behind a number into another, or part one again.

    Raises Invalid for anybody else; what `person_merge` and `person_part` raise.
    """
    people = people_known(actor.grants, phone)
    if step == "part":
        joined = {person for known in people for person, _name in known.joined}
        person_part(actor=actor, agency=desk, person=_known(one, joined))
        return
    here = {known.person for known in people}
    person_merge(actor=actor, agency=desk, person=_known(one, here), into=_known(into, here))


def people_known(grants: Grants, number: str) -> list[Known]:
    """The people behind a number, from all cases that this desk may see."""
    here = named_parties(number).values_list("case", flat=True)
    seen = visible_to(grants, kinds=list(becomes())).filter(id__in=here).values_list("id", flat=True)
    return people_of(number, frozenset(seen))


def _known(person: UUID | None, among: set[UUID]) -> Person:
    if person not in among:
        words = _("This person is not known behind this number any more. Choose again.")
        raise Invalid(words, fields={"phone": words})
    return Person.objects.get(id=person)


def people_of(number: str, cases: frozenset[UUID]) -> list[Known]:
    """The people who gave a number in these cases, whoever wrote last first; those found to be one are one."""
    parties = list(
        named_parties(number).filter(case__in=cases).select_related("person").order_by("-since", "-id")
    )
    found = people_found(one.person_id for one in parties if one.person_id)
    by_person: dict[UUID, list[CaseParty]] = {}
    for one in parties:
        if one.person_id:
            by_person.setdefault(found[one.person_id], []).append(one)
    return [
        Known(
            person=person,
            name=next((one.name for one in theirs if one.name), ""),
            cases=len({one.case_id for one in theirs}),
            joined=sorted(
                {
                    one.person_id: one.name for one in theirs if one.person_id and one.person_id != person
                }.items()
            ),
        )
        for person, theirs in by_person.items()
    ]


def named_parties(number: str) -> QuerySet[CaseParty]:
    """Those who gave a number and did not ask to stay unknown."""
    return CaseParty.objects.filter(
        contact__kind=ContactPoint.Kind.PHONE, contact__index=phone_index(number), is_anonymous=False
    )
