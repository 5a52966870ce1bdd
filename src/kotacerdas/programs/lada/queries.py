"""Everything of goods that is read, within the agencies that somebody may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency, Holding, Membership, User
from kotacerdas.foundation.parties.roles import roles_giving
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.models import Asset, Label, Notice, Room, Session
from kotacerdas.programs.lada.permissions import COUNT, VIEW


def assets_for(grants: Grants) -> QuerySet[Asset]:
    """Goods of the agencies that somebody may see or count, disposed ones too."""
    scope = grants.scope(VIEW) | grants.scope(COUNT)
    return Asset.objects.filter(scope.within("agency", "area_code")).select_related("agency", "room")


def in_the_books(*cards: str) -> QuerySet[Asset]:
    """Goods of these cards that are in the books today, of all agencies: what figures for anybody are counted from."""
    return Asset.objects.filter(card__in=cards, is_active=True)


def rooms_for(grants: Grants) -> QuerySet[Room]:
    """Rooms of the agencies that somebody may see or count."""
    scope = grants.scope(VIEW) | grants.scope(COUNT)
    return Room.objects.filter(scope.within("agency", "area_code")).select_related("agency")


def labels_for(grants: Grants) -> QuerySet[Label]:
    """Labels of the agencies that somebody may see or count."""
    scope = grants.scope(VIEW) | grants.scope(COUNT)
    return Label.objects.filter(scope.within("agency"))


def notices_for(grants: Grants) -> QuerySet[Notice]:
    """Notices about goods of the agencies that somebody may see."""
    return Notice.objects.filter(grants.scope(VIEW).within("agency"))


def sessions_for(grants: Grants) -> QuerySet[Session]:
    """Stocktakes of the agencies that somebody may see."""
    return Session.objects.filter(grants.scope(VIEW).within("agency")).select_related("agency")


def counters_of(agency: Agency) -> QuerySet[User]:
    """Who may count goods of an agency today, by name."""
    roles, day = roles_giving([COUNT]), clock.today()
    posts = Holding.objects.on(day).filter(
        position__agency=agency, position__closed_on=None, position__roles__has_any_keys=roles
    )
    given = Membership.objects.filter(
        Q(until=None) | Q(until__gte=day), since__lte=day, role__in=roles, agency=agency
    )
    users = User.objects.filter(is_active=True)
    return users.filter(Q(id__in=posts.values("user")) | Q(id__in=given.values("user"))).order_by("name")


def found(assets: QuerySet[Asset], words: str) -> QuerySet[Asset]:
    """Goods in whose words all of these occur, as they are typed; a NIBAR or a code too."""
    wanted = Q()
    for word in words.lower().split()[:8]:
        wanted &= Q(search__contains=word)
    return assets.filter(wanted)


def register_url() -> str:
    """The address of the register."""
    return reverse("lada:register")
