"""Roles given to a person directly, beside those that come with posts: within an agency, an area, or everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, Holding, Membership, User
from kotacerdas.foundation.parties.roles import declared
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Missing, Refused

IMPORT_STAFF = (
    "parties.import_staff"  # open accounts and fill posts from a table that two looked at; never passwords
)


def operator_alone(actor: Actor) -> None:
    """Raise Refused for an actor who comes from a web page: only the operator of the machine takes these steps."""
    if actor.kind != "system":
        raise Refused(
            _("Accounts are kept by the operator."), remedy=_("Ask whoever runs the machine: ./run staff")
        )


def operator_or_importer(actor: Actor) -> None:
    """Raise Refused for an actor who comes from a web page, except for an import of staff by those with that right."""
    if not actor.grants.may(IMPORT_STAFF):
        operator_alone(actor)


def no_staff_account(name: str) -> Missing:
    """The error for a name that no staff account has; citizens' accounts do not count."""
    return Missing(
        _("No staff account is called %(name)s.") % {"name": name},
        remedy=_("See who there is: ./run staff list"),
    )


def must_be_staffs(user: User) -> User:
    """The account, open or closed, locked for what follows. Raises Missing for a citizen's."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_staff:
        raise no_staff_account(locked.username)
    return locked


def must_be_open(user: User) -> User:
    """The account, locked for what follows. Raises Invalid for one that is closed, Missing for a citizen's."""
    locked = must_be_staffs(user)
    if not locked.is_active:
        raise Invalid(
            _("The account %(name)s is closed.") % {"name": locked.username},
            remedy=_("Open it again: ./run staff reopen %(name)s") % {"name": locked.username},
        )
    return locked


def erases_nothing(since: date, last_day: date) -> None:
    """Raise Invalid for a last day before a first day that is past, since the history is not erased."""
    if last_day < since <= clock.today():
        raise Invalid(
            _("The last day lies before the first, %(day)s.") % {"day": since},
            remedy=_("Choose that day or a later one."),
            fields={"last": _("Choose a later day.")},
        )


def must_be_in_order(since: date, until: date | None) -> None:
    """Raise Invalid for a last day before the first one."""
    if until is not None and until < since:
        raise Invalid(_("The last day lies before the first."), fields={"until": _("Choose a later day.")})


def let_end(held: Holding | Membership, last_day: date, ended: str, note: Callable[[str], None]) -> None:
    """End a role or post, in the caller's transaction, and journal it; one that begins later is deleted."""
    if held.since > last_day:
        note("cancel")
        held.delete()
        return
    held.until = last_day
    held.save(update_fields=["until"])
    note(ended)


def role_give(
    *,
    actor: Actor,
    user: User,
    role: str,
    since: date,
    until: date | None = None,
    agency: Agency | None = None,
    area_code: str = "",
) -> Membership:
    """Give a declared role from a local day on, until the last day (both count) or without an end.

    A role that is declared for everywhere takes no place; any other one needs an agency or an area. Both at
    once are refused: the role would reach all of the one and all of the other.
    Raises Missing for a role that nobody declares, Invalid for a place or days that do not fit, Conflict
    where they have it there already.
    """
    operator_alone(actor)
    _fits(role, since, until, agency, area_code)
    with transaction.atomic():
        locked = must_be_open(user)
        same = Membership.objects.filter(user=locked, role=role, agency=agency, area_code=area_code)
        same = same.filter(Q(until=None) | Q(until__gte=since))
        if (same.filter(since__lte=until) if until else same).exists():
            raise Conflict(
                _("%(name)s has this role there already.") % {"name": locked.username},
                remedy=_("See who holds what: ./run staff list"),
            )
        given = Membership.objects.create(
            user=locked, role=role, agency=agency, area_code=area_code, since=since, until=until
        )
        _note("give", given, actor)
    return given


def role_take(*, actor: Actor, user: User, role: str, last_day: date) -> int:
    """End a role wherever a person has it, on a last day; how many ended. Raises Missing for none.

    One that begins later is given no more.
    """
    operator_alone(actor)
    with transaction.atomic():
        held = list(
            Membership.objects.select_for_update(of=("self",))
            .select_related("agency")
            .filter(Q(until=None) | Q(until__gt=last_day), user=user, role=role)
        )
        if not held:
            raise Missing(
                _("%(name)s has no role %(role)s that could end then.")
                % {"name": user.username, "role": role},
                remedy=_("See who holds what: ./run staff list"),
            )
        for one in held:
            erases_nothing(one.since, last_day)
            end_role(one, actor, last_day)
    return len(held)


def end_role(held: Membership, actor: Actor, last_day: date) -> None:
    """End one role on a last day, in the caller's transaction."""
    let_end(held, last_day, "take", lambda step: _note(step, held, actor))


def _fits(role: str, since: date, until: date | None, agency: Agency | None, area_code: str) -> None:
    has_place = bool(agency or area_code)
    known = declared().roles.get(role)
    if known is None:
        raise Missing(_("There is no role %(role)s.") % {"role": role}, remedy=_("See all: ./run roles"))
    if known.everywhere and has_place:
        raise Invalid(_("The role %(role)s holds everywhere.") % {"role": role}, remedy=_("Give no place."))
    if not known.everywhere and not has_place:
        raise Invalid(
            _("The role %(role)s holds within a place.") % {"role": role},
            remedy=_("Give the place: --agency or --area"),
        )
    if agency and area_code:
        raise Invalid(
            _("A role holds in an agency or in an area, not in both at once."),
            remedy=_("Choose one: --agency or --area"),
        )
    must_be_in_order(since, until)


def _note(step: str, one: Membership, actor: Actor) -> None:
    append(
        verb=f"parties.role.{step}",
        subject=("user", one.user_id),
        actor=actor.code,
        codes={
            "role": one.role,
            "agency": one.agency.code if one.agency else "",
            "area": one.area_code,
        },
        payload={"since": one.since.isoformat(), "until": one.until.isoformat() if one.until else ""},
    )
