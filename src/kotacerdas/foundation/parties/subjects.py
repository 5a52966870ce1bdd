"""Subjects of papers, charges, scores and journal rows: `SUBJECTS = (Subject(...), ...)` in `subjects.py`.

A case, a book, an asset, a device, a letter: whoever holds a kind and an id finds its name, its page and whether
somebody may see it, without knowing the room or the program that owns it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.kernel.discover import discover
from kotacerdas.kernel.errors import Missing

Of = tuple[str, UUID]
MOST_FOUND = 20


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One kind of thing.

    kind     `<app>.<noun>`, as rows of the journal and papers name it
    label    the noun
    visible  those that somebody may see
    words    the name of one, as people call it
    url      its page at a desk; "" where it has none
    find     which of them tell of a text; None: the search does not look for them
    acts     what happens to them in words, by the last part of the verb
    """

    kind: str
    label: Any
    visible: Callable[[Grants], QuerySet[Any]]
    words: Callable[[Any], str]
    url: Callable[[Any], str]
    find: Callable[[str], Q] | None = None
    acts: Mapping[str, Any] = field(default_factory=dict)

    def act(self, verb: str) -> str:
        """A verb of the journal in words; its last part where nobody named it."""
        last = verb.rsplit(".", 1)[-1]
        return str(self.acts.get(last, last))


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One thing as somebody sees it: its kind, its name, and its page."""

    subject: Subject
    id: UUID
    words: str
    url: str


@lru_cache(maxsize=1)
def subjects() -> dict[str, Subject]:
    """All declared kinds by name. Raises LookupError when two share one."""
    found: dict[str, Subject] = {}
    for module in discover("subjects"):
        declared = getattr(module, "SUBJECTS", ())
        for one in declared() if callable(declared) else declared:
            if one.kind in found:
                raise LookupError(f"subject {one.kind} is declared twice")
            found[one.kind] = one
    return found


def seen(grants: Grants, named: Iterable[Of]) -> dict[UUID, Seen]:
    """The named subjects that somebody may see, by id; one query for each kind."""
    ids: dict[str, set[UUID]] = {}
    for kind, key in named:
        ids.setdefault(kind, set()).add(key)
    found: dict[UUID, Seen] = {}
    for kind, keys in ids.items():
        if (subject := subjects().get(kind)) is not None:
            found |= {one.id: one for one in _seen(subject, subject.visible(grants).filter(pk__in=keys))}
    return found


def seen_one(grants: Grants, kind: str, key: UUID) -> Seen:
    """One subject. Missing if its kind is unknown, it is gone, or the user may not see it."""
    found = seen(grants, [(kind, key)]).get(key)
    if found is None:
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
    return found


def found_by(grants: Grants, text: str) -> list[Seen]:
    """The subjects that match a text and that somebody may see; at most 20 of a kind."""
    text = text.strip()
    looked = [one for one in subjects().values() if one.find is not None] if text else []
    return [
        thing
        for one in looked
        if one.find is not None
        for thing in _seen(one, one.visible(grants).filter(one.find(text))[:MOST_FOUND])
    ]


def _seen(subject: Subject, rows: Iterable[Model]) -> Iterable[Seen]:
    for row in rows:
        yield Seen(subject=subject, id=row.pk, words=subject.words(row), url=subject.url(row))
