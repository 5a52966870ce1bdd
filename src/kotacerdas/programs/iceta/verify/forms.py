"""The verifier's forms. They read the request; the actions hold the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.forms import StepForm
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.fields import WordsField
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.models import Category

CLASSES = (("information", _("Information")), ("complaint", _("Complaint")), ("aspiration", _("Aspiration")))
URGENCIES = (("normal", _("Normal")), ("urgent", _("Urgent")), ("emergency", _("Emergency")))


class _Agencies(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several agencies; the empty line of the list that adds one does not count."""

    def clean(self, value: Any) -> Any:
        return super().clean([one for one in value or () if one])


class DispositionForm(StepForm):
    """Category, agencies, class, urgency, and what is published."""

    category = forms.CharField(error_messages={"required": _("Choose a category.")})
    agency = forms.ModelChoiceField(
        label=_("Lead"),
        queryset=Agency.objects.filter(closed_on=None),
        error_messages={"required": _("Choose the agency that leads.")},
    )
    supporting = _Agencies(
        label=_("Supporting"), queryset=Agency.objects.filter(closed_on=None), required=False
    )
    report_class = forms.ChoiceField(label=_("Class"), choices=CLASSES)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=URGENCIES)
    is_oversight = forms.BooleanField(label=_("Oversight content"), required=False)
    publish = forms.BooleanField(label=_("The coded report"), required=False)
    publish_words = forms.BooleanField(label=_("The words"), required=False)
    publish_photos = forms.BooleanField(label=_("The photos"), required=False)

    def clean_category(self) -> Category:
        """The category in use of that code."""
        found = categories().get(self.cleaned_data["category"])
        if found is None:
            raise forms.ValidationError(_("Choose a category."))
        return found


def check_codes(given: QueryDict) -> None:
    """Raise Invalid for a class or an urgency that there is not, in a disposition that is only looked at."""
    known = {"report_class": dict(CLASSES), "urgency": dict(URGENCIES)}
    wrong = [name for name in known if given.get(name) and given[name] not in known[name]]
    if wrong:
        words = _("Choose one of those offered.")
        raise Invalid(words, fields=dict.fromkeys(wrong, words))


class PostponeForm(StepForm):
    """Until when, and why; the reporter reads the reason."""

    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date", "autofocus": True}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a date."), "invalid": _("Choose a date.")},
    )
    reason = WordsField(
        label=_("Reason"),
        help_text=_("The reporter reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why.")},
    )


class EndForm(StepForm):
    """Why a report ends here; the reporter reads it."""

    reason = WordsField(
        label=_("Reason"),
        help_text=_("The reporter reads this: say where to turn, or what is missing."),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
        error_messages={"required": _("Say why.")},
    )


class PrankForm(EndForm):
    """A prank needs no reason, but may have one."""

    reason = WordsField(
        label=_("Reason"),
        help_text=_("The case ends at once. The reporter is not told."),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
        required=False,
    )


class MergeForm(StepForm):
    """The number of the report that goes on."""

    into = forms.CharField(required=False)


def first_values(case: Case, category: Category | None) -> dict[str, Any]:
    """What the disposition is filled with: the category's own agency, class, urgency; published by default.

    Without a category nothing is chosen but what the report itself says.
    """
    if category is None:
        return {"report_class": case.report.report_class, "urgency": case.priority, "publish": True}
    return {
        "category": category.code,
        "agency": category.lead_id,
        "supporting": [one.id for one in category.supporting.all()],
        "report_class": category.report_class,
        "urgency": _higher(case.priority, category.urgency),
        "is_oversight": category.is_oversight,
        "publish": category.is_public and not case.report.is_secret,
    }


def _higher(one: str, other: str) -> str:
    """The more urgent of two, so that an urgency raised by a desk is not lowered silently."""
    order = [code for code, _label in URGENCIES]
    return max(one, other, key=lambda code: order.index(code) if code in order else 0)
