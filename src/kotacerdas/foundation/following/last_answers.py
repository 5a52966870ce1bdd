"""The last answers of a follower, so that the browser knows which of its stored copies have arrived."""

from __future__ import annotations

from uuid import UUID, uuid5

from kotacerdas.foundation.cases.models import CaseParty, Feedback, Note
from kotacerdas.foundation.following.declarations import Act, following_of


def last_answers(party: CaseParty | None) -> dict[str, str]:
    """The last answer to each act as one text; a rating stands before its words."""
    return {} if party is None else {act.name: _text(_last(party, act)) for act in following_of(party).acts}


def act_id(party: CaseParty, act: Act) -> UUID | None:
    """The id of the command that an act is: one for each note that asked for it. None before anything asked."""
    asked = party.case.notes.filter(kind=act.asked).order_by("-created_at", "-id").first()
    return uuid5(asked.id, f"{act.name}.{party.id}") if asked is not None else None


def photos_of_last(party: CaseParty, act: Act) -> set[str]:
    """The hashes of the photos that went with what was said last."""
    last = _last(party, act)
    return set(last.files.values_list("file__sha256", flat=True)) if isinstance(last, Note) else set()


def _last(party: CaseParty, act: Act) -> Note | Feedback | None:
    if not act.gives:
        return party.case.feedback.filter(party=party).order_by("-at").first()
    return party.case.notes.filter(kind=act.gives, party=party).order_by("-created_at").first()


def _text(one: Note | Feedback | None) -> str:
    if isinstance(one, Feedback):
        return f"{one.rating}{one.words}"
    return one.body if one is not None else ""
