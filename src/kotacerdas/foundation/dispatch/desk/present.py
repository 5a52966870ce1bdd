"""How the day's page says what a plan is: its figures as tiles, its proof as a badge, its remarks, its versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from kotacerdas.foundation.dispatch.desk.reading import Lane, Left, Line, Sheet, Work, cubic
from kotacerdas.foundation.dispatch.models import Plan, SolveRun, UnitState
from kotacerdas.foundation.dispatch.moments import moment_of
from kotacerdas.foundation.dispatch.queries import is_lost, state_of_run, versions_of
from kotacerdas.foundation.dispatch.skills import skill_words
from kotacerdas.foundation.dispatch.words import names_of, reason_words
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.shapes import Tag
from kotacerdas.foundation.ui.tags.words import clock_time, number

SHOWN_VERSIONS = 8
_TRAVEL = {
    "great_circle": gettext_noop("Travel times are estimated from the straight distance."),
    "osrm": gettext_noop("Travel times are those of the road network."),
    "recorded": gettext_noop("Travel times are recorded ones."),
}
_REMARKS = {
    "osrm_unreachable": gettext_noop("The road server did not answer: the estimate stood in."),
    "osrm_no_road": gettext_noop("No road leads to some places: the estimate stood in for them."),
}
_FAILED = {
    "lost": gettext_noop("The worker stopped before the plan was ready."),
    "crashed": gettext_noop("Working out the plan failed. The operator has been told."),
    "flawed": gettext_noop("Something in the day's data cannot be right. The operator has been told."),
    "violations": gettext_noop("The plan that was found broke a rule, and was thrown away."),
    "too_long": gettext_noop("It took too long."),
}
_STATES = {Plan.State.DRAFT: "kunyit", Plan.State.PUBLISHED: "padi", Plan.State.REPLACED: "plain"}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of the plan, what it is of, and for a place how full it is (a share)."""

    label: str
    value: str
    note: str = ""
    share: float | None = None
    is_over: bool = False


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The job whose acts are open: where it stands, or why nowhere. is_earlier: it was left from an earlier day."""

    work: Work
    lane: Lane | None
    line: Line | None
    left: Left | None
    promise: str
    windows: str
    skills: str
    is_earlier: bool = False


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the day's plan in the list."""

    plan: Plan
    tag: Tag
    is_shown: bool
    url: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How an asking for a plan goes. state: asked, running, done, cancelled, failed; left: jobs in no route so far."""

    run: SolveRun
    state: str
    percent: int
    left: str
    why: str

    @property
    def is_open(self) -> bool:
        return self.state in ("asked", "running")


def address(day: date, plan: Plan | None = None, job: UUID | None = None) -> str:
    """The page of a day, of one version of its plan, with the acts of a job open."""
    query = [f"versi={plan.version}"] if plan is not None else []
    query += [f"tugas={job}"] if job is not None else []
    return reverse("dispatch:day", args=[day.isoformat()]) + (f"?{'&'.join(query)}" if query else "")


def figures_of(sheet: Sheet) -> list[Figure]:
    """Jobs, m³, km, the last one home, and the intake of each place against its limit."""
    every, told = sheet.planned + len(sheet.left), sheet.plan.figures if sheet.plan is not None else {}
    left = len(sheet.left)
    unloads = sum(line.stop.kind == "reload" for lane in sheet.lanes for line in lane.lines)
    brought = sum(sheet.intake(site) for site in sheet.sites)
    metres = sum(lane.metres for lane in sheet.lanes)
    last = told.get("last_end")
    ends = max((lane.shift.ends_at for lane in sheet.lanes if lane.lines), default=None)
    return [
        Figure(
            label=_("Jobs in routes"),
            value=_("%(n)s of %(every)s") % {"n": number(sheet.planned), "every": number(every)},
            note=_("%(n)s in no route, each with its reason") % {"n": left}
            if left
            else _("nothing is left out"),
        ),
        Figure(
            label=_("To the stations"),
            value=f"{cubic(brought)} m³",
            note=ngettext("%(n)s unloading", "%(n)s unloadings", unloads) % {"n": unloads},
        ),
        Figure(
            label=_("Distance"),
            value=f"{number(round(metres / 1000))} km",
            note=_("%(km)s km per m³") % {"km": number(metres / brought, 1)} if brought else "",
        ),
        Figure(
            label=_("Last one home"),
            value=clock_time(moment_of(sheet.day, last)) if last is not None else "–",
            note=_("shifts end at %(at)s") % {"at": clock_time(ends)} if ends else "",
        ),
        *(_intake(sheet, site) for site in sheet.sites),
    ]


def badge_of(plan: Plan) -> Tag:
    """What the independent checker found in a plan."""
    found = int(plan.figures.get("violations") or 0)
    if not found:
        return Tag(text=_("Sound, 0 violations"), tone="padi", icon="shield-check")
    words = ngettext("%(n)s violation", "%(n)s violations", found) % {"n": found}
    return Tag(text=words, tone="terasi", icon="shield-alert")


def remarks_of(sheet: Sheet) -> list[str]:
    """What somebody should know before the plan is in force: promises that cannot be kept, loads that stay on board."""
    if sheet.plan is None:
        return []
    told, names = sheet.plan.figures, names_of(sheet.agency)
    works = {str(one.work.job.id): one.work for one in sheet.left}
    found = [_broken(sheet.day, one, works, names) for one in told.get("broken_promises") or ()]
    found += [
        _("%(unit)s cannot go on, and has %(n)s jobs to do in this plan.")
        % {"unit": lane.unit.name, "n": len(lane.tasks) - lane.begun}
        for lane in sheet.lanes
        if lane.state != UnitState.State.AVAILABLE and lane.begun < len(lane.tasks)
    ]
    if without := [lane.unit.name for lane in sheet.lanes if lane.lines and lane.shift.crew_id is None]:
        found.append(
            _("Nobody is told of the route of %(units)s: its shift has no crew.")
            % {"units": ", ".join(without)}
        )
    for unit, litres in (told.get("stranded") or {}).items():
        given = {"unit": names.get(unit, ""), "litres": cubic(litres)}
        found.append(_("%(unit)s broke down with %(litres)s m³ on board.") % given)
    for unit in told.get("left_loaded") or ():
        found.append(
            _("No place takes what %(unit)s has on board any more today.") % {"unit": names.get(unit, "")}
        )
    return found


def travel_words(plan: Plan) -> str:
    """By what travel was reckoned, and what should be known of it."""
    told = plan.figures
    parts = [_TRAVEL.get(told.get("travel", ""), ""), _REMARKS.get(told.get("travel_remark", ""), "")]
    return " ".join(_(one) for one in parts if one)


def versions_shown(agency: Agency, day: date, shown: Plan | None) -> list[Version]:
    """The newest versions of a day's plan, and the one that is looked at."""
    plans = list(versions_of(agency, day)[:SHOWN_VERSIONS])
    if shown is not None and shown.id not in {one.id for one in plans}:
        plans.append(shown)
    return [
        Version(
            plan=one,
            tag=Tag(text=state_words(one), tone=_STATES[Plan.State(one.state)]),  # type: ignore[arg-type]
            is_shown=shown is not None and one.id == shown.id,
            url=address(day, one),
        )
        for one in plans
    ]


