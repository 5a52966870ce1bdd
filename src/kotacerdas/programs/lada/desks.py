"""The desks of goods: changes that wait, findings of stocktakes, alarms."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.declarations import Act, Box, Cell, Column, Desk
from kotacerdas.foundation.casework.texts import USUAL
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.programs.lada.actions import changes, findings
from kotacerdas.programs.lada.forms import WhyForm
from kotacerdas.programs.lada.lifecycles.changes import CHANGE
from kotacerdas.programs.lada.lifecycles.findings import FINDING
from kotacerdas.programs.lada.permissions import LEAD, VIEW
from kotacerdas.programs.lada.register.change_lines import change_context
from kotacerdas.programs.lada.stocktake.finding import (
    AnswerForm,
    SettleForm,
    classes_cell,
    finding_context,
    goods_cell,
)
from kotacerdas.programs.lada.tracking.desk import ALARM_DESK


def _goods(case: Case) -> Cell:
    """Whose goods, and how many."""
    change = case.asset_change
    to = f" → {change.to_agency.short_name}" if change.to_agency is not None else ""
    n = change.lines.count()
    return Cell(
        text=ngettext("%(n)d good", "%(n)d goods", n) % {"n": n}, small=f"{change.agency.short_name}{to}"
    )


def _made(case: Case, actor: Actor) -> bool:
    """Whether the actor proposed this change."""
    return actor.user is not None and case.asset_change.made_by_id == actor.user.id


CHANGE_DESK = Desk(
    lifecycle=CHANGE,
    work=VIEW,
    lists=(VIEW,),
    reads=(VIEW,),
    related=("asset_change__agency", "asset_change__to_agency"),
    states=("proposed", "offered", "approved", "done", "refused", "declined", "withdrawn"),
    acts=(
        Act(
            "approve",
            run=changes.change_approve,
            notice=_("Approved: it is in the ledger."),
            sees=True,
            bulk=True,
            offered_to=lambda case, actor: not _made(case, actor),
        ),
        Act(
            "send",
            run=changes.change_approve,
            notice=_("Approved; the receiver is asked."),
            sees=True,
            bulk=True,
            offered_to=lambda case, actor: not _made(case, actor),
        ),
        Act(
            "accept",
            run=changes.change_accept,
            notice=_("Accepted: it is in the ledger."),
            sees=True,
            bulk=True,
        ),
        Act("decline", run=changes.change_decline, form=WhyForm, notice=_("Not accepted."), sees=True),
        Act("refuse", run=changes.change_refuse, form=WhyForm, notice=_("Refused."), sees=True),
        Act("withdraw", run=changes.change_withdraw, notice=_("Withdrawn."), sees=True, offered_to=_made),
        Act(
            "note",
            run=changes.change_note,
            notice=_("The inside note is saved."),
            box=Box(audience="inside", reads=_("Only staff read it"), button=_("Save note")),
        ),
    ),
    columns=(Column("goods", _("Goods"), _goods),),
    main="lada/changes/lines.html",
    pane="lada/changes/lines.html",
    context=change_context,
    texts=replace(USUAL, queue=_("Changes to goods"), sheet=_("Change %(number)s")),
)
FINDING_DESK = Desk(
    lifecycle=FINDING,
    work=LEAD,
    lists=(VIEW,),
    reads=(VIEW,),
    related=("asset_finding__asset", "asset_finding__session", "asset_finding__scan"),
    states=("open", "answered", "settled"),
    acts=(
        Act(
            "answer",
            run=findings.finding_answer,
            form=AnswerForm,
            notice=_("It is written down."),
            sees=True,
        ),
        Act("settle", run=findings.finding_settle, form=SettleForm, notice=_("It is settled."), sees=True),
        Act(
            "note",
            run=findings.finding_note,
            notice=_("The inside note is saved."),
            box=Box(audience="inside", reads=_("Only staff read it"), button=_("Save note")),
        ),
    ),
    columns=(Column("goods", _("Goods"), goods_cell), Column("found", _("Finding"), classes_cell)),
    search=lambda words: (
        Q(asset_finding__asset__nibar__icontains=words)
        | Q(asset_finding__asset__name__icontains=words)
        | Q(asset_finding__session__number__iexact=words)
    ),
    main="lada/findings/found.html",
    pane="lada/findings/found.html",
    context=finding_context,
    texts=replace(USUAL, queue=_("Findings of stocktakes"), sheet=_("Finding %(number)s")),
)
DESKS = (CHANGE_DESK, FINDING_DESK, ALARM_DESK)
