"""A report at the desk: its place, its marks, its columns and the words of its clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case, CaseClock, Note
from kotacerdas.foundation.casework.declarations import Cell
from kotacerdas.foundation.casework.names import area_names, channel, place_names
from kotacerdas.foundation.casework.photos import pair_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.ui.shapes import Tag
from kotacerdas.foundation.ui.tags.words import day, daytime
from kotacerdas.kernel.texts import isolated
from kotacerdas.programs.iceta.lifecycles import KIND, S
from kotacerdas.programs.iceta.lifecycles.kinds import AFTER, BEFORE, RESOLUTION, SUPPORT

ASKS_SUPPORT = ("support", "support_at_verification", "support_at_desk")

if TYPE_CHECKING:
    from kotacerdas.foundation.casework.present import Shown


def village(case: Case) -> Cell:
    """The column of the village, its district under it."""
    name, district = place_names(case.area_code)
    return Cell(text=name or _("place not known"), small=district)


def way(case: Case) -> Cell:
    """The column of the way a report came."""
    icon, word = channel(case.channel)
    return Cell(text=word, icon=icon)


def place(case: Case, words: bool = True) -> str:
    """Landmark, village and district, as people say them; the landmark stands among the words."""
    names = [isolated(case.report.place_words) if words else "", *area_names(case)]
    return ", ".join(name for name in names if name)


def marks(case: Case) -> list[Tag]:
    """What must be seen at once: reopened, secret, anonymous."""
    report, found = case.report, []
    if case.state in (S.IN_PROGRESS, S.WAITING, S.RETURNED) and report.reopen_until is not None:
        found.append(Tag(text=_("Reopened"), tone="laut", icon="rotate-ccw"))
    if not case.area_code and case.closed_at is None:
        found.append(Tag(text=_("Place not known"), tone="terasi", icon="map-pin"))
    if report.is_secret:
        found.append(Tag(text=_("Secret"), icon="eye-off"))
    if report.is_anonymous:
        found.append(Tag(text=_("Anonymous"), icon="user-round-x"))
    return found


def context(case: Case, seen: Shown) -> Mapping[str, Any]:
    """Before and after the work, and what is asked of a supporting agency, for whoever reads more than codes."""
    if not seen.parties:
        return {}
    return {
        "asked": _asked(case, seen),
        "pair": SimpleLazyObject(lambda: pair_of(case, first=BEFORE.name, last=AFTER.name)),
    }


def _asked(case: Case, seen: Shown) -> list[dict[str, Any]]:
    """What was asked of the reader's own agencies that support: by whom, in which words, if any, and when they answered."""
    own = {
        one.agency.code
        for one in seen.parts
        if one.role == SUPPORT.name and one.agency_id in seen.grants.agency_ids
    }
    if not own:
        return []
    asks = [f"{KIND}.{step}" for step in ASKS_SUPPORT]
    story = Row.objects.filter(subject_id=case.id).order_by("recorded_at")
    asked = {code: row for row in story.filter(verb__in=asks) if (code := row.payload.get("support")) in own}
    answers = {row.codes.get("actor_agency"): row for row in story.filter(verb=f"{KIND}.support_note")}
    written = [row.id for row in asked.values()]
    notes = Note.objects.filter(case=case, journal_id__in=written).select_related("position__agency")
    found = {note.journal_id: note for note in notes}
    told = []
    for code, row in asked.items():
        note, answer = found.get(row.id), answers.get(code)
        told.append(
            {
                "who": note.position.agency.short_name if note and note.position else "",
                "words": note.body if note else "",
                "answered_at": answer.occurred_at
                if answer and answer.recorded_at >= row.recorded_at
                else None,
            }
        )
    return told


def clock_label(case: Case, one: CaseClock) -> str:
    """The reporter's clock waits for an answer to a question, or for a rating of a result."""
    if one.name != "reply":
        return ""
    rates = case.notes.filter(kind=RESOLUTION, created_at=one.started_at).exists()
    return _("Reporter's rating") if rates else ""


def clock_note(case: Case, one: CaseClock, clocks: Sequence[CaseClock]) -> str:
    """Why a clock stands still, and what ends that."""
    since = daytime(one.paused_at)
    if case.state == S.POSTPONED:
        until = day(case.report.postponed_until)
        return _("Postponed since %(since)s. It runs again on %(until)s.") % {"since": since, "until": until}
    words = _("Awaiting the reporter since %(since)s. It runs again when they answer") % {"since": since}
    closes = next((each.due_at for each in clocks if each.name == "reply" and each.state == "running"), None)
    if closes is None:
        return f"{words}."
    return words + _("; the case closes by itself on %(closes)s without an answer.") % {"closes": day(closes)}
