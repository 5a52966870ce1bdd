"""What a reporter said on the page of their report and we have: pressed again since the answer was lost, it is said once."""

from __future__ import annotations

from datetime import datetime

from kotacerdas.foundation.cases.models import CaseParty, Feedback, Note
from kotacerdas.foundation.files.queries import of_draft
from kotacerdas.programs.iceta.lifecycles.kinds import ANSWER, QUESTION, REOPENING, RESOLUTION

_KIND = {"answer": ANSWER, "reopen": REOPENING}
_ASKED_BY = {
    "answer": QUESTION,
    "rate": RESOLUTION,
    "reopen": RESOLUTION,
}


def taken(party: CaseParty | None) -> dict[str, str]:
    """What the party said last in each form of the page, as one text a form: a rating goes before its words."""
    return {} if party is None else {what: _text(_last(party, what)) for what in _ASKED_BY}


def is_taken(party: CaseParty | None, what: str, said: str, key: str) -> bool:
    """Whether the party said this since they were asked, with all the photos that wait under `key`."""
    last = _last(party, what) if party is not None else None
    if party is None or last is None or _text(last) != said:
        return False
    asked = party.case.notes.filter(kind=_ASKED_BY[what]).order_by("-created_at").first()
    if asked is not None and _at(last) < asked.created_at:
        return False
    files = set(last.files.values_list("file__sha256", flat=True)) if isinstance(last, Note) else set()
    return {one.sha256 for one in of_draft(key)} <= files


def _last(party: CaseParty, what: str) -> Note | Feedback | None:
    if what == "rate":
        return party.case.feedback.filter(party=party).order_by("-at").first()
    return party.case.notes.filter(kind=_KIND[what], party=party).order_by("-created_at").first()


def _text(one: Note | Feedback | None) -> str:
    if isinstance(one, Feedback):
        return f"{one.rating}{one.words}"
    return one.body if one is not None else ""


def _at(one: Note | Feedback) -> datetime:
    return one.at if isinstance(one, Feedback) else one.created_at
