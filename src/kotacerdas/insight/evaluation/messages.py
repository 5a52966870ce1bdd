"""What citizens drawn into a survey are told, and agencies with items in a round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.notify.declarations import Template, Words
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.insight.evaluation.models import Invitation, Round
from kotacerdas.insight.evaluation.survey.actions import link_of


def _invited(recipient: UUID, args: Mapping[str, Any]) -> Words | None:
    """None when it was answered meanwhile, or the round is closed."""
    found = (
        Invitation.objects.filter(id=str(args.get("invitation")), is_used=False)
        .select_related("survey__programme", "survey__round")
        .first()
    )
    if found is None or found.survey.round.state == Round.State.CLOSED:
        return None
    body = _("How were you served by %(programme)s? Nine short questions, without your name: %(link)s") % {
        "programme": found.survey.programme.name,
        "link": link_of(found),
    }
    return Words(subject=_("How were you served?"), body=body)


def notify_agency(agency: Agency, row: Row, template: str, round: Round) -> None:
    """Tell an agency's liaison, or its head where it has none."""
    posts = agency.positions.filter(code__in=("liaison", "head"), closed_on=None).order_by("-code")
    if (post := posts.first()) is not None:
        send(row_id=row.id, template=template, to=("position", post.id), args={"round": round.id})


def notify_head(agency: Agency, row: Row, round: Round) -> None:
    """Tell the head of an agency that an item with it is overdue."""
    if (post := agency.positions.filter(code="head", closed_on=None).first()) is not None:
        send(row_id=row.id, template="evaluation.overdue", to=("position", post.id), args={"round": round.id})


def _overdue(recipient: UUID, args: Mapping[str, Any]) -> Words | None:
    """None when nothing of the round is overdue any more."""
    round = Round.objects.filter(id=str(args.get("round"))).first()
    if round is None or not round.items.exclude(overdue_at=None).exists():
        return None
    body = _("An item of round %(round)s with your agency is past its deadline:") % {"round": round.slug}
    link = f"{settings.PUBLIC_URL}{reverse('evaluation:round', args=[round.slug])}"
    return Words(subject=_("Smart-city evaluation %(year)s") % {"year": round.year}, body=f"{body} {link}")


def _escalated(recipient: UUID, args: Mapping[str, Any]) -> Words | None:
    """None when the recommendation was carried out meanwhile."""
    case = Case.objects.filter(id=str(args.get("case")), closed_at=None).first()
    if case is None:
        return None
    body = _("The recommendation %(number)s is past its deadline:") % {"number": case.number}
    link = f"{settings.PUBLIC_URL}{reverse('evaluation:recommendation', args=[case.number])}"
    return Words(subject=case.number, body=f"{body} {link}")


def _restored(recipient: UUID, args: Mapping[str, Any]) -> Words | None:
    case = Case.objects.filter(id=str(args.get("case"))).first()
    if case is None:
        return None
    body = _("The recommendation %(number)s met its deadline after all, the news of it came late:")
    link = f"{settings.PUBLIC_URL}{reverse('evaluation:recommendation', args=[case.number])}"
    return Words(subject=case.number, body=f"{body % {'number': case.number}} {link}")


def _to_agency(text: Callable[[Round, int], str]) -> Callable[[UUID, Mapping[str, Any]], Words | None]:
    """Words for a post about the items of its agency that wait; None when none does any more."""

    def compose(recipient: UUID, args: Mapping[str, Any]) -> Words | None:
        round = Round.objects.filter(id=str(args.get("round"))).first()
        post = Position.objects.filter(id=recipient).first()
        if round is None or post is None:
            return None
        waiting = round.items.filter(agency=post.agency_id, state__in=("invited", "returned")).count()
        if not waiting or round.state != Round.State.ASSESSING:
            return None
        link = f"{settings.PUBLIC_URL}{reverse('evaluation:round', args=[round.slug])}"
        return Words(
            subject=_("Smart-city evaluation %(year)s") % {"year": round.year},
            body=f"{text(round, waiting)} {link}",
        )

    return compose


TEMPLATES = (
    Template(name="evaluation.survey", compose=_invited, at_once=False),
    Template(name="evaluation.overdue", compose=_overdue, at_once=False),
    Template(name="evaluation.escalated", compose=_escalated, at_once=False),
    Template(name="evaluation.restored", compose=_restored, at_once=False),
    Template(
        name="evaluation.invited",
        compose=_to_agency(
            lambda round, n: (
                _("Your agency is invited to fill in %(n)d items of round %(round)s:")
                % {"n": n, "round": round.slug}
            )
        ),
        at_once=False,
    ),
    Template(
        name="evaluation.returned",
        compose=_to_agency(
            lambda round, n: (
                _("The programme team sent an item of round %(round)s back; %(n)d wait for you:")
                % {"n": n, "round": round.slug}
            )
        ),
        at_once=False,
    ),
)
