"""What a planner does on the day's page: each act reads its form and calls an action; it answers with the next page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.dispatch import actions, queries
from kotacerdas.foundation.dispatch.desk import forms
from kotacerdas.foundation.dispatch.desk.present import address
from kotacerdas.foundation.dispatch.models import Job, Plan, PlannedStop, Unit
from kotacerdas.foundation.dispatch.permissions import PLAN
from kotacerdas.foundation.parties.access import acting
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.tags.words import day as day_words
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid

REST_SECONDS = 10  # in mid-day people wait for it


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An act as it came: who, of which agency, day and version of the plan, with what."""

    request: HttpRequest
    actor: Actor
    agency: Agency
    day: date
    plan: Plan | None
    data: Mapping[str, Any]

    def read(self, form: type[forms.AgencyForm]) -> dict[str, Any]:
        return form(self.data, self.agency).read()

    def say(self, words: str) -> None:
        messages.success(self.request, words)

    def the_plan(self) -> Plan:
        """The plan that the act is about. Raises Conflict where the day has none."""
        if self.plan is None:
            raise Conflict(_("There is no plan of this day yet."), remedy=_("Make one first."))
        return self.plan


def take(request: HttpRequest, agency: Agency, day: date, plan: Plan | None) -> str:
    """Do what the posted form asks for, and say which page comes next. Raises what the action raises."""
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Invalid(_("Please choose what is to be done."))
    if day < clock.today():
        raise Conflict(_("This day is past."), remedy=_("Choose today or a later day."))
    actor = acting(request, PLAN, agencies=[agency.id])
    return act(Asked(request=request, actor=actor, agency=agency, day=day, plan=plan, data=request.POST))


def _ask(asked: Asked) -> str:
    """Work the day out; of today, once a plan is in force, its rest: what was done stays done."""
    if asked.day == clock.today() and queries.published(asked.agency, asked.day) is not None:
        return _rest(asked)
    seconds = asked.read(forms.AskForm)["seconds"] or forms.SECONDS[1][0]
    actions.solve_ask(actor=asked.actor, agency=asked.agency, day=asked.day, seconds=seconds)
    return address(asked.day)


def _rest(asked: Asked) -> str:
    """Plan the rest of the day again, after what was done of the plan in force."""
    plan = queries.published(asked.agency, asked.day)
    if plan is None:
        raise Conflict(_("No plan of this day is in force."), remedy=_("Send one to the crews first."))
    actions.solve_ask(
        actor=asked.actor, agency=asked.agency, day=asked.day, seconds=REST_SECONDS, rest_of=plan
    )
    return address(asked.day)


def _cancel(asked: Asked) -> str:
    actions.solve_cancel(actor=asked.actor, run=asked.read(forms.RunForm)["run"])
    asked.say(_("Working out the plan is cancelled."))
    return address(asked.day)


def _copy(asked: Asked) -> str:
    made = actions.plan_copy(actor=asked.actor, plan=asked.the_plan())
    asked.say(_("Version %(n)s is a draft: change it, then send it.") % {"n": made.version})
    return address(asked.day, made)


def _publish(asked: Asked) -> str:
    plan = actions.plan_publish(actor=asked.actor, plan=asked.the_plan())
    n = plan.routes.count()
    asked.say(ngettext("Sent to %(n)s crew.", "Sent to %(n)s crews.", n) % {"n": n})
    return address(asked.day, plan)


def _move(asked: Asked) -> str:
    given, plan = asked.read(forms.MoveForm), asked.the_plan()
    job, unit, number = given["job"], given["unit"], given["number"]
    position = None if number is None else max(0, number - 1 - _begun(plan, unit, job))
    plan = actions.stop_move(actor=asked.actor, plan=plan, job=job, unit=unit, position=position)
    asked.say(_("The job is in the route of %(unit)s.") % {"unit": unit.name})
    return address(asked.day, plan, job.id)


def _remove(asked: Asked) -> str:
    job = asked.read(forms.JobForm)["job"]
    plan = actions.stop_remove(actor=asked.actor, plan=asked.the_plan(), job=job)
    asked.say(_("The job is taken out. It stays open, for another plan."))
    return address(asked.day, plan)


def _pin(asked: Asked) -> str:
    given = asked.read(forms.PinForm)
    job, unit = given["job"], given["unit"]
    actions.job_pin(actor=asked.actor, job=job, unit=unit)
    asked.say(
        _("From the next plan on %(unit)s alone does it.") % {"unit": unit.name}
        if unit is not None
        else _("From the next plan on any unit may do it.")
    )
    return address(asked.day, asked.plan, job.id)


def _postpone(asked: Asked) -> str:
    given = asked.read(forms.PostponeForm)
    actions.job_postpone(actor=asked.actor, job=given["job"], day=given["on"])
    asked.say(_("The job waits for the plan of %(day)s.") % {"day": day_words(given["on"])})
    return address(asked.day, asked.plan)


def _begun(plan: Plan, unit: Unit, job: Job) -> int:
    """How many jobs of a unit's route are done or under way: those keep their place."""
    stops = PlannedStop.objects.filter(route__plan=plan, route__unit=unit, job__isnull=False)
    return stops.exclude(state=PlannedStop.State.PLANNED).exclude(job=job).count()


ACTS: Mapping[str, Callable[[Asked], str]] = {
    "ask": _ask,
    "rest": _rest,
    "cancel": _cancel,
    "copy": _copy,
    "publish": _publish,
    "move": _move,
    "remove": _remove,
    "pin": _pin,
    "postpone": _postpone,
}
