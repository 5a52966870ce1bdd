"""Targets: entered in the pages, each entry a journal row."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.insight.evaluation.models import IndicatorSheet, Target
from kotacerdas.insight.evaluation.permissions import SET_TARGET
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid

VALUE_STEP, WEIGHT_STEP = Decimal("0.0001"), Decimal("0.01")  # the places that are stored
MOST, MOST_WEIGHT = Decimal(10) ** 15 - 1, Decimal("999.99")
BASIS_LENGTH = 200


def target_set(
    *,
    actor: Actor,
    sheet: IndicatorSheet,
    year: int,
    value: Decimal | None,
    weight: Decimal | None = None,
    basis: str = "",
) -> Target | None:
    """Enter, change or (value None) take back a target. Raises Refused, Invalid.

    value   in the unit of the sheet (percent 0 to 100 for ratios), positive; rounded to four places
    weight  in the dimension's mean; None is equal weights; rounded to two places
    """
    require(actor.grants, SET_TARGET, agencies=())
    value = None if value is None else _rounded(value, VALUE_STEP)
    weight = None if weight is None else _rounded(weight, WEIGHT_STEP)
    basis = basis.strip()
    wrong = faults(sheet, value, weight, basis)
    if wrong:
        raise Invalid(_("The target was not stored."), fields=wrong)
    with transaction.atomic():
        known = Target.objects.select_for_update().filter(indicator=sheet, year=year).first()
        if value is None and known is None:
            raise Invalid(
                _("The target was not stored."),
                fields={"value": _("Write a number: there is no target to take back.")},
            )
        append(
            verb="evaluation.target.set" if value is not None else "evaluation.target.unset",
            subject=("evaluation.indicator", sheet.id),
            actor=actor.code,
            codes={"indicator": sheet.code, "year": year},
            payload={
                "value": str(value) if value is not None else "",
                "before": str(known.value) if known else "",
                "weight": str(weight) if weight is not None else "",
            },
        )
        if value is None:
            Target.objects.filter(indicator=sheet, year=year).delete()
            return None
        entered = {
            "value": value,
            "weight": weight,
            "basis": basis,
            "entered_by": actor.user.id if actor.user else sheet.id,
            "entered_at": clock.now(),
        }
        return Target.objects.update_or_create(indicator=sheet, year=year, defaults=entered)[0]


def faults(
    sheet: IndicatorSheet, value: Decimal | None, weight: Decimal | None, basis: str
) -> dict[str, str]:
    """What is wrong with a target, by field, judged as it would be stored."""
    found = {}
    if value is not None and (wrong := _fault_of_value(sheet, value)):
        found["value"] = wrong
    if weight is not None and not 0 < _rounded(weight, WEIGHT_STEP) <= MOST_WEIGHT:
        found["weight"] = _("A weight is a number from %(least)s to %(most)s.") % {
            "least": number(WEIGHT_STEP),
            "most": number(MOST_WEIGHT),
        }
    if len(basis) > BASIS_LENGTH:
        found["basis"] = _("At most %(most)d characters; these are %(n)s. Shorten it.") % {
            "most": BASIS_LENGTH,
            "n": number(len(basis)),
        }
    return found


def _fault_of_value(sheet: IndicatorSheet, value: Decimal) -> str:
    if sheet.direction == IndicatorSheet.Direction.NEUTRAL:
        return _("This indicator is counted, not judged: it has no target.")
    counted = sheet.kind in (IndicatorSheet.Kind.FLOW, IndicatorSheet.Kind.STOCK)
    if not 0 < _rounded(value, VALUE_STEP) <= MOST:
        return _("A target is a number from %(least)s to %(most)s.") % {
            "least": number(1) if counted else number(VALUE_STEP, 4),
            "most": number(100 if sheet.kind == IndicatorSheet.Kind.RATIO else MOST),
        }
    if counted and value != int(value):
        return _("This is counted in whole numbers: write it without a fraction.")
    if sheet.kind == IndicatorSheet.Kind.RATIO and value > 100:
        return _("A share is at most 100%.")
    return ""


def _rounded(given: Decimal, step: Decimal) -> Decimal:
    """The number as it is stored; one beyond every bound stays as it is, to be refused."""
    return given if abs(given) > MOST + 1 else given.quantize(step, rounding=ROUND_HALF_UP)
