"""Differences of money: each becomes one case with both amounts, which somebody of the agency explains."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import StepResult
from kotacerdas.foundation.cases.kinds import INSIDE, LEAD
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.actors import SYSTEM, Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.payments.lifecycles import DIFFERENCE
from kotacerdas.foundation.payments.models import Difference, Payment
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid

MOST_LETTERS = 2000


def difference_open(
    *,
    kind: str,
    agency: Agency,
    ours: int | None,
    theirs: int | None,
    payment: Payment | None = None,
    reference: str = "",
    day: date | None = None,
    actor: Actor = SYSTEM,
) -> Case:
    """Open the case of a difference, in the caller's transaction, unless one is open for the same thing."""
    known = Difference.objects.filter(kind=kind, payment=payment, reference=reference, case__closed_at=None)
    if (found := known.select_related("case").first()) is not None:
        return found.case
    opened = cases.open(
        DIFFERENCE,
        actor=actor,
        title_code=f"payments.{kind}",
        channel="system",
        given_to=((LEAD, agency),),
        own=lambda case: Difference(
            case=case,
            kind=kind,
            ours=ours,
            theirs=theirs,
            payment=payment,
            reference=reference[:80],
            day=day or clock.today(),
        ),
    )
    return opened.case


def difference_explain(*, actor: Actor, case: Case, body: str, seen_version: int | None = None) -> StepResult:
    """Say where a difference comes from; the case is closed by it. Raises Refused, WrongStep, LostRace, Invalid."""
    if len(body) > MOST_LETTERS:
        raise Invalid(
            _("This text is too long."),
            fields={"body": _("At most %(most)d characters fit.") % {"most": MOST_LETTERS}},
        )
    with transaction.atomic():
        result = cases.take(case, "explain", actor=actor, seen_version=seen_version, body=body.strip())
        cases.add_note(case, kind=INSIDE.name, body=body, actor=actor, row=result.row)
        return result
