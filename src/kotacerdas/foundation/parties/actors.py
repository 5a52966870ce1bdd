"""The one who acts: every action's first argument."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from kotacerdas.foundation.parties.grants import NOBODY, Grants, gives, grants_of
from kotacerdas.foundation.parties.models import ContactPoint, Person, Position, User
from kotacerdas.foundation.parties.posts import post_name

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A staff member in a post, a reporter (known or not), or the system itself.

    happened_at  when they did it, where that is not now: it waited in a phone's outbox
    """

    kind: str  # "staff" | "reporter" | "system"
    user: User | None = None
    position: Position | None = None
    person: Person | None = None
    contact: ContactPoint | None = None
    grants: Grants = field(default=NOBODY)
    happened_at: datetime | None = None

    @property
    def code(self) -> str:
        """The actor's code in the journal: a post by its codes, never a person's name."""
        if self.position is not None:
            return post_name(self.position)
        if self.kind == "staff" and self.user is not None:
            return f"user:{self.user.id}"
        return self.kind

    @property
    def codes(self) -> tuple[str, ...]:
        """The actor's codes in the journal, today's and the older ones, for finding their rows."""
        return (self.code, *([f"position:{self.position.id}"] if self.position is not None else []))

    @property
    def acting(self) -> str:
        """ "plt" or "plh" for who stands in for a post's holder today; "" for the holder."""
        return self.grants.acting.get(self.position.id, "") if self.position is not None else ""


SYSTEM = Actor(kind="system")


def staff(user: User, *, position: Position | None = None) -> Actor:
    """A signed-in staff member, acting from one of the posts held today (the first by default)."""
    grants = grants_of(user)
    own = position if position in grants.positions else next(iter(grants.positions), None)
    return Actor(kind="staff", user=user, position=own, grants=grants)


def in_post(actor: Actor, permissions: Iterable[str], agencies: Iterable[UUID | None] = ()) -> Actor:
    """The actor in the first of their posts that gives one of these permissions there, so that the journal names it.

    Their present post comes first, and stays where none gives it.
    """
    wanted, there = frozenset(permissions), frozenset(agencies)
    posts = sorted(actor.grants.positions, key=lambda one: one != actor.position)
    right = next((one for one in posts if gives(one, wanted, there)), actor.position)
    return replace(actor, position=right)


def reporter(
    person: Person | None = None,
    user: User | AnonymousUser | None = None,
    *,
    contact: ContactPoint | None = None,
) -> Actor:
    """A citizen: by secret link (nobody known), by phone, or signed in; `contact` is proved theirs."""
    known = user if isinstance(user, User) else None
    return Actor(kind="reporter", user=known, person=person, contact=contact, grants=grants_of(known))
