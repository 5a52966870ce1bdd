"""What the reporter of a report reads and may do on its page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.cases.queries import badge
from kotacerdas.foundation.cases.ratings import FACES
from kotacerdas.foundation.following.present import nearest_promise, place_of, public_tag, title_of
from kotacerdas.foundation.following.queries import end_of
from kotacerdas.foundation.ui.shapes import Photo
from kotacerdas.foundation.ui.shapes.portal import CaseCard
from kotacerdas.foundation.ui.tags.words import day
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.lifecycles import AT_WORK, UNDECIDED, S
from kotacerdas.programs.iceta.public import present
from kotacerdas.programs.iceta.public.story import STORY
from kotacerdas.programs.iceta.queries import report_of


def context(case: Case, party: CaseParty, target: CaseParty | None) -> dict[str, Any]:
    """What the page of a report shows besides."""
    report = report_of(case)
    question = _last_note(case, "question")
    rated = _rated(case, target)
    return {
        "stopped": case.state == S.WAITING,
        "is_joined": party.role == "joined",
        "is_merged": target is not None and target.role == "merged",
        "in_danger": case.priority == "emergency" and case.state in UNDECIDED | AT_WORK,
        "faces": [(value, *face) for value, face in FACES.items()],
        "question": question.body if question else "",
        "answer_by": case.clocks.filter(name="reply", state="running")
        .values_list("due_at", flat=True)
        .first(),
        "rated": FACES[rated.rating] if rated and case.state in (S.RESOLVED, S.CLOSED) else None,
        "reopen_day": day(report.reopen_until) if report.reopen_until else "",
    }


def open_acts(case: Case, target: CaseParty | None) -> frozenset[str]:
    """What the reporter may do now: answer, rate, reopen."""
    is_reporter = target is not None and target.role == "reporter"
    until = report_of(case).reopen_until
    may_reopen = case.state in (S.RESOLVED, S.CLOSED) and until is not None and clock.now() <= until
    asked = case.state == S.WAITING and _last_note(case, "question") is not None
    given = {
        "answer": is_reporter and asked,
        "rate": _rated(case, target) is None and _may_rate(case, target),
        "reopen": is_reporter and may_reopen,
    }
    return frozenset(name for name, is_open in given.items() if is_open)


def card(party: CaseParty) -> CaseCard:
    """One report in a list of one's own."""
    case = end_of(party.case)
    promise = nearest_promise(case)
    return CaseCard(
        url=reverse("following:follow", args=[link_token(party)]),
        title=title_of(case),
        number=case.number,
        tag=public_tag(case),
        opened_at=party.case.opened_at,
        is_joined=party.role == "joined",
        place=place_of(case),
        photo=_first_photo(case, party),
        stages=present.way(case),
        badge=badge(promise) if promise else None,
        promise=present.promise_words(promise) if promise else "",
    )


def sent(party: CaseParty) -> tuple[str, dict[str, Any]]:
    """The page after sending: number, what happens now and until when, the secret link."""
    case = party.case
    return "iceta/public/sent.html", {
        "case": case,
        "is_joined": party.role != "reporter",
        "promises": present.promises(case) if case.state in ("received", "assigned") else [],
        "link": settings.PUBLIC_URL + reverse("following:follow", args=[link_token(party)]),
        "is_proved": party.is_proved,
        "phone": party.phone_masked,
        "title": title_of(case),
    }


def _last_note(case: Case, kind: str) -> Any:
    return case.notes.filter(kind=kind).order_by("-created_at").first()


def _rated(case: Case, target: CaseParty | None) -> Any:
    """The rating of the result as it stands; one of an earlier result does not count."""
    rated = case.feedback.filter(party=target).order_by("-at").first() if target else None
    resolution = _last_note(case, "resolution")
    is_of_now = rated is not None and resolution is not None and rated.at >= resolution.created_at
    return rated if is_of_now else None


def _may_rate(case: Case, target: CaseParty | None) -> bool:
    """The reporter as long as their rating closes; who was merged as long as they read the result."""
    if target is None:
        return False
    return case.state == S.RESOLVED or (case.state == S.CLOSED and target.role != "reporter")


def _first_photo(case: Case, party: CaseParty) -> Photo | None:
    report = case.report
    if not (STORY.is_own(party, case) or report.photos_published):
        return None
    shown = (one for one in case.files.all() if not one.is_inside and one.note_id is None)
    first = min(shown, key=lambda one: (one.added_at, one.id), default=None)
    return STORY.photo(first) if first is not None else None
