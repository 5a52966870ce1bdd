"""The panel's actions: seats, blind scores, ballots sent, the chair's rulings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import grants_of, require
from kotacerdas.foundation.parties.models import Membership, User
from kotacerdas.insight.evaluation.instruments.arithmetic import Scoring, settle
from kotacerdas.insight.evaluation.instruments.queries import scoring_of
from kotacerdas.insight.evaluation.models import Evidence, InterviewNote, Item, Round, Ruling, Score, Seat
from kotacerdas.insight.evaluation.panel import sealed
from kotacerdas.insight.evaluation.panel.sealed import Given
from kotacerdas.insight.evaluation.permissions import CHAIR, MEMBER, RULE, RUN, SCORE
from kotacerdas.insight.evaluation.rounds.shared import WORDS, locked, note
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.kernel.texts import is_blank

AFTER_SCORING = timedelta(days=60)  # so long after the last day of scoring an assessor's rights last at most
S = Round.State


def seat_give(*, actor: Actor, round: Round, user: User, role: str) -> Seat:
    """Seat an assessor: an account of their own, with no post in this house, valid for the round.

    Raises Refused, Invalid for somebody who holds a post or sits already, Conflict when the panel is full.
    """
    require(actor.grants, RUN, agencies=())
    if role not in Seat.Role.values:
        raise Invalid(_("Nobody was seated."), fields={"role": _("Chair or member.")})
    if not user.is_active or not user.is_staff:
        raise Invalid(
            _("Nobody was seated."), fields={"user": _("Choose an open account made for an assessor.")}
        )
    if grants_of(user).positions:
        raise Invalid(
            _("Nobody was seated."),
            fields={"user": _("Who holds a post here does not assess: an assessor comes from outside.")},
        )
    with transaction.atomic():
        fresh = locked(round, S.ASSESSING)
        numbers = list(fresh.seats.values_list("number", flat=True))
        if len(numbers) >= fresh.instrument.assessors:
            raise Conflict(_("The panel has its %(n)d assessors.") % {"n": fresh.instrument.assessors})
        number = 0 if role == Seat.Role.CHAIR else min(set(range(1, 10)) - set(numbers))
        membership = Membership.objects.create(
            user=user,
            role=CHAIR if role == Seat.Role.CHAIR else MEMBER,
            since=clock.today(),
            until=fresh.score_until + AFTER_SCORING,
        )
        try:
            with transaction.atomic():
                seat = Seat.objects.create(
                    round=fresh, user=user, membership=membership, role=role, number=number
                )
        except IntegrityError:
            raise Conflict(
                _("This person or this chair sits in the panel already."), remedy=_("Choose somebody else.")
            ) from None
        note("seat.given", fresh, actor, payload={"seat": seat.id, "user": user.id, "role": role})
    return seat


def seat_take_back(*, actor: Actor, seat: Seat) -> None:
    """Take a seat back before scoring begins; its rights end. Raises Refused, WrongStep."""
    require(actor.grants, RUN, agencies=())
    with transaction.atomic():
        fresh = locked(seat.round, S.ASSESSING)
        _end_rights([seat])
        note("seat.taken_back", fresh, actor, payload={"seat": seat.id, "user": seat.user_id})
        seat.delete()


def scoring_begin(*, actor: Actor, round: Round) -> Round:
    """From now on the four score. Raises Refused, and Conflict while items or seats are lacking, with the count."""
    require(actor.grants, RUN, agencies=())
    with transaction.atomic():
        fresh = locked(round, S.ASSESSING)
        waiting = fresh.items.exclude(state=Item.State.VERIFIED).count()
        if waiting:
            raise Conflict(
                _("%(n)d items are not verified yet.") % {"n": waiting},
                remedy=_("Verify them, or send them back, first."),
            )
        seats = list(fresh.seats.all())
        if len(seats) != fresh.instrument.assessors or not any(one.role == Seat.Role.CHAIR for one in seats):
            raise Conflict(
                _("The panel has %(n)d of %(all)d assessors, or no chair.")
                % {"n": len(seats), "all": fresh.instrument.assessors},
                remedy=_("Seat the others first."),
            )
        fresh.state, fresh.scoring_at = S.SCORING, clock.now()
        fresh.save(update_fields=["state", "scoring_at"])
        note("round.scoring", fresh, actor)
    return fresh


def score_save(
    *, actor: Actor, item: Item, value: Decimal | None, words: str = "", evidence: Iterable[UUID] = ()
) -> Score:
    """Keep one's own score of an item, sealed. May be changed until one's ballot is sent.

    A value off the rubric (between two levels) needs a note, tied to evidence where the item has any.
    Raises Refused, Invalid, WrongStep, and Conflict after sending.
    """
    with transaction.atomic():
        round = locked(item.round, S.SCORING)
        seat = _own_seat(actor, round)
        if seat.sent_at is not None:
            raise _sent()
        current = {str(one.id) for one in item.evidence.filter(removed_at=None, replaced_by=None)}
        tied = tuple(sorted(str(one) for one in evidence if str(one) in current))
        given = Given(value=value if value is not None else Decimal(0), note=words.strip(), evidence=tied)
        wrong = _faults(scoring_of(round.instrument, round.year), value, given, bool(current))
        if wrong:
            raise Invalid(_("The score was not stored."), fields=wrong)
        score = Score.objects.filter(seat=seat, item=item).first() or Score(
            id=ids.new_id(), seat=seat, item=item
        )
        score.scored_at = clock.now()
        sealed.seal(score, given)
        score.save()
        note("score.kept", round, actor, item=item, payload={"seat": seat.id})
    return score


def ballot_send(*, actor: Actor, round: Round) -> Seat:
    """Send one's scores: they change no more. With the last ballot all scores are opened at once.

    Raises Refused, WrongStep, and Conflict when items are not scored (with the count) or it was sent before.
    """
    with transaction.atomic():
        fresh = locked(round, S.SCORING)  # of two last ballots the second waits here for the first
        seat = _own_seat(actor, fresh)
        if seat.sent_at is not None:
            raise _sent()
        scores = list(seat.scores.select_related("item__measure", "item__dimension"))
        lacking = fresh.items.count() - len(scores)
        if lacking:
            raise Conflict(
                _("%(n)d items have no score of yours yet.") % {"n": lacking},
                remedy=_("Score them first; a ballot is sent whole."),
            )
        sealed.commit(seat, sealed.lines_of(scores))
        seat.sent_at = clock.now()
        seat.save(update_fields=["sent_at", "salt_sealed", "commitment"])
        note("ballot.sent", fresh, actor, payload={"seat": seat.id, "commitment": seat.commitment})
        if not fresh.seats.filter(sent_at=None).exists():
            _open(fresh, actor)
    return seat


def ruling_make(*, actor: Actor, item: Item, value: Decimal | None, words: str, advice: str = "") -> Ruling:
    """The chair's ruling on an item whose scores lie more than a step apart; the scores stay as they were.

    advice  what becomes a recommendation to the item's agency when the round closes
    Raises Refused, Invalid, WrongStep, and Conflict when the item is settled already.
    """
    require(actor.grants, RULE, agencies=())
    with transaction.atomic():
        round = locked(item.round, S.CONSENSUS)
        seat = _own_seat(actor, round)
        if seat.role != Seat.Role.CHAIR:
            raise Refused(_("Only the chair rules."), remedy=_("Tell the chair what you think."))
        wrong = {}
        if value is None or Fraction(value) not in scoring_of(round.instrument, round.year).values():
            wrong["value"] = _("Choose one of the values of the scale.")
        if is_blank(words) or not 5 <= len(words.strip()) <= WORDS:
            wrong["words"] = _("Say why, in at least 5 letters.")
        if wrong or value is None:
            raise Invalid(_("Nothing was ruled."), fields=wrong)
        _settle(item, Ruling.Kind.CHAIR, Fraction(value), actor, words=words.strip(), advice=advice, by=seat)
        return Ruling.objects.get(item=item)


def advice_give(*, actor: Actor, item: Item, advice: str) -> Ruling:
    """What the chair recommends on a settled item; "" takes it back. Raises Refused, Invalid, WrongStep, Conflict."""
    require(actor.grants, RULE, agencies=())
    if len(advice) > WORDS:
        raise Invalid(
            _("Nothing was stored."), fields={"advice": _("At most %(most)d letters.") % {"most": WORDS}}
        )
    with transaction.atomic():
        round = locked(item.round, S.CONSENSUS)
        _own_seat(actor, round)
        ruling = Ruling.objects.select_for_update().filter(item=item).first()
        if ruling is None:
            raise Conflict(_("This item is not settled yet."), remedy=_("Rule on it first."))
        ruling.advice = advice.strip()
        ruling.save(update_fields=["advice"])
        note("advice.given", round, actor, item=item, payload={"has": bool(ruling.advice)})
    return ruling


def interview_note(*, actor: Actor, item: Item, side: str, words: str) -> InterviewNote:
    """A question of the panel or an agency's answer, written down by the team; all four read it."""
    require(actor.grants, RUN, agencies=())
    if side not in InterviewNote.Side.values or is_blank(words) or not 3 <= len(words.strip()) <= WORDS:
        raise Invalid(_("Nothing was stored."), fields={"words": _("Write who says it, and what, in words.")})
    with transaction.atomic():
        round = locked(item.round, S.ASSESSING, S.SCORING, S.CONSENSUS)
        made = InterviewNote.objects.create(item=item, side=side, words=words.strip(), at=clock.now())
        note("interview.noted", round, actor, item=item, payload={"side": side, "note": made.id})
    return made


