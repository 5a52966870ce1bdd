"""Defaults for programs that declare nothing else: a public timeline, a card, a page after sending."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.event_time import came_late
from kotacerdas.foundation.cases.kinds import NoteKind
from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, CaseParty, Note
from kotacerdas.foundation.following.present import public_tag, title_of
from kotacerdas.foundation.journal.queries import of_subject
from kotacerdas.foundation.ui.shapes import TimelineEntry
from kotacerdas.foundation.ui.shapes.portal import CaseCard


def timeline(case: Case, target: CaseParty | None, _party: CaseParty) -> list[TimelineEntry]:
    """The states it came to and the words that were written, newest first. Names nobody.

    Who only follows or was merged reads no words but their own; nobody reads what another party wrote.
    """
    lifecycle = lifecycle_of(case)
    kinds = {one.name: one for one in lifecycle.notes if one.speaker != "inside"}
    notes = case.notes.filter(kind__in=kinds) if target else case.notes.none()
    words = {note.journal_id: note for note in notes if target and _may_read(target, note, kinds[note.kind])}
    found = [TimelineEntry(kind="event", icon="inbox", at=case.opened_at, title=_("It came in"))]
    for row, _seal in of_subject(case.id):
        state, note = lifecycle.by_state.get(row.codes.get("state", "")), words.get(row.id)
        if row.verb != f"{case.kind}.receive" and state and state.name != row.codes.get("before"):
            title = state.public_label or state.label
            found.append(
                TimelineEntry(
                    kind="event", icon=state.icon, at=row.occurred_at, title=title, came=came_late(row)
                )
            )
        if note is not None:
            note_kind = kinds[note.kind]
            found.append(
                TimelineEntry(
                    kind="reporter" if note_kind.speaker == "party" else "public",
                    icon=note_kind.icon,
                    at=note.created_at,
                    title=note_kind.label,
                    body=note.body,
                    came=came_late(row),
                )
            )
    return found[::-1]


def _may_read(reader: CaseParty, note: Note, kind: NoteKind) -> bool:
    is_own_matter = reader.stands_for_id is None and kind.speaker == "public"
    return note.party_id == reader.id or note.is_published or is_own_matter


def card(party: CaseParty) -> CaseCard:
    """The case in a list of one's own: title, number, state."""
    case, url = party.case, reverse("following:follow", args=[link_token(party)])
    return CaseCard(
        url=url,
        title=title_of(case),
        number=case.number,
        tag=public_tag(case),
        opened_at=case.opened_at,
    )


def sent(party: CaseParty) -> tuple[str, dict[str, Any]]:
    """The number, and the way to the page of the case."""
    return "following/sent.html", {"case": party.case, "title": title_of(party.case)}


def nothing(*_given: object) -> dict[str, Any]:
    return {}


def no_acts(*_given: object) -> frozenset[str]:
    return frozenset()
