"""What following shows where a program says nothing else: the steps with their public words, a card, a page after sending."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.following.present import public_tag, title_of
from kotacerdas.foundation.journal.queries import of_subject
from kotacerdas.foundation.ui.shapes import TimelineEntry
from kotacerdas.foundation.ui.shapes.portal import CaseCard


def timeline(case: Case, target: CaseParty | None, _party: CaseParty) -> list[TimelineEntry]:
    """The steps that changed the state or brought words, newest first. Names nobody; who only follows reads no words."""
    lifecycle = lifecycle_of(case)
    kinds = [one.name for one in lifecycle.notes if one.speaker != "inside"]
    words = dict(case.notes.filter(kind__in=kinds).values_list("journal_id", "body")) if target else {}
    found = [TimelineEntry(kind="event", icon="inbox", at=case.opened_at, title=_("It came in"))]
    for row, _seal in of_subject(case.id):
        step = lifecycle.by_step.get(row.verb.removeprefix(f"{case.kind}."))
        body = words.get(row.id, "")
        if step is not None and (body or row.codes.get("state") != row.codes.get("before")):
            found.append(
                TimelineEntry(
                    kind="public" if body else "event",
                    icon=step.icon,
                    at=row.occurred_at,
                    title=step.done,
                    body=body,
                )
            )
    return found[::-1]


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
