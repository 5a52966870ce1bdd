"""Closing a round, and what becomes of its recommendations."""

from __future__ import annotations

from fractions import Fraction

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import take
from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.insight.evaluation.closing.frozen import figures_now
from kotacerdas.insight.evaluation.instruments.arithmetic import index_of
from kotacerdas.insight.evaluation.instruments.queries import scoring_of
from kotacerdas.insight.evaluation.lifecycles import RECOMMENDATION
from kotacerdas.insight.evaluation.models import (
    FrozenFigure,
    IndicatorSheet,
    Item,
    ProgrammeDimension,
    Recommendation,
    Round,
    Ruling,
)
from kotacerdas.insight.evaluation.panel.actions import end_rights
from kotacerdas.insight.evaluation.permissions import RUN
from kotacerdas.insight.evaluation.rounds.shared import WORDS, locked, note
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid

_KEY = "evaluation.round.key"


def round_close(*, actor: Actor, round: Round) -> Round:
    """Close a round: freeze its figures at the journal's position, keep the exact index, open its recommendations.

    Raises Refused, WrongStep, and Conflict while items are open, with the count.
    """
    require(actor.grants, RUN, agencies=())
    with transaction.atomic():
        fresh = locked(round, Round.State.CONSENSUS)
        still = fresh.items.filter(ruling=None).count()
        if still:
            raise Conflict(
                ngettext("%(n)d item is not settled yet.", "%(n)d items are not settled yet.", still)
                % {"n": still},
                remedy=_("The chair rules on them first."),
            )
        position = _freeze(fresh)
        cells = {
            (one.item.measure.code, one.item.dimension.code): Fraction(one.value)
            for one in Ruling.objects.filter(item__round=fresh).select_related(
                "item__measure", "item__dimension"
            )
        }
        result = index_of(scoring_of(fresh.instrument, fresh.year), cells)
        private = Ed25519PrivateKey.generate()
        fresh.state, fresh.closed_at = Round.State.CLOSED, clock.now()
        fresh.frozen_position, fresh.index = position, str(result.index)
        fresh.public_key = private.public_key().public_bytes_raw().hex()
        fresh.key_sealed = keyring().seal(_KEY, fresh.id, private.private_bytes_raw().hex())
        fresh.save()
        end_rights(fresh)
        for ruling in Ruling.objects.filter(item__round=fresh).exclude(advice="").select_related("item"):
            recommendation_open(actor=actor, round=fresh, item=ruling.item, words=ruling.advice)
        note(
            "round.closed",
            fresh,
            actor,
            payload={
                "index": fresh.index,
                "position": position,
                "instrument": fresh.instrument_digest,
                "public_key": fresh.public_key,
                "items": result.assessed,
            },
        )
    return fresh


def signing_key(round: Round) -> Ed25519PrivateKey:
    """The round's own key. ValueError for a round that is not closed."""
    return Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex(keyring().open(_KEY, round.id, round.key_sealed))
    )


def recommendation_open(*, actor: Actor, round: Round, item: Item, words: str) -> Recommendation:
    """A case for the item's agency, with the clock of `evaluation.recommendation`; in the caller's transaction."""
    opened = cases.open(
        RECOMMENDATION,
        actor=actor,
        title_code=item.measure.code,
        channel="round",
        given_to=((LEAD, item.agency),),
        own=lambda case: Recommendation(case=case, round=round, item=item, words=words),
    )
    return opened.own


def recommendation_report(*, actor: Actor, case: Case, report: str) -> Case:
    """The agency says what it did. Raises Refused, Invalid, WrongStep, LostRace."""
    report = report.strip()
    if len(report) > WORDS:
        raise Invalid(
            _("Nothing was stored."), fields={"report": _("At most %(most)d letters.") % {"most": WORDS}}
        )
    with transaction.atomic():
        result = take(case, "report", actor=actor, report=report)
        Recommendation.objects.filter(case=case).update(report=report)
    return result.case


def recommendation_judge(*, actor: Actor, case: Case, accept: bool) -> Case:
    """The team accepts what was done, or sends it back. Raises Refused, WrongStep, LostRace."""
    with transaction.atomic():
        return take(case, "accept" if accept else "send_back", actor=actor).case


def _freeze(round: Round) -> int:
    serving = ProgrammeDimension.objects.in_year(round.year).values("programme")
    sheets = {one.code: one for one in IndicatorSheet.objects.filter(programme__in=serving)}
    position, figures = figures_now(sorted(sheets), round.year)
    FrozenFigure.objects.bulk_create(
        FrozenFigure(
            round=round,
            indicator=sheets[one.code],
            kind=one.kind,
            numerator=one.numerator,
            denominator=one.denominator,
            buckets=one.as_value()["buckets"],
        )
        for one in figures
    )
    return position
