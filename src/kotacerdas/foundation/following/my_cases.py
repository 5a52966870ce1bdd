"""My cases: those whose links this browser opened, and all cases of a citizen who is signed in by phone.

The browser keeps a signed list of the last ten (party and link version), never the links themselves; a
renewed link drops out of it. What is the account's own never enters that list: it goes with the sign-out.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.following.declarations import following_of, followings
from kotacerdas.foundation.following.queries import first_of, still_followed
from kotacerdas.foundation.parties.access import citizen
from kotacerdas.foundation.parties.actors import Actor, reporter
from kotacerdas.foundation.parties.models import ContactPoint, Person, User
from kotacerdas.foundation.parties.people import contact_by

COOKIE = "mine"  # the name of before: lists outlive the renewal of a house
_MOST = 10
_DAYS = 400
_SHOWN = 50


def remember(request: HttpRequest, response: HttpResponse, party: CaseParty) -> None:
    """Put a case first in this browser's list, unless the account that is signed in has it anyway."""
    user = citizen(request)
    if user is not None and is_accounts(party, user):
        return
    mark = f"{party.id.hex}.{party.link_version}"
    marks = [mark, *(one for one in _marks(request) if one.split(".")[0] != party.id.hex)][:_MOST]
    if marks == _marks(request):
        return
    response.set_signed_cookie(
        COOKIE,
        "~".join(marks),
        salt=COOKIE,
        max_age=_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def my_parties(request: HttpRequest) -> list[CaseParty]:
    """The cases of this browser and of the citizen signed in, newest first, as far as their links live.

    Of what came by a number that nobody used for 90 days since, nothing: the ticket number brings its link.
    Whose own matter it is and who follows it too: the page that lets them act is theirs.
    """
    related = {name for one in followings().values() for name in one.related}
    chosen = CaseParty.objects.filter(case__kind__in=followings()).select_related(
        "case__lead_agency", "person", "contact", *related
    )
    versions = dict(_known(request))
    known = [party for party in chosen.filter(id__in=versions) if party.link_version == versions[party.id]]
    user = citizen(request)
    if user is not None:
        known += chosen.filter(_of_account(user), stands_for=None).order_by("-since")[:_SHOWN]
    found: dict[UUID, CaseParty] = {}
    for party in sorted(known, key=lambda one: (not _is_own(one), one.stands_for_id is not None)):
        found.setdefault(first_of(party).case_id, party)
    alive = [party for party in found.values() if still_followed(party)]
    return sorted(alive, key=lambda party: party.since, reverse=True)


def own_actor(request: HttpRequest) -> Actor:
    """The citizen who is signed in, with the number that is proved theirs; else a reporter nobody knows."""
    user = citizen(request)
    if user is None:
        return reporter(user=request.user)
    person = Person.objects.filter(user=user).first()
    return reporter(person, request.user, contact=contact_by(phone=user.phone))


def is_accounts(party: CaseParty, user: User) -> bool:
    """Whether a party is one of a citizen's account: filed while signed in, or with its number."""
    if party.person is not None and party.person.user_id == user.pk:
        return True
    return (
        party.contact is not None and is_held(party.contact, user) and party.since >= party.contact.held_since
    )


def is_held(contact: ContactPoint, user: User) -> bool:
    """Whether a contact point is the number of a citizen's account."""
    return contact.kind == ContactPoint.Kind.PHONE and contact.index == user.phone_index


def hides_older(request: HttpRequest) -> bool:
    """Whether older cases of the account's number are hidden, since the number may have a new holder."""
    user = citizen(request)
    older = CaseParty.objects.filter(case__kind__in=followings(), since__lt=F("contact__held_since"))
    return user is not None and older.filter(_by_number(user)).exists()


def _of_account(user: User) -> Q:
    return Q(person__user=user) | (_by_number(user) & Q(since__gte=F("contact__held_since")))


def _by_number(user: User) -> Q:
    return Q(contact__kind=ContactPoint.Kind.PHONE, contact__index=user.phone_index)


def _is_own(party: CaseParty) -> bool:
    return party.role in following_of(party).acting


def _marks(request: HttpRequest) -> list[str]:
    text = str(request.get_signed_cookie(COOKIE, default="", salt=COOKIE) or "")
    return [one for one in text.split("~") if one]


def _known(request: HttpRequest) -> Iterator[tuple[UUID, int]]:
    for mark in _marks(request):
        name, _dot, version = mark.partition(".")
        try:
            yield UUID(hex=name), int(version)
        except ValueError:
            continue
