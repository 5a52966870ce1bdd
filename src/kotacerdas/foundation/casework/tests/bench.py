"""The desk of repairs, for the tests of the room, and its addresses beside those of the house."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import include, path

from kotacerdas.config.urls import urlpatterns as house
from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.kinds import INSIDE
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.tests.repairs import HELPER, MESSAGE, REPAIR, WORK
from kotacerdas.foundation.casework.addresses import desk_urls
from kotacerdas.foundation.casework.declarations import Act, Box, Cell, Column, Desk, Filter
from kotacerdas.foundation.casework.forms import StepForm
from kotacerdas.foundation.parties.actors import Actor


class HoursForm(StepForm):
    hours = forms.IntegerField(min_value=0)


class WorkshopForm(forms.Form):
    """What is asked when several are passed on at once."""

    shelf = forms.CharField()

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


def begin(*, actor: Actor, case: Case, seen_version: int | None = None) -> object:
    return cases.take(case, "begin", actor=actor, seen_version=seen_version)


def find(*, actor: Actor, case: Case, hours: int) -> object:
    return cases.take(case, "find", actor=actor, hours=hours, payload={"hours": hours})


def finish(*, actor: Actor, case: Case, shelf: str = "") -> object:
    return cases.take(case, "finish", actor=actor, payload={"shelf": shelf})


def write(*, actor: Actor, case: Case, body: str, photos: Any = ()) -> object:
    taken = cases.take(case, "write", actor=actor, body=body.strip())
    return cases.add_note(case, kind=MESSAGE.name, body=body, actor=actor, row=taken.row)


def jot(*, actor: Actor, case: Case, body: str, photos: Any = ()) -> object:
    taken = cases.take(case, "jot", actor=actor, body=body.strip())
    return cases.add_note(case, kind=INSIDE.name, body=body, actor=actor, row=taken.row)


BENCH = Desk(
    lifecycle=REPAIR,
    work=WORK,
    lists=(WORK,),
    reads=(WORK,),
    roles=("lead", HELPER.name),
    states=("waiting", "ready"),
    columns=(Column("thing", "Thing", lambda case: Cell(text=f"a {case.title_code}")),),
    filters=(Filter("bengkel", "Workshop", lambda grants: Q(role=HELPER.name)),),
    opens=lambda party: WORK,
    opening=(WORK,),
    purposes=(("fetch", "To say that it is ready"),),
    search=lambda words: Q(title_code__icontains=words),
    acts=(
        Act("begin", run=begin, notice="Begun.", sees=True, bulk=True),
        Act("find", run=find, form=HoursForm, notice="Written down."),
        Act("finish", run=finish, notice="Finished.", bulk=True, bulk_form=WorkshopForm),
        Act(
            "write",
            run=write,
            notice="Sent.",
            box=Box(audience="public", reads="The owner reads it", button="Send"),
        ),
        Act("jot", run=jot, notice="Kept.", box=Box(audience="inside", reads="We read it", button="Keep")),
    ),
)

urlpatterns = [
    *house,
    path("desk/repairs/", include((desk_urls(BENCH), "repairs"))),
]
