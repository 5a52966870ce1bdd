"""Actions on reports. Each checks the permission and input, then changes, journals and notifies in one transaction."""

from kotacerdas.programs.iceta.actions.calling import call_report
from kotacerdas.programs.iceta.actions.deciding import (
    report_end,
    report_merge,
    report_postpone,
    report_take_up,
    report_verify,
)
from kotacerdas.programs.iceta.actions.filing import Draft, Filed, report_file, report_join
from kotacerdas.programs.iceta.actions.following import (
    report_answer,
    report_expire,
    report_rate,
    report_reopen,
)
from kotacerdas.programs.iceta.actions.working import (
    report_accept,
    report_ask,
    report_carry_on,
    report_hand,
    report_note,
    report_on_scene,
    report_reply,
    report_resolve,
    report_return,
    report_support,
)

__all__ = [
    "Draft",
    "Filed",
    "call_report",
    "report_accept",
    "report_answer",
    "report_ask",
    "report_carry_on",
    "report_end",
    "report_expire",
    "report_file",
    "report_hand",
    "report_join",
    "report_merge",
    "report_note",
    "report_on_scene",
    "report_postpone",
    "report_rate",
    "report_reopen",
    "report_reply",
    "report_resolve",
    "report_return",
    "report_support",
    "report_take_up",
    "report_verify",
]
