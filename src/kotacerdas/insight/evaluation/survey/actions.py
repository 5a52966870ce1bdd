"""A survey opened, its sample drawn, answers taken: by link, by telephone, at the counter."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.contacts import contact_of
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.insight.evaluation.instruments.queries import scoring_of
from kotacerdas.insight.evaluation.models import Answer, Instrument, Invitation, Programme, Round, Survey
from kotacerdas.insight.evaluation.permissions import RUN, SURVEY
from kotacerdas.insight.evaluation.rounds.shared import only_before_closing
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid

LONGEST, MOST_DRAWN = 2000, 500


def survey_open(
    *, actor: Actor, round: Round, programme: Programme, instrument: Instrument, is_demo: bool = False
) -> Survey:
    """Open a survey of one programme in a round. Raises Refused, Invalid, Conflict."""
    require(actor.grants, RUN, agencies=())
    if instrument.kind != Instrument.Kind.SURVEY:
        raise Invalid(
            _("The survey was not opened."), fields={"instrument": _("Choose an instrument for citizens.")}
        )
    with transaction.atomic():
        only_before_closing(round)
        served = parties_served(round, programme).values("case").distinct().count()
        try:
            with transaction.atomic():
                made = Survey.objects.create(
                    round=round,
                    programme=programme,
                    instrument=instrument,
                    served=served,
                    is_demo=is_demo,
                    opened_at=clock.now(),
                )
        except IntegrityError:
            raise Conflict(
                _("This programme has a survey in this round already."), remedy=_("Open that one.")
            ) from None
        _note("survey.opened", made, actor, {"served": served})
    return made


def sample_draw(*, actor: Actor, survey: Survey, count: int) -> int:
    """Draw so many served citizens at random, each case once, and send whoever is reachable a link; how many.

    Who was drawn is known by their case; what they answer is not. Raises Refused, Invalid, Conflict.
    """
    require(actor.grants, RUN, agencies=())
    if not 1 <= count <= MOST_DRAWN:
        raise Invalid(
            _("Nobody was drawn."),
            fields={"count": _("Draw 1 to %(most)d at a time.") % {"most": MOST_DRAWN}},
        )
    with transaction.atomic():
        only_before_closing(survey.round)
        asked = Invitation.objects.filter(survey=survey).values("party__case")
        free = list(
            parties_served(survey.round, survey.programme)
            .exclude(case__in=asked)
            .order_by("case_id", "since")
            .distinct("case_id")
            .select_related("person")
        )
        chosen = SystemRandom().sample(free, min(count, len(free)))
        row = _note("survey.drawn", survey, actor, {"drawn": len(chosen), "of": len(free)})
        for party in chosen:
            _invite(survey, party, row)
    return len(chosen)


def answer_give(
    *,
    actor: Actor,
    survey: Survey,
    channel: str,
    scores: Mapping[str, int],
    words: str = "",
    invitation: Invitation | None = None,
) -> Answer:
    """Take one answer. An invitation is used once; the answer keeps no way back to it.

    Raises Refused, Invalid with the elements that are wrong, Conflict for a second answer or after the closing.
    """
    if channel != Answer.Channel.LINK:
        require(actor.grants, SURVEY, agencies=actor.grants.agency_ids)
    elif invitation is None:
        raise Invalid(_("The answer was not stored."), fields={"": _("This link is not one of this survey.")})
    known = scoring_of(survey.instrument, survey.round.year)
    allowed = {int(one) for one in known.values() if one.denominator == 1}
    wrong = {
        code: _("Choose one of the four answers.")
        for code, value in scores.items()
        if code not in known.weights or value not in allowed
    }
    if not scores:
        wrong["elements"] = _("Answer at least one question.")
    if len(words) > LONGEST:
        wrong["words"] = _("At most %(most)d letters.") % {"most": LONGEST}
    if wrong:
        raise Invalid(_("The answer was not stored."), fields=wrong)
    with transaction.atomic():
        only_before_closing(Round.objects.get(pk=survey.round_id))
        if invitation is not None and not Invitation.objects.filter(
            pk=invitation.pk, survey=survey, is_used=False
        ).update(is_used=True):
            raise Conflict(
                _("This invitation was answered already. Thank you."),
                remedy=_("One answer for each invitation."),
            )
        made = Answer.objects.create(
            id=secrets.token_hex(16),
            survey=survey,
            channel=channel,
            scores=dict(scores),
            words=words.strip(),
            day=clock.today(),
        )
        _note("answer.given", survey, actor, {"channel": channel})
    return made


def parties_served(round: Round, programme: Programme) -> QuerySet[CaseParty]:
    """Citizens whose case of a programme was closed in the round's year and who can be reached."""
    first, last = date(round.year, 1, 1), date(round.year, 12, 31)
    return CaseParty.objects.filter(
        case__kind__startswith=f"{programme.code}.",
        case__closed_at__date__range=(first, last),
        person__isnull=False,
    )


def token_of(invitation: Invitation) -> str:
    """The secret of an invitation's link: derived, never stored."""
    return keyring().blind("evaluation.survey", str(invitation.id))[:40]


def hash_of(token: str) -> str:
    """What is stored of a token: enough to find it, too little to use it."""
    return keyring().blind("evaluation.survey.hash", token)


def link_of(invitation: Invitation) -> str:
    """The absolute address of an invitation."""
    return f"{settings.PUBLIC_URL}/survei/{token_of(invitation)}/"


def _invite(survey: Survey, party: CaseParty, row: Row) -> None:
    made = Invitation(id=ids.new_id(), survey=survey, party=party)
    made.link_hash = hash_of(token_of(made))
    made.save(force_insert=True)
    contact = contact_of(party)
    if contact is not None:
        send(
            row_id=row.id,
            template="evaluation.survey",
            to=("party", party.id),
            args={"invitation": made.id},
            contact=contact,
        )


def _note(step: str, survey: Survey, actor: Actor, payload: dict[str, Any]) -> Row:
    return append(
        verb=f"evaluation.{step}",
        subject=("evaluation.survey", survey.id),
        actor=actor.code,
        codes={"round": survey.round.slug, "year": survey.round.year, "programme": survey.programme.code},
        payload=payload,
    )