def end_rights(round: Round) -> None:
    """The assessors' rights end with the round, in the caller's transaction."""
    _end_rights(round.seats.select_related("membership"))


def _open(round: Round, actor: Actor) -> None:
    """All ballots are in: open every score, write salts and lines down, settle what settles itself."""
    for seat in round.seats.all():
        scores = list(seat.scores.select_related("item__measure", "item__dimension"))
        for score in scores:
            given = sealed.unseal(score)
            score.value, score.note = given.value, given.note
            score.save(update_fields=["value", "note"])
            score.evidence.set(Evidence.objects.filter(id__in=given.evidence))
        lines = sealed.lines_of(scores)
        salt = sealed.salt_of(seat)
        note("ballot.opened", round, actor, payload={"seat": seat.id, "salt": salt, "lines": lines})
    round.state, round.opened_scores_at = S.CONSENSUS, clock.now()
    round.save(update_fields=["state", "opened_scores_at"])
    step = Fraction(round.instrument.step)
    for item in round.items.select_related("measure", "dimension", "agency").prefetch_related("scores"):
        found = settle([Fraction(one.value) for one in item.scores.all() if one.value is not None], step)
        if found.value is not None:
            kind = Ruling.Kind.SAME if found.kind == "same" else Ruling.Kind.MEAN
            _settle(item, kind, found.value, actor)


