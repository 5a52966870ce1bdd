"""The desks of goods: changes that wait, findings of stocktakes, alarms."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.declarations import Act, Box, Cell, Column, Desk
from kotacerdas.foundation.casework.texts import USUAL
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.forms import WhyForm
from kotacerdas.programs.lada.lifecycles.alarms import ALARM
from kotacerdas.programs.lada.lifecycles.changes import CHANGE
from kotacerdas.programs.lada.lifecycles.findings import FINDING
from kotacerdas.programs.lada.permissions import LEAD, TRACK, VIEW
from kotacerdas.programs.lada.register.change_lines import change_context


def _goods(case: Case) -> Cell:
    """Whose goods, and how many."""
    change = case.asset_change
    to = f" → {change.to_agency.short_name}" if change.to_agency is not None else ""
    n = change.lines.count()
    return Cell(
        text=ngettext("%(n)d good", "%(n)d goods", n) % {"n": n}, small=f"{change.agency.short_name}{to}"
    )


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
        ),
        Act(
            "send",
            run=changes.change_approve,
            notice=_("Approved; the receiver is asked."),
            sees=True,
            bulk=True,
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
        Act("withdraw", run=changes.change_withdraw, notice=_("Withdrawn."), sees=True),
        Act(
            "note",
            run=changes.change_note,
            notice=_("The inside note is saved."),
            box=Box(audience="inside", reads=_("Only staff read it"), button=_("Save note")),
        ),
    ),
    columns=(Column("goods", _("Goods"), _goods),),
    main="lada/changes/lines.html",
    context=change_context,
    texts=replace(USUAL, queue=_("Changes to goods"), sheet=_("Change %(number)s")),
)
FINDING_DESK = Desk(
    lifecycle=FINDING,
    work=LEAD,
    lists=(VIEW,),
    reads=(VIEW,),
    acts=(),
    texts=replace(USUAL, queue=_("Findings of stocktakes"), sheet=_("Finding %(number)s")),
)
ALARM_DESK = Desk(
    lifecycle=ALARM,
    work=TRACK,
    lists=(VIEW,),
    reads=(VIEW,),
    acts=(),
    texts=replace(USUAL, queue=_("Goods outside their fence"), sheet=_("Alarm %(number)s")),
)
DESKS = (CHANGE_DESK, FINDING_DESK, ALARM_DESK)
