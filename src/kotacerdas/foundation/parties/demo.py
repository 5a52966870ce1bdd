"""The demo's accounts: the cast of the pack's `demo.toml`, and accounts named by their post where work needs somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kotacerdas.foundation.parties.context import post_title
from kotacerdas.foundation.parties.models import Agency, Holding, Membership, Position, User
from kotacerdas.foundation.parties.roles import declared
from kotacerdas.kernel.pack import Pack, Section
from kotacerdas.kernel.timeline import Timeline

PASSWORD = "peraga-kota-cerdas"  # noqa: S105 - demo accounts only; production refuses them
SINCE = date(2026, 1, 2)


@dataclass(frozen=True, kw_only=True)
class CastRow:
    """An account one can sign in with, the post it holds, and perhaps one it holds for another; or a role in an area."""

    username: str
    name: str
    agency: str = ""
    position: str = ""
    acting_position: str = ""
    acting: Literal["", "plt", "plh"] = ""
    role: str = ""
    area: str = ""


SECTIONS = (
    Section(
        name="cast",
        file="demo.toml",
        row=CastRow,
        key=("username",),
        refs={"agency": "agencies.code", "area": "areas.code"},
        optional=True,
    ),
)


def begin(pack: Pack, _timeline: Timeline) -> None:
    """Create the accounts of the pack's cast with their posts."""
    for row in pack.of("cast"):
        user = _user(row.username, row.name, PASSWORD)
        if row.agency:
            _seat(user, row.agency, row.position)
        if row.role:
            Membership.objects.create(user=user, role=row.role, area_code=row.area, since=SINCE)
        if row.acting_position:
            _seat(user, row.agency, row.acting_position, acting=row.acting)


def worker_of(agency: Agency, code: str = "officer") -> User:
    """Whoever holds a post of the agency; an account named by the post is made when nobody does."""
    holding = (
        Holding.objects.filter(position__agency=agency, position__code=code).select_related("user").first()
    )
    if holding is not None:
        return holding.user
    position = Position.objects.select_related("agency").get(agency=agency, code=code)
    user = _user(f"{code}-{agency.code}".lower().replace("_", "-"), post_title(position), None)
    _seat(user, agency.code, code)
    return user


def worker_named(agency: Agency, code: str, username: str, name: str) -> User:
    """One of several who hold a post, by the account's name; made where the cast has none of this name."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = _user(username, name, None)
        _seat(user, agency.code, code)
    return user


def sign_ins() -> list[str]:
    """One line per account of the cast, as `./run` prints them."""
    lines = []
    for user in User.objects.filter(is_demo=True, is_staff=True).order_by("date_joined"):
        if not user.has_usable_password():
            continue
        holding = user.holdings.select_related("position__agency").order_by("since", "acting").first()
        does = post_title(holding.position) if holding else roles_of(user)
        lines.append(f"{user.username} / {PASSWORD}  {does}")
    return lines


def roles_of(user: User) -> str:
    """The roles that somebody was given beside posts, in words, with their place."""
    given = Membership.objects.filter(user=user).order_by("since", "id")
    words = (
        f"{declared().roles[one.role].label} {one.area_code}".strip()
        for one in given
        if one.role in declared().roles
    )
    return ", ".join(words)


def _user(username: str, name: str, password: str | None) -> User:
    user = User(username=username, name=name[:120], is_staff=True, is_demo=True)
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save(force_insert=True)
    return user


def _seat(user: User, agency: str, code: str, acting: str = "") -> None:
    position = Position.objects.get(agency__code=agency, code=code)
    Holding.objects.create(position=position, user=user, since=SINCE, acting=acting)
