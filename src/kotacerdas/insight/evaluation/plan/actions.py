"""A budget line entered in the pages, each entry a journal row."""

from __future__ import annotations

import re
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.insight.evaluation.models import Budget, Programme
from kotacerdas.insight.evaluation.permissions import SET_TARGET
from kotacerdas.insight.evaluation.plan.money import fault_of_amounts
from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.texts import is_blank

_CODE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,9}")


def budget_set(
    *,
    actor: Actor,
    programme: Programme,
    year: int,
    activity: str,
    account: str,
    planned: int | None,
    revised: int | None,
    realised: int | None,
    source: str,
    activity_name: str = "",
    as_of: date | None = None,
) -> Budget:
    """Enter or change one line, in whole rupiah; None is not known. Raises Refused, Invalid with all that is wrong."""
    require(actor.grants, SET_TARGET, agencies=())
    wrong = _faults(year, activity, account, source)
    if amount := fault_of_amounts(planned, revised, realised):
        wrong[amount[0]] = amount[1]
    if wrong:
        raise Invalid(_("The budget line was not stored."), fields=wrong)
    with transaction.atomic():
        known = (
            Budget.objects.select_for_update()
            .filter(programme=programme, year=year, activity=activity, account=account)
            .first()
        )
        made = known or Budget(programme=programme, year=year, activity=activity, account=account)
        made.activity_name = activity_name.strip()[:200] or made.activity_name
        made.planned, made.revised, made.realised = planned, revised, realised
        made.source, made.as_of, made.from_pack = source.strip(), as_of, False
        made.save()
        append(
            verb="evaluation.budget.set",
            subject=("evaluation.budget", made.id),
            actor=actor.code,
            codes={"programme": programme.code, "year": year, "activity": activity, "account": account},
            payload={
                name: "" if value is None else value
                for name, value in (("planned", planned), ("revised", revised), ("realised", realised))
            },
        )
    return made


def _faults(year: int, activity: str, account: str, source: str) -> dict[str, str]:
    found = {}
    if not 2019 <= year <= 2060:
        found["year"] = _("Choose a year.")
    for name, value in (("activity", activity), ("account", account)):
        if not _CODE.fullmatch(value) or len(value) > 40:
            found[name] = _("A code of numbers and points, like 5.1.02.01.")
    if is_blank(source) or not 3 <= len(source.strip()) <= 300:
        found["source"] = _("Say where the amounts come from, like “DPA 2026, SIPD”.")
    return found
