"""What a reporter's page and card show of the case they follow."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.cases.queries import badge
from kotacerdas.foundation.files.queries import of_draft
from kotacerdas.foundation.ui.shapes import CaseHead, Photo, TimelineEntry
from kotacerdas.foundation.ui.shapes.portal import CaseCard
from kotacerdas.foundation.ui.tags.words import day
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.actions.following import ACTING_ROLES
from kotacerdas.programs.iceta.lifecycles import AT_WORK, UNDECIDED, S
from kotacerdas.programs.iceta.models import Report
from kotacerdas.programs.iceta.public import present
from kotacerdas.programs.iceta.public.drafts import new_key
from kotacerdas.programs.iceta.public.forms_follow import FOLLOW_FORMS, FollowForm
from kotacerdas.programs.iceta.public.story import first_of, is_own, own_words, photo_of, story
from kotacerdas.programs.iceta.public.taken import taken
from kotacerdas.programs.iceta.queries import end_of, report_of
from kotacerdas.programs.iceta.ratings import FACES


def followed_case(party: CaseParty) -> Case:
    """The case a party follows: the one at the end of the merges of their report, else their own."""
    return end_of(party.case)


def target_of(party: CaseParty) -> CaseParty | None:
    """The party as which the follower acts there: the one that stands for theirs. None for who only joined.

    It is found by the merges alone, never by a number: whoever types another's number gets no right over their report.
    """
    if party.role not in ACTING_ROLES:
        return None
    found: CaseParty | None = party
    while found is not None and found.case.merged_into_id is not None:
        found = found.stand_ins.select_related("case__lead_agency", "person").first()
    return found


def page(party: CaseParty) -> dict[str, Any]:
    """Context of the page behind a secret link."""
    case = followed_case(party)
    report = report_of(case)
    target = target_of(party)
    place, agency = present.place_of(case), case.lead_agency.short_name if case.lead_agency else ""
    handled = _("Handled by %(agency)s") % {"agency": agency} if agency else ""
    bar = present.clock_bar_of(case)
    return {
        "token": link_token(party),
        "taken": json.dumps(taken(target)),
        "kept_as": f"{party.id.hex}.{party.link_version}",  # as in `mine`: the browser keeps no link
        "case": case,
        "head": CaseHead(
            number=case.number,
            title=present.title_of(case),
            tag=present.public_tag(case),
            place=". ".join(filter(None, (place, handled))),
        ),
        "bar": bar[0] if bar else None,
        "clock": bar[1] if bar else None,
        "stopped": case.state == S.WAITING and bar is not None and bar[1].state == "paused",
        "entries": _entries(case, report, party, target),
        "merged_from": first_of(party).case.number if first_of(party).case_id != case.id else "",
        "is_joined": party.role == "joined",
        "is_merged": target is not None and target.role == "merged",
        "in_danger": case.priority == "emergency" and case.state in UNDECIDED | AT_WORK,
        "faces": [(value, *face) for value, face in FACES.items()],
        **_asked(case, report, target),
    }


def _entries(case: Case, report: Report, party: CaseParty, target: CaseParty | None) -> list[TimelineEntry]:
    told = story(case, report, target or party)
    if first_of(party).case_id != case.id and party.role in ACTING_ROLES:
        told = sorted([*told, own_words(party)], key=lambda one: one.at, reverse=True)
    return told


def forms_of(context: dict[str, Any], what: str, sent: FollowForm | None) -> dict[str, Any]:
    """The forms of a page by name, as far as it asks for them; the one that was sent, with its errors."""
    shown = {
        "answer": bool(context["question"]),
        "rate": context["may_rate"],
        "reopen": context["may_reopen"],
    }
    forms = {name: FOLLOW_FORMS[name](initial={"key": new_key()}) for name, asked in shown.items() if asked}
    if sent is None or what not in forms:
        return forms
    return {**forms, what: sent, "photos_wait": len(of_draft(sent.data.get("key", "")))}


def card(party: CaseParty) -> CaseCard:
    """One report in a list of one's own."""
    case = followed_case(party)
    promise = present.nearest_promise(case)
    return CaseCard(
        url=reverse("iceta:follow", args=[link_token(party)]),
        title=present.title_of(case),
        number=case.number,
        tag=present.public_tag(case),
        opened_at=party.case.opened_at,
        is_joined=party.role == "joined",
        place=present.place_of(case),
        photo=_first_photo(case, party),
        stages=present.way(case),
        badge=badge(promise) if promise else None,
        promise=present.promise_words(promise) if promise else "",
    )


def _asked(case: Case, report: Report, target: CaseParty | None) -> dict[str, Any]:
    """What the reporter may do now: answer, rate, reopen."""
    now = clock.now()
    may_act = target is not None and target.role == "reporter"
    question = case.notes.filter(kind="question").order_by("-created_at").first()
    reopen_until = report.reopen_until
    rated = case.feedback.filter(party=target).order_by("-at").first() if target else None
    resolution = case.notes.filter(kind="resolution").order_by("-created_at").first()
    if rated is not None and (resolution is None or rated.at < resolution.created_at):
        rated = None  # it was about an earlier result
    may_reopen = case.state in (S.RESOLVED, S.CLOSED) and reopen_until is not None and now <= reopen_until
    return {
        "question": question.body if may_act and case.state == S.WAITING and question else "",
        "answer_by": case.clocks.filter(name="reply", state="running")
        .values_list("due_at", flat=True)
        .first(),
        "may_rate": rated is None and _may_rate(case, target),
        "rated": FACES[rated.rating] if rated and case.state in (S.RESOLVED, S.CLOSED) else None,
        "may_reopen": may_act and may_reopen,
        "reopen_day": day(reopen_until) if reopen_until else "",
    }


def _may_rate(case: Case, target: CaseParty | None) -> bool:
    """The reporter as long as their rating closes; who was merged as long as they read the result."""
    if target is None:
        return False
    return case.state == S.RESOLVED or (case.state == S.CLOSED and target.role != "reporter")


def _first_photo(case: Case, party: CaseParty) -> Photo | None:
    report = case.report
    if not (is_own(party, case.id) or report.photos_published):
        return None
    first = case.files.filter(is_inside=False, note=None).select_related("file").order_by("added_at").first()
    return photo_of(first) if first is not None else None
