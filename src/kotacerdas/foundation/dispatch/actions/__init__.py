"""Every write of dispatch: the fleet, the jobs, the plans, what is reported from the road, and asking for a plan."""

from kotacerdas.foundation.dispatch.actions.fleet import (
    UnitDraft,
    crew_save,
    position_report,
    shift_remove,
    shift_set,
    station_save,
    unit_change,
    unit_create,
    unit_state_set,
)
from kotacerdas.foundation.dispatch.actions.jobs import (
    job_cancel,
    job_change,
    job_finish,
    job_open,
    job_pin,
    job_postpone,
)
from kotacerdas.foundation.dispatch.actions.plans import (
    plan_copy,
    plan_publish,
    stop_begin,
    stop_finish,
    stop_move,
    stop_put_back,
    stop_remove,
)
from kotacerdas.foundation.dispatch.actions.runs import solve_ask, solve_cancel
from kotacerdas.foundation.dispatch.actions.weeks import Copied, Hours, shifts_set, week_copy

__all__ = [
    "Copied",
    "Hours",
    "UnitDraft",
    "crew_save",
    "job_cancel",
    "job_change",
    "job_finish",
    "job_open",
    "job_pin",
    "job_postpone",
    "plan_copy",
    "plan_publish",
    "position_report",
    "shift_remove",
    "shift_set",
    "shifts_set",
    "solve_ask",
    "solve_cancel",
    "station_save",
    "stop_begin",
    "stop_finish",
    "stop_move",
    "stop_put_back",
    "stop_remove",
    "unit_change",
    "unit_create",
    "unit_state_set",
    "week_copy",
]
