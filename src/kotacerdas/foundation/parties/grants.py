"""What a user may do, and where: the sum of the roles of their posts and memberships today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.models import Holding, Membership, Position, User
from kotacerdas.foundation.parties.roles import Role, declared, roles_giving
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Refused

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True)
class Scope:
    """Where a permission holds: everywhere, or in some agencies, or in some areas (code prefixes)."""

    everywhere: bool = False
    agencies: frozenset[UUID] = frozenset()
    areas: frozenset[str] = frozenset()

    def __or__(self, other: Scope) -> Scope:
        return Scope(
            self.everywhere or other.everywhere, self.agencies | other.agencies, self.areas | other.areas
        )

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.agencies) or bool(self.areas)

    def covers(self, agencies: Iterable[UUID | None] = (), area: str = "") -> bool:
        """Whether something of these agencies (any of them) or in this area lies within."""
        if self.everywhere or any(agency in self.agencies for agency in agencies if agency):
            return True
        return any(area == code or area.startswith(code + ".") for code in self.areas if area)

    def within(self, agency_field: str, area_field: str = "") -> Q:
        """The same as a queryset filter over the named fields."""
        if self.everywhere:
            return Q()
        wanted = Q(**{f"{agency_field}__in": self.agencies}) if self.agencies else Q(pk__in=())
        for code in self.areas if area_field else ():
            wanted |= Q(**{area_field: code}) | Q(**{f"{area_field}__startswith": code + "."})
        return wanted


@dataclass(frozen=True)
class Grants:
    """A user's permissions with their scopes, and the posts they hold today."""

    user_id: UUID | None = None
    scopes: dict[str, Scope] = field(default_factory=dict)
    positions: tuple[Position, ...] = ()
    acting: dict[UUID, str] = field(default_factory=dict)

    def scope(self, permission: str) -> Scope:
        """The scope of a declared permission; empty when not held. LookupError when undeclared."""
        if permission not in declared().permissions:
            raise LookupError(f"nobody declares the permission {permission}")
        return self.scopes.get(permission, Scope())

    def may(self, permission: str, *, agencies: Iterable[UUID | None] | None = None, area: str = "") -> bool:
        """Whether the permission is held there; without a place, whether it is held at all."""
        scope = self.scope(permission)
        return bool(scope) if agencies is None else scope.covers(agencies, area)

    @property
    def position_ids(self) -> frozenset[UUID]:
        return frozenset(position.id for position in self.positions)

    @property
    def agency_ids(self) -> frozenset[UUID]:
        return frozenset(position.agency_id for position in self.positions)


NOBODY = Grants()


def gives(position: Position, permissions: Iterable[str], agencies: Iterable[UUID | None] = ()) -> bool:
    """Whether a post itself gives one of the permissions, for something of these agencies (none: for anything)."""
    wanted, there = frozenset(permissions), frozenset(agencies)
    return any(
        role.permissions & wanted and (role.everywhere or not there or position.agency_id in there)
        for role in _roles(position.roles)
    )


def grants_of(user: User | AnonymousUser | None, day: date | None = None) -> Grants:
    """The grants of a user on a local day (today by default). A stranger has none."""
    if user is None or not user.is_authenticated or not user.is_active or user.pk is None:
        return NOBODY
    day = day or clock.today()
    holdings = list(
        Holding.objects.on(day)
        .filter(user=user.pk, position__closed_on=None)
        .select_related("position__agency")
    )
    scopes: defaultdict[str, Scope] = defaultdict(Scope)
    for holding in holdings:
        for role in _roles(holding.position.roles):
            here = Scope(everywhere=role.everywhere, agencies=frozenset({holding.position.agency_id}))
            _give(scopes, role, here)
    for membership in Membership.objects.filter(
        Q(until=None) | Q(until__gte=day), user=user.pk, since__lte=day
    ):
        for role in _roles([membership.role]):
            _give(scopes, role, _membership_scope(membership))
    return Grants(
        user_id=user.pk,
        scopes=dict(scopes),
        positions=tuple(holding.position for holding in holdings),
        acting={holding.position_id: holding.acting for holding in holdings if holding.acting},
    )


def memberships_giving(user_id: UUID | None, permission: str) -> QuerySet[Membership]:
    """The memberships of a user that give a permission today, the oldest first."""
    day = clock.today()
    given = Membership.objects.filter(Q(until=None) | Q(until__gte=day), user=user_id, since__lte=day)
    return given.filter(role__in=roles_giving([permission])).order_by("since", "pk")


def areas_alone(grants: Grants, permission: str) -> frozenset[str] | None:
    """The areas that somebody is held to with a permission; None where a post or a role without area gives it too.

    A role in an agency and an area holds to the area.
    """
    if not grants.scope(permission).areas or any(gives(one, [permission]) for one in grants.positions):
        return None
    areas = frozenset(memberships_giving(grants.user_id, permission).values_list("area_code", flat=True))
    return None if "" in areas else areas


def require(grants: Grants, permission: str, *, agencies: Iterable[UUID | None], area: str = "") -> None:
    """Raise Refused unless the permission covers the thing."""
    if not grants.may(permission, agencies=agencies, area=area):
        raise Refused(
            _("You may not do this here."),
            remedy=_("Ask the head of your agency for the role, or hand the case to somebody who has it."),
        )


def _give(scopes: defaultdict[str, Scope], role: Role, here: Scope) -> None:
    for permission in role.permissions:
        scopes[permission] = scopes[permission] | here


def _membership_scope(membership: Membership) -> Scope:
    return Scope(
        everywhere=membership.agency_id is None and not membership.area_code,
        agencies=frozenset({membership.agency_id} if membership.agency_id else ()),
        areas=frozenset({membership.area_code} if membership.area_code else ()),
    )


def _roles(names: Iterable[str]) -> Iterable[Role]:
    known = declared().roles
    return (known[name] for name in names if name in known)
