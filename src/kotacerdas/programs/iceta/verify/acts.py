"""The verifier's acts: the action of each, its form, and its notice."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.declarations import Act
from kotacerdas.foundation.casework.queries import case_for
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.desks import REPORT_DESK
from kotacerdas.programs.iceta.verify.forms import (
    DispositionForm,
    EndForm,
    MergeForm,
    PostponeForm,
    PrankForm,
)


def _merge(*, actor: Actor, case: Case, into: str, seen_version: int | None = None) -> object:
    """Merge into the report of that number. Raises Invalid without one, Missing where the actor may not see it."""
    if not into:
        raise Invalid(_("Choose the report to merge into."), fields={"": _("Choose a report below.")})
    found = case_for(REPORT_DESK, actor.grants, into)
    return actions.report_merge(actor=actor, case=case, into=found, seen_version=seen_version)


def _end(step: str, notice: object, form: type[EndForm] = EndForm) -> Act:
    return Act(step, run=partial(actions.report_end, step=step), form=form, sees=True, notice=notice)


ACTS = (
    Act(
        "verify",
        run=actions.report_verify,
        form=DispositionForm,
        sees=True,
        notice=gettext_lazy("verified and handed over."),
    ),
    Act(
        "assign",
        run=actions.report_verify,
        form=DispositionForm,
        sees=True,
        notice=gettext_lazy("handed over again."),
    ),
    Act(
        "merge",
        run=_merge,
        form=MergeForm,
        sees=True,
        notice=gettext_lazy("merged; its reporters follow the other report."),
    ),
    Act(
        "postpone",
        run=actions.report_postpone,
        form=PostponeForm,
        notice=gettext_lazy("postponed."),
    ),
    _end("not_ours", gettext_lazy("ended as not our authority.")),
    _end("archive", gettext_lazy("archived.")),
    _end("prank", gettext_lazy("marked as a prank."), PrankForm),
)
DECISIONS = {act.step: act for act in ACTS}
REASONS = {act.step: act for act in ACTS if act.form in (PostponeForm, EndForm, PrankForm)}
