"""Reading rounds: who sees which round and which items, how they stand, what is proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.insight.evaluation import evidence_files
from kotacerdas.insight.evaluation.models import Evidence, Item, Round, Seat
from kotacerdas.insight.evaluation.models.rounds import Mark
from kotacerdas.insight.evaluation.permissions import FILL, SCORE, VIEW
from kotacerdas.kernel.errors import Missing


def visible_rounds(grants: Grants) -> QuerySet[Round]:
    """Rounds somebody may see: all with the right to see scores, those with an item of theirs, those they assess."""
    found = Round.objects.select_related("instrument")
    if grants.may(VIEW):
        return found
    allowed = Q(pk__in=())
    if grants.may(FILL):
        allowed |= Q(items__agency__in=grants.scope(FILL).agencies)
    if grants.may(SCORE):
        allowed |= Q(seats__user=grants.user_id)
    return found.filter(allowed).distinct()


def round_of(grants: Grants, slug: str) -> Round:
    """One visible round by year and stage ("2026-1"). Missing for a stranger as for one that is not there."""
    year, _dash, stage = slug.partition("-")
    found = None
    if year.isdigit() and stage.isdigit() and len(slug) <= 8:
        found = visible_rounds(grants).filter(year=int(year), stage=int(stage)).first()
    if found is None:
        raise Missing(_("There is no such round here."), remedy=_("Choose one from the list of rounds."))
    return found


def items_of(grants: Grants, round: Round) -> QuerySet[Item]:
    """The items of a round somebody may see: an agency its own, an assessor all from the scoring on."""
    found = Item.objects.filter(round=round).select_related(
        "round__instrument", "measure", "dimension", "agency"
    )
    if grants.may(VIEW):
        return found
    allowed = Q(pk__in=())
    if grants.may(FILL):
        allowed |= Q(agency__in=grants.scope(FILL).agencies)
    if seat_of(grants, round) is not None and round.state != Round.State.ASSESSING:
        allowed = Q()
    return found.filter(allowed)


def item_of(grants: Grants, slug: str, item_id: UUID) -> Item:
    """One visible item. Raises Missing."""
    found = items_of(grants, round_of(grants, slug)).filter(pk=item_id).first()
    if found is None:
        raise Missing(_("There is no such item here."), remedy=_("Choose one from the round's list."))
    return found


def evidence_piece(grants: Grants, slug: str, item_id: UUID, evidence_id: UUID) -> Evidence:
    """One piece of evidence of a visible item, one that was replaced too. Raises Missing."""
    item = item_of(grants, slug, item_id)
    found = Evidence.objects.filter(item=item, pk=evidence_id).select_related("item__round").first()
    if found is None:
        raise Missing(_("There is no such piece of evidence here."), remedy=_("Open the item again."))
    return found


def seat_of(grants: Grants, round: Round) -> Seat | None:
    """The seat in which somebody assesses a round, as long as their rights last."""
    if not grants.may(SCORE):
        return None
    return Seat.objects.filter(round=round, user=grants.user_id).first()


def current(item: Item) -> list[Evidence]:
    """The pieces of evidence that stand, oldest first."""
    return [one for one in item.evidence.all() if one.is_current]


def marks_of(items: Iterable[Item]) -> Counter[str]:
    """How many entries are proven, claimed, missing: figures, pieces of evidence, and items without any piece."""
    found: Counter[str] = Counter()
    for item in items:
        evidence = current(item)
        found.update(one.mark for one in item.figures.all())
        found.update(one.mark for one in evidence)
        found.update([] if evidence else [Mark.MISSING])
    return found


def mark_of_item(item: Item) -> str:
    """The weakest thing an item rests on: missing without evidence or claim, proven only where all is."""
    evidence = current(item)
    if item.claimed_level is None or not evidence:
        return Mark.MISSING
    marks = [one.mark for one in evidence] + [one.mark for one in item.figures.all() if one.value is not None]
    return Mark.PROVEN if all(one == Mark.PROVEN for one in marks) else Mark.CLAIMED


def changed_since_verified(item: Item) -> list[Evidence]:
    """Pieces that stand now and are not what the team verified: replaced since, or found changed, or altered on disk.

    A score that rests on them is flagged.
    """
    if item.verified_at is None:
        return []
    return [
        one
        for one in current(item)
        if one.added_at > item.verified_at
        or (one.changed_at is not None and one.changed_at > item.verified_at)
        or (one.kind == Evidence.Kind.FILE and not evidence_files.is_intact(one.sha256))
    ]


def waiting_for(grants: Grants) -> int | None:
    """How many items wait for somebody: at their agency to be filled in, at the team to be verified."""
    from kotacerdas.insight.evaluation.permissions import RUN

    found = Item.objects.filter(round__state=Round.State.ASSESSING)
    if grants.may(RUN):
        return found.filter(state=Item.State.SUBMITTED).count() or None
    if grants.may(FILL):
        own_items = found.filter(agency__in=grants.scope(FILL).agencies)
        return own_items.filter(state__in=(Item.State.INVITED, Item.State.RETURNED)).count() or None
    return None