def _settle(
    item: Item,
    kind: str,
    value: Fraction,
    actor: Actor,
    *,
    words: str = "",
    advice: str = "",
    by: Seat | None = None,
) -> None:
    try:
        with transaction.atomic():
            Ruling.objects.create(
                item=item,
                kind=kind,
                value=str(value),
                words=words,
                advice=advice.strip(),
                by=by,
                at=clock.now(),
            )
    except IntegrityError:
        raise Conflict(
            _("This item was settled a moment ago."), remedy=_("Read what was ruled; it stays.")
        ) from None
    note("item.settled", item.round, actor, item=item, payload={"kind": kind, "value": str(value)})


def _own_seat(actor: Actor, round: Round) -> Seat:
    seat = Seat.objects.filter(round=round, user=actor.user).first() if actor.user else None
    if seat is None or not actor.grants.may(SCORE):
        raise Refused(_("You have no seat in the panel of this round."), remedy=_("Ask the programme team."))
    return seat


def _faults(scoring: Scoring, value: Decimal | None, given: Given, has_evidence: bool) -> dict[str, str]:
    if value is None or Fraction(value) not in scoring.values():
        return {"value": _("Choose one of the values of the scale.")}
    found = {}
    if len(given.note) > WORDS:
        found["note"] = _("At most %(most)d letters.") % {"most": WORDS}
    off_rubric = Fraction(value).denominator != 1
    if off_rubric and len(given.note) < 5:
        found["note"] = _("A value between two levels needs a note: say what it rests on.")
    if off_rubric and has_evidence and not given.evidence:
        found["evidence"] = _("Tick the evidence that the note speaks of.")
    return found


def _sent() -> Conflict:
    return Conflict(
        _("Your scores are sent; they change no more."),
        remedy=_("When all four have sent, differences are talked over."),
    )


def _end_rights(seats: Iterable[Seat]) -> None:
    for seat in seats:
        if seat.membership is not None and (seat.membership.until or clock.today()) >= clock.today():
            seat.membership.until = clock.today() - timedelta(days=1)  # a last day would still count
            seat.membership.save(update_fields=["until"])
