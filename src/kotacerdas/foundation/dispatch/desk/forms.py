"""What the planner's forms bring. They only read; whether it may be done is said by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from kotacerdas.foundation.dispatch.models import Crew, Job, SolveRun, Unit, UnitState
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel.errors import Invalid

SECONDS = (
    (10, gettext_lazy("10 seconds")),
    (30, gettext_lazy("30 seconds")),
    (120, gettext_lazy("2 minutes")),
)
MOST_NUMBER = 200
LABELS = {
    "job": gettext_noop("The job"),
    "unit": gettext_noop("Unit"),
    "crew": gettext_noop("Crew"),
    "number": gettext_noop("as number"),
    "on": gettext_noop("Other day"),
    "first": gettext_noop("From day"),
    "last": gettext_noop("to day"),
    "starts": gettext_noop("Begins"),
    "ends": gettext_noop("Ends"),
    "break_minutes": gettext_noop("Break, minutes"),
    "break_from": gettext_noop("begins between"),
    "break_until": gettext_noop("and"),
}


class AgencyForm(forms.Form):
    """A form whose rows are those of one agency."""

    rows = {"job": Job, "unit": Unit, "run": SolveRun, "crew": Crew}

    def __init__(self, data: Any, agency: Agency) -> None:
        super().__init__(data)
        for name, model in self.rows.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = model._default_manager.filter(agency=agency).select_related("agency")

    def read(self) -> dict[str, Any]:
        """What was typed. Raises Invalid with the fields."""
        if self.is_valid():
            return self.cleaned_data
        fields = {
            name: f"{_(label)}: {errors[0]}" if (label := LABELS.get(name)) else str(errors[0])
            for name, errors in self.errors.items()
        }
        raise Invalid(_("Please look at what is marked."), fields=fields)


class AskForm(AgencyForm):
    """How long the solver may look."""

    seconds = forms.IntegerField(required=False, min_value=1, max_value=600)


class RunForm(AgencyForm):
    """An asking."""

    run = forms.ModelChoiceField(queryset=SolveRun.objects.none())


class JobForm(AgencyForm):
    """A job."""

    job = forms.ModelChoiceField(queryset=Job.objects.none())


class MoveForm(JobForm):
    """Where a job is to go: to a unit, as its job of that number (empty: where it fits best)."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none())
    number = forms.IntegerField(required=False, min_value=1, max_value=MOST_NUMBER)


class PinForm(JobForm):
    """Which unit alone may do a job; empty: any."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), required=False)


class PostponeForm(JobForm):
    """The other day of a job."""

    on = forms.DateField()


class StateForm(AgencyForm):
    """A unit's state, and why."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none())
    state = forms.ChoiceField(choices=UnitState.State.choices)
    why = forms.CharField(required=False, max_length=200)


class ShiftForm(AgencyForm):
    """A unit's shift on some days: local times, and a break of so many minutes that begins between two of them."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none())
    crew = forms.ModelChoiceField(queryset=Crew.objects.none(), required=False)
    first = forms.DateField()
    last = forms.DateField(required=False)
    starts = forms.TimeField()
    ends = forms.TimeField()
    break_minutes = forms.IntegerField(required=False, min_value=0, max_value=480)
    break_from = forms.TimeField(required=False)
    break_until = forms.TimeField(required=False)


class WeekForm(AgencyForm):
    """A week, by its Monday."""

    week = forms.DateField()
