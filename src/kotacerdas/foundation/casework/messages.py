"""Messages to the posts that work on a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.registry import page_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify import declarations as notify
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.kernel.errors import Words

PRESSING = ("emergency", "urgent")  # priorities of which people are told at any hour
OFFICE_POSTS = ("liaison", "coordinator")


def notify_post(
    case: Case, row: Row, agency: Agency, template: str, *, position: Position | None = None
) -> None:
    """Tell the post that holds the work, else the agency's liaison (or its coordinator)."""
    offices = agency.positions.filter(code__in=OFFICE_POSTS, closed_on=None)
    post = position or offices.order_by("-code").first()
    if post is not None:
        send(row_id=row.id, template=template, to=("position", post.id), args={"case": case.id})


def to_post(subject: Words, text: Words) -> Callable[[UUID, Mapping[str, Any]], notify.Words | None]:
    """A message template for a post. Texts may name `%(number)s`, `%(title)s` and `%(agency)s`."""

    def compose(recipient: UUID, args: Mapping[str, Any]) -> notify.Words | None:
        case = Case.objects.select_related("lead_agency").filter(id=str(args.get("case"))).first()
        if case is None:
            return None
        facts = facts_of(case)
        body = f"{str(text) % facts} {settings.PUBLIC_URL}{page_of(case)}"
        return notify.Words(subject=str(subject) % facts, body=body)

    return compose


def is_pressing(recipient: UUID, args: Mapping[str, Any]) -> bool:
    """Whether a post is told of something that is urgent: that goes at any hour."""
    return Case.objects.filter(id=str(args.get("case")), priority__in=PRESSING).exists()


def facts_of(case: Case) -> dict[str, str]:
    """The values that message texts may name: number, title and agency of a case."""
    agency = case.lead_agency.short_name if case.lead_agency else ""
    return {"number": case.number, "title": lifecycle_of(case).title(case.title_code), "agency": agency}