def state_words(plan: Plan) -> str:
    """`draft`, `in force now`, `replaced`."""
    return str(_("in force now") if plan.state == Plan.State.PUBLISHED else plan.get_state_display())


def newer_draft(versions: Sequence[Version], shown: Plan | None) -> Version | None:
    """A draft that is younger than the plan that is looked at."""
    if shown is None:
        return None
    young = (one for one in versions if one.plan.version > shown.version)
    return next((one for one in young if one.plan.state == Plan.State.DRAFT), None)


def progress_of(run: SolveRun | None) -> Progress | None:
    """How the newest asking goes; None where nobody asked."""
    if run is None:
        return None
    left = run.unplanned
    return Progress(
        run=run,
        state=state_of_run(run),
        percent=run.progress,
        left=ngettext("%(n)s job in no route yet", "%(n)s jobs in no route yet", left) % {"n": left}
        if left is not None
        else "",
        why=_(_FAILED.get("lost" if is_lost(run) else run.error, _FAILED["crashed"])),
    )


def chosen_of(sheet: Sheet, job: UUID | None) -> Chosen | None:
    """The job that was chosen, where it is on this page."""
    if job is None:
        return None
    stands = sheet.lane_of(job)
    left = next((one for one in sheet.left if one.work.job.id == job), None)
    earlier = next((one for one in sheet.earlier if one.job.id == job), None)
    work = stands[1].work if stands is not None else left.work if left is not None else earlier
    if work is None:
        return None
    one = work.job
    promise = f"{clock_time(one.promised_from)}-{clock_time(one.promised_until)}" if one.promised_from else ""
    return Chosen(
        work=work,
        lane=stands[0] if stands is not None else None,
        line=stands[1] if stands is not None else None,
        left=left,
        promise=promise,
        windows=", ".join("-".join(pair) for pair in one.windows),
        skills=skill_words(one.skills),
        is_earlier=work is earlier,
    )


def neighbours(day: date) -> dict[str, str]:
    """The addresses of the day before and of the day after."""
    one = timedelta(days=1)
    return {"before": address(day - one), "after": address(day + one)}


def _intake(sheet: Sheet, site: Any) -> Figure:
    brought, limit = sheet.intake(site), site.daily_limit_l
    if not limit:
        return Figure(label=site.name, value=f"{cubic(brought)} m³", note=_("no daily limit"))
    return Figure(
        label=site.name,
        value=_("%(n)s of %(limit)s m³") % {"n": cubic(brought), "limit": cubic(limit)},
        note=_("%(left)s m³ are left") % {"left": cubic(max(0, limit - brought))},
        share=min(1.0, brought / limit),
        is_over=brought > limit,
    )


def _broken(day: date, told: dict[str, Any], works: dict[str, Work], names: dict[str, str]) -> str:
    work, reason = works.get(told["task"]), told["reason"]
    parts = [_("A promise cannot be kept: %(job)s.") % {"job": _name(work)}]
    parts.append(reason_words(reason["code"], reason["figures"], names))
    if told.get("unit") and told.get("begin") is not None:
        at = clock_time(moment_of(day, told["begin"]))
        parts.append(_("%(unit)s could come at %(at)s.") % {"unit": names.get(told["unit"], ""), "at": at})
    return " ".join(parts)


def _name(work: Work | None) -> str:
    parts: Iterable[str] = (work.words, work.village) if work is not None else ()
    return ", ".join(one for one in parts if one) or str(_("a job"))
