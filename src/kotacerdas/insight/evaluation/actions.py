"""Targets: entered in the pages, each entry a journal row."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.insight.evaluation.models import IndicatorSheet, Target
from kotacerdas.insight.evaluation.permissions import SET_TARGET
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid

MOST = Decimal(10) ** 15


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

    value   in the unit of the sheet (percent 0 to 100 for ratios), positive
    weight  in the dimension's mean; None is equal weights
    """
    require(actor.grants, SET_TARGET, agencies=())
    _check(sheet, value, weight)
    with transaction.atomic():
        known = Target.objects.select_for_update().filter(indicator=sheet, year=year).first()
        if value is None and known is None:
            raise Invalid(
                _("The target was not stored."),
                fields={"value": _("Write a number, for example 95 or 1.500.")},
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
            "basis": basis.strip()[:200],
            "entered_by": actor.user.id if actor.user else sheet.id,
            "entered_at": clock.now(),
        }
        return Target.objects.update_or_create(indicator=sheet, year=year, defaults=entered)[0]


def _check(sheet: IndicatorSheet, value: Decimal | None, weight: Decimal | None) -> None:
    fields = {}
    if sheet.direction == IndicatorSheet.Direction.NEUTRAL and value is not None:
        fields["value"] = _("This indicator is counted, not judged: it has no target.")
    elif value is not None and not 0 < value < MOST:
        fields["value"] = _("A target is a positive number.")
    elif value is not None and sheet.kind == IndicatorSheet.Kind.RATIO and value > 100:
        fields["value"] = _("A share is at most 100%.")
    if weight is not None and not 0 < weight < 1000:
        fields["weight"] = _("A weight is a positive number under 1,000.")
    if fields:
        raise Invalid(_("The target was not stored."), fields=fields)
