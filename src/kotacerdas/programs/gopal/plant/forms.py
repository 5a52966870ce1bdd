"""What is asked at a plant's desk, and of differences. The actions hold the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework.forms import StepForm
from kotacerdas.foundation.ui.fields import WholeField, WordsField
from kotacerdas.programs.gopal.actions.logbook import FIGURES, KINDS
from kotacerdas.programs.gopal.lifecycles.differences import DECISIONS


class ToldForm(StepForm):
    """What the operator said, in their words."""

    body = WordsField(
        label=_("What the operator says"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def notice(self) -> str:  # type: ignore[override]
        """What whoever asks should know first."""
        return str(_("Ask openly: a sensor, a meter or a form may be wrong. Write the operator's own words."))


class SettleForm(StepForm):
    """A decision about a difference, with its reason where it concerns the operator."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=(("", _("Choose a decision")), *DECISIONS.items())
    )
    body = WordsField(
        label=_("Reason, read by staff"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PlainForm(forms.Form):
    """A form that takes an action's errors."""

    use_required_attribute = False

    def take_errors(self, fields: dict[str, Any]) -> None:
        """Add an action's errors to the fields of the form; to the whole form where it has no such field."""
        for name, words in fields.items():
            self.add_error(name if name in self.fields else None, words)


class ReceiveForm(PlainForm):
    """Litres by the plant's meter; a reason where something is unusual."""

    litres = WholeField(
        label=_("Litres by the meter"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Type the litres from the meter.")},
    )
    why = forms.CharField(label=_("Why it is received all the same"), max_length=200, required=False)


class RefuseForm(PlainForm):
    """Why sludge is not taken."""

    why = WordsField(
        label=_("Why it is refused, read by the planner"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why.")},
    )


class LogForm(PlainForm):
    """A line of the logbook. Figures are for the laboratory alone."""

    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS.items())
    words = WordsField(
        label=_("What was done or seen"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in FIGURES:
            label = f"{one.label} ({one.unit})" if one.unit else one.label
            self.fields[one.name] = forms.DecimalField(label=label, required=False, localize=True)

    @property
    def figures(self) -> list[Any]:
        """The fields of the laboratory."""
        return [self[one.name] for one in FIGURES]

    @property
    def values(self) -> dict[str, float]:
        """The figures that were typed."""
        given = self.cleaned_data
        return {one.name: float(given[one.name]) for one in FIGURES if given.get(one.name) is not None}
