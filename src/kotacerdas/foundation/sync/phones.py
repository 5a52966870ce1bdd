"""Enrolling a phone, finding it by its token, and revoking it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor, staff
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Holding, Membership, Position, User
from kotacerdas.foundation.parties.roles import roles_giving
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.foundation.sync.models import Enrolment, Phone
from kotacerdas.foundation.sync.permissions import MANAGE
from kotacerdas.foundation.sync.shell import field_permissions
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Refused

CODE_MINUTES = 10
MOST_PHONES = 5  # of one user in use at once; the one that was silent longest goes
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another
_CODE_LENGTH = 10


def hash_of(secret: str) -> str:
    """The fingerprint of a token or code, as the store has it."""
    return keyring().blind("sync.secret", secret)


def export_key(phone: Phone) -> str:
    """The key with which this phone signs what it exports; made anew from the keyring, stored nowhere here."""
    return keyring().blind("sync.export", str(phone.pk))


def code_make(*, actor: Actor, user: User, position: Position | None = None) -> str:
    """A code that enrols one phone for a user within ten minutes, for the desk's screen alone.

    Refused unless it is for oneself or for one of `people_of`.
    """
    if actor.user is None or not user.is_active:
        raise Refused(_("Nobody can work with a phone in this name."), remedy=_("Choose another person."))
    if user.pk != actor.user.pk and not people_of(actor.grants).filter(pk=user.pk).exists():
        raise Refused(_("This person works for another agency."), remedy=_("Ask the head of that agency."))
    code = "".join(secrets.choice(_LETTERS) for _n in range(_CODE_LENGTH))
    Enrolment.objects.create(code_hash=hash_of(code), user=user, position=position, made_by=actor.user)
    return code


def code_use(code: str, *, label: str = "") -> tuple[Phone, str]:
    """Enrol a phone by a code from a desk; the phone and its token. Invalid for a code that is wrong, used or old."""
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    with transaction.atomic():
        found = (
            Enrolment.objects.select_for_update(of=("self",))
            .filter(
                code_hash=hash_of(typed),
                used_at=None,
                made_at__gt=clock.now() - timedelta(minutes=CODE_MINUTES),
            )
            .select_related("user", "position", "made_by")
            .first()
        )
        if found is None:
            raise Invalid(
                _("This code is not valid (any more)."),
                fields={"code": _("A code works once, for ten minutes.")},
                remedy=_("Ask the desk for a new one."),
                code="bad_code",
            )
        found.used_at = clock.now()
        found.save(update_fields=["used_at"])
        return phone_enrol(user=found.user, by=found.made_by, label=label, position=found.position)


@transaction.atomic
def phone_enrol(
    *, user: User, by: User, label: str = "", position: Position | None = None
) -> tuple[Phone, str]:
    """Enrol a phone for a user; the phone and its token, which is never stored nor shown again.

    The user's phone that was silent longest is revoked where there would be more than five.
    """
    token = secrets.token_urlsafe(32)
    in_use = Phone.objects.select_for_update().filter(user=user, revoked_at=None)
    for old in sorted(in_use, key=lambda one: one.last_contact_at or one.enrolled_at)[: -(MOST_PHONES - 1)]:
        _revoke(old, by)
    made = Phone.objects.create(
        user=user,
        position=position,
        label=label[:60].strip(),
        token_hash=hash_of(token),
        enrolled_by=by,
        empty_at=clock.now(),
    )
    _journal("enrol", made, by)
    return made, token


def phone_revoke(*, actor: Actor, phone: Phone) -> None:
    """Let a phone in no more: what is on it is deleted at its next contact. Refused for another agency's."""
    if actor.user is None or phone not in phones_of(actor.grants):
        raise Refused(_("This phone belongs to another agency."), remedy=_("Ask the head of that agency."))
    with transaction.atomic():
        _revoke(phone, actor.user)


@transaction.atomic
def phone_leave(phone: Phone) -> None:
    """Its user signed out of it, by which it deletes all that is on it: it is let in no more."""
    _revoke(phone, phone.user, "leave", wiped_at=clock.now())


def _revoke(phone: Phone, by: User, step: str = "revoke", **also: datetime) -> None:
    now = clock.now()
    if Phone.objects.filter(pk=phone.pk, revoked_at=None).update(revoked_at=now, revoked_by=by, **also):
        _journal(step, phone, by)


def phone_of(token: str) -> Phone | None:
    """The phone that comes with this token, revoked or not; None for a token of nobody."""
    if not token:
        return None
    return Phone.objects.select_related("user", "position").filter(token_hash=hash_of(token)).first()


def phones_of(grants: Grants) -> QuerySet[Phone]:
    """The phones that somebody may look after: their own, and those of `people_of`."""
    own = Phone.objects.filter(user=grants.user_id)
    return own | Phone.objects.filter(user__in=people_of(grants))


def people_of(grants: Grants) -> QuerySet[User]:
    """The people whose phones somebody may look after, by name; without oneself where one manages nobody.

    All of a person's work in the field must lie in the agencies and areas that one manages: by a phone one could act
    in each of them. What else they are elsewhere does not count, unless they have no work in the field at all.
    """
    scope = grants.scope(MANAGE)
    if not scope:
        return User.objects.none()
    posts, given = _counted()
    mine = posts.filter(scope.within("position__agency")), given.filter(scope.within("agency", "area_code"))
    others = posts.exclude(pk__in=mine[0].values("pk")), given.exclude(pk__in=mine[1].values("pk"))
    return User.objects.filter(_users_of(*mine), ~_users_of(*others), is_staff=True).order_by("name")


def _counted() -> tuple[QuerySet[Holding], QuerySet[Membership]]:
    """Posts and memberships with work in the field; of people who have none, all of theirs."""
    posts, given = _in_field()
    idle = ~Q(user__in=field_workers())
    return posts | Holding.objects.on(clock.today()).filter(idle), given | _memberships().filter(idle)


def _in_field() -> tuple[QuerySet[Holding], QuerySet[Membership]]:
    """Today's posts and memberships that give any work in the field."""
    roles = roles_giving(field_permissions())
    posts = Holding.objects.on(clock.today())
    posts = posts.filter(position__roles__has_any_keys=roles, position__closed_on=None)
    return posts, _memberships().filter(role__in=roles)


def _users_of(posts: QuerySet[Holding], given: QuerySet[Membership]) -> Q:
    return Q(pk__in=posts.values("user")) | Q(pk__in=given.values("user"))


def field_workers() -> QuerySet[User]:
    """The people with a post or role of today that gives any work in the field."""
    return User.objects.filter(_users_of(*_in_field()))


def actor_of(phone: Phone, *, happened_at: datetime | None = None) -> Actor:
    """Who acts by a phone: its user with today's grants, in the phone's post where they still hold it."""
    found = staff(phone.user, position=phone.position)
    return replace(found, happened_at=happened_at) if happened_at else found


def _memberships() -> QuerySet[Membership]:
    day = clock.today()
    return Membership.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


def _journal(step: str, phone: Phone, by: User) -> None:
    append(
        verb=f"sync.phone.{step}",
        subject=("sync.phone", phone.id),
        actor=f"user:{by.pk}",
        codes={"user": phone.user_id},
    )
