"""A round opened, its items filled in by agencies, verified or sent back by the programme team."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.insight.evaluation.instruments.queries import digest_of, scoring_of
from kotacerdas.insight.evaluation.messages import notify_agency
from kotacerdas.insight.evaluation.models import (
    Dimension,
    IndicatorSheet,
    Instrument,
    Item,
    ItemFigure,
    ProgrammeDimension,
    Round,
)
from kotacerdas.insight.evaluation.models.rounds import Mark
from kotacerdas.insight.evaluation.permissions import FILL, RUN
from kotacerdas.insight.evaluation.rounds.shared import WORDS, due_by, locked, move, note
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.kernel.regency import regency

S = Item.State
AT_AGENCY = frozenset({S.INVITED, S.RETURNED})
FIRST_YEAR = 2021
MOST = Decimal(10) ** 15


def round_open(
    *,
    actor: Actor,
    year: int,
    instrument: Instrument,
    score_until: date,
    stage: int = 1,
    agencies: Mapping[str, Agency] | None = None,
    is_demo: bool = False,
) -> Round:
    """Open a round of a year: one item for each measure of each dimension that a programme serves then.

    agencies     who fills a dimension in, by its code; else the owner of its programme, else the planning agency
    score_until  the last day on which assessors score

    Raises Refused, Invalid, and Conflict when the year has a round of this stage.
    """
    require(actor.grants, RUN, agencies=())
    _may_open(year, stage, instrument, score_until)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = Round.objects.create(
                    year=year,
                    stage=stage,
                    instrument=instrument,
                    instrument_digest=digest_of(instrument),
                    score_until=score_until,
                    previous=Round.objects.filter(state=Round.State.CLOSED, year__lte=year).first(),
                    is_demo=is_demo,
                    opened_at=clock.now(),
                )
        except IntegrityError:
            raise Conflict(
                _("There is a round %(year)s-%(stage)s already.") % {"year": year, "stage": stage},
                remedy=_("Open that one, or choose another stage."),
            ) from None
        note(
            "round.opened",
            made,
            actor,
            payload={"instrument": instrument.key, "digest": made.instrument_digest},
        )
        invited = {}
        for item in _items(made, agencies or {}):
            invited[item.agency] = note("item.invited", made, actor, item=item)
        for agency, row in invited.items():
            notify_agency(agency, row, "evaluation.invited", made)
    return made


def item_give(*, actor: Actor, item: Item, seen_version: int, agency: Agency) -> Item:
    """Invite another agency to an item that is not verified yet. Raises Refused, WrongStep, LostRace."""
    require(actor.grants, RUN, agencies=())
    with transaction.atomic():
        locked(item.round, Round.State.ASSESSING)
        moved = move(
            item,
            seen_version,
            states=AT_AGENCY,
            agency=agency,
            started_at=clock.now(),
            due_at=due_by("evaluation.assess"),
        )
        notify_agency(
            agency, note("item.invited", item.round, actor, item=moved), "evaluation.invited", item.round
        )
    return moved


def item_fill(
    *,
    actor: Actor,
    item: Item,
    seen_version: int,
    level: Decimal | None,
    words: str,
    figures: Mapping[str, Decimal | None],
    sources: Mapping[str, str] | None = None,
) -> Item:
    """The agency's own level, its words and its figures, by indicator. Raises Refused, Invalid, LostRace.

    A figure without a value is *missing*; a value that changed is *claimed* until the team finds it proven.
    """
    require(actor.grants, FILL, agencies=(item.agency_id,))
    wrong = _faults(item, level, words, figures)
    if wrong:
        raise Invalid(_("The item was not stored."), fields=wrong)
    with transaction.atomic():
        locked(item.round, Round.State.ASSESSING)
        moved = move(item, seen_version, states=AT_AGENCY, claimed_level=level, words=words.strip())
        for one in (
            ItemFigure.objects.select_for_update(of=("self",)).filter(item=item).select_related("indicator")
        ):
            if one.indicator.code in figures:
                _fill(one, figures[one.indicator.code], (sources or {}).get(one.indicator.code, ""))
        digest = hashlib.sha256(words.strip().encode()).hexdigest()
        stated = {code: "" if value is None else str(value) for code, value in figures.items()}
        note(
            "item.filled",
            item.round,
            actor,
            item=moved,
            payload={"level": "" if level is None else str(level), "words": digest, "figures": stated},
        )
    return moved


def item_submit(*, actor: Actor, item: Item, seen_version: int) -> Item:
    """The agency hands its item to the programme team. Raises Refused, Invalid, WrongStep, LostRace."""
    require(actor.grants, FILL, agencies=(item.agency_id,))
    if item.claimed_level is None or not item.words.strip():
        raise Invalid(
            _("The item is not complete yet."),
            fields={
                "level": _("Choose the level that fits, and store it."),
                "words": _("Say in a few words what it rests on."),
            },
        )
    with transaction.atomic():
        locked(item.round, Round.State.ASSESSING)
        in_time = item.due_at is None or clock.now() <= item.due_at
        moved = move(
            item,
            seen_version,
            states=AT_AGENCY,
            state=S.SUBMITTED,
            reason="",
            started_at=clock.now(),
            due_at=due_by("evaluation.verify"),
        )
        note("item.submitted", item.round, actor, item=moved, payload={"in_time": in_time})
    return moved


def item_verify(*, actor: Actor, item: Item, seen_version: int, proven: Iterable[UUID]) -> Item:
    """The team's verdict: what is proven among evidence and figures; all else stays claimed or missing.

    A figure is proven only beside a piece of evidence that is. Raises Refused, Invalid, WrongStep, LostRace.
    """
    require(actor.grants, RUN, agencies=())
    chosen = set(proven)
    with transaction.atomic():
        locked(item.round, Round.State.ASSESSING)
        in_time = item.due_at is None or clock.now() <= item.due_at
        current = [one for one in item.evidence.all() if one.is_current]
        found = {one.id for one in current} & chosen
        figures = {one.id: one for one in item.figures.all() if one.id in chosen and one.value is not None}
        if figures and not found:
            raise Invalid(
                _("A figure is proven by evidence: mark the piece that proves it."),
                fields={"proven": _("No piece of evidence is marked as proven.")},
            )
        moved = move(
            item,
            seen_version,
            states=frozenset({S.SUBMITTED}),
            state=S.VERIFIED,
            verified_at=clock.now(),
            due_at=None,
        )
        for piece in current:
            piece.mark = Mark.PROVEN if piece.id in found else Mark.CLAIMED
            piece.save(update_fields=["mark"])
        for figure in item.figures.all():
            figure.mark = mark_of(figure.value, is_proven=figure.id in figures)
            figure.save(update_fields=["mark"])
        note(
            "item.verified",
            item.round,
            actor,
            item=moved,
            payload={"proven": sorted(map(str, found | figures.keys())), "in_time": in_time},
        )
    return moved


def item_return(*, actor: Actor, item: Item, seen_version: int, reason: str) -> Item:
    """The team sends an item back, saying what is lacking. Raises Refused, Invalid, WrongStep, LostRace."""
    require(actor.grants, RUN, agencies=())
    reason = reason.strip()
    if not 5 <= len(reason) <= WORDS:
        raise Invalid(
            _("The item was not sent back."),
            fields={"reason": _("Say what is lacking, in at least 5 letters.")},
        )
    with transaction.atomic():
        locked(item.round, Round.State.ASSESSING)
        moved = move(
            item,
            seen_version,
            states=frozenset({S.SUBMITTED, S.VERIFIED}),
            state=S.RETURNED,
            reason=reason,
            verified_at=None,
            started_at=clock.now(),
            due_at=due_by("evaluation.correct"),
        )
        row = note("item.returned", item.round, actor, item=moved)
        notify_agency(item.agency, row, "evaluation.returned", item.round)
    return moved


def mark_of(value: Decimal | None, *, is_proven: bool) -> Mark:
    """missing without a value, proven where evidence was found to prove it, else claimed."""
    if value is None:
        return Mark.MISSING
    return Mark.PROVEN if is_proven else Mark.CLAIMED


def _fill(figure: ItemFigure, value: Decimal | None, source: str) -> None:
    if value != figure.value:
        figure.mark = mark_of(value, is_proven=False)
    figure.value, figure.source = value, source.strip()[:300]
    figure.save(update_fields=["value", "source", "mark"])


def _faults(
    item: Item, level: Decimal | None, words: str, figures: Mapping[str, Decimal | None]
) -> dict[str, str]:
    found = {}
    if (
        level is not None
        and Fraction(level) not in scoring_of(item.round.instrument, item.round.year).values()
    ):
        found["level"] = _("Choose one of the values of the scale.")
    if len(words) > WORDS:
        found["words"] = _("At most %(most)d letters.") % {"most": WORDS}
    known = {one.indicator.code: one.indicator for one in item.figures.select_related("indicator")}
    for code, value in figures.items():
        sheet = known.get(code)
        if sheet is None:
            found[code] = _("This indicator does not belong to the item.")
        elif value is not None and not 0 <= value < MOST:
            found[code] = _("Write a number that is not negative, without letters.")
        elif value is not None and sheet.kind == IndicatorSheet.Kind.RATIO and value > 100:
            found[code] = _("A share is at most 100%.")
    return found


def _may_open(year: int, stage: int, instrument: Instrument, score_until: date) -> None:
    wrong = {}
    if not FIRST_YEAR <= year <= clock.today().year:
        wrong["year"] = _("Choose a year from %(first)d to the present one.") % {"first": FIRST_YEAR}
    if instrument.kind != Instrument.Kind.PANEL:
        wrong["instrument"] = _("This instrument is for a survey; a panel needs another one.")
    if stage not in (1, 2):
        wrong["stage"] = _("A year has a first and a second stage.")
    if score_until < clock.today():
        wrong["score_until"] = _("Choose today or a later day.")
    if wrong:
        raise Invalid(_("The round was not opened."), fields=wrong)
    scoring_of(instrument, year)


def _items(round: Round, agencies: Mapping[str, Agency]) -> list[Item]:
    planning = Agency.objects.get(code=regency().desks.planning_agency)
    known = Agency.objects.in_bulk(field_name="code")
    due, made = due_by("evaluation.assess"), []
    for dimension in Dimension.objects.all():
        serving = [
            one.programme
            for one in ProgrammeDimension.objects.in_year(round.year)
            .filter(dimension=dimension)
            .select_related("programme")
        ]
        owner = next((known[one.owner_code] for one in serving if one.owner_code in known), planning)
        for measure in round.instrument.measures.all() if serving else ():
            item = Item.objects.create(
                round=round,
                measure=measure,
                dimension=dimension,
                agency=agencies.get(dimension.code, owner),
                started_at=round.opened_at,
                due_at=due,
            )
            if measure.takes_figures:
                sheets = IndicatorSheet.objects.filter(programme__in=serving, closed_on=None)
                ItemFigure.objects.bulk_create(ItemFigure(item=item, indicator=sheet) for sheet in sheets)
            made.append(item)
    if not made:
        raise Invalid(
            _("No programme serves a dimension in %(year)s.") % {"year": round.year},
            remedy=_("Say in the pack which programme serves which dimension."),
        )
    return made
