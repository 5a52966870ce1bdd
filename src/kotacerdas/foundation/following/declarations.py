"""What a program says of following one kind of its cases: `FOLLOWED = (Following(...),)` in its `followed.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.following import plain
from kotacerdas.foundation.ui.shapes import TimelineEntry
from kotacerdas.foundation.ui.shapes.portal import CaseCard
from kotacerdas.kernel.discover import discover
from kotacerdas.kernel.errors import Words

if TYPE_CHECKING:
    from kotacerdas.foundation.following.forms import FollowForm


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that a follower may do on the page of a case: answer, rate, reopen.

    slug   in its address
    form   what it asks for; photos  whether photos go with it
    check  raises Refused for a party that may never do it
    run    (actor, party, given, photos): the action
    asked  the kind of note it is an answer to: it is done once for each of them
    gives  the kind of note that it makes; "" for a rating
    """

    name: str
    slug: str
    form: type[FollowForm]
    check: Callable[[CaseParty], None]
    run: Callable[..., object]
    asked: str
    gives: str = ""
    photos: bool = False


@dataclass(frozen=True, kw_only=True)
class Following:
    """One kind of case as those it concerns follow it.

    acting     roles of parties whose own matter it is, the one that may do most first; others only follow
    acts       what they may do; open_acts  the names of those that the case allows now
    template   extends `following/follow.html`; context  what it needs besides
    timeline   what happened, newest first, as (case, the party one acts as, the party one came as) may read it
    card       in a list of one's own
    sent       template and context of the page after sending
    papers     kinds of papers of the case that they fetch from its page, the newest first
    link       the message that sends a party their link once more
    first      the messages that a number hears before it is proved
    related    what of the program's own rows is read with each party
    prefetch   what of the case a card reads besides, for all cards of a list at once
    too_many_photos  says that at most `%(most)d` fit

    What is not said is shown as `plain` does it.
    """

    kind: str
    acting: tuple[str, ...]
    link: str
    acts: tuple[Act, ...] = ()
    open_acts: Callable[[Case, CaseParty | None], frozenset[str]] = plain.no_acts
    template: str = "following/follow.html"
    context: Callable[[Case, CaseParty, CaseParty | None], dict[str, Any]] = plain.nothing
    timeline: Callable[[Case, CaseParty | None, CaseParty], list[TimelineEntry]] = plain.timeline
    card: Callable[[CaseParty], CaseCard] = plain.card
    sent: Callable[[CaseParty], tuple[str, dict[str, Any]]] = plain.sent
    papers: tuple[str, ...] = ()
    first: frozenset[str] = frozenset()
    main_clock: str = ""
    too_many_photos: Words = ""
    related: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()
    by_slug: Mapping[str, Act] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_slug", {act.slug: act for act in self.acts})


@lru_cache(maxsize=1)
def followings() -> dict[str, Following]:
    """All kinds of cases that are followed, from each app's `followed.py`."""
    found: dict[str, Following] = {}
    for module in discover("followed"):
        for one in getattr(module, "FOLLOWED", ()):
            if one.kind in found:
                raise LookupError(f"{one.kind} is followed twice")
            found[one.kind] = one
    return found


def following_of(party: CaseParty) -> Following:
    """How the kind of a party's case is followed. LookupError for a kind that is not."""
    return followings()[party.case.kind]
