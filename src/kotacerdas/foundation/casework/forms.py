"""The forms that the steps of any kind share. They read the request; the actions hold the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.names import position_title
from kotacerdas.foundation.parties.models import Position
from kotacerdas.foundation.ui.fields import WordsField
from kotacerdas.kernel import ids
from kotacerdas.kernel.regency import regency

if TYPE_CHECKING:
    from kotacerdas.foundation.casework.declarations import Act

OF_THE_FORM = frozenset({"seen_version", "key", "audience"})  # fields that are not given to the action


class Photos(forms.FileInput):
    """Several pictures at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to the pack's number of photos; what is in them is checked where they are stored."""

    widget = Photos(attrs={"accept": "image/*"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The chosen files. ValidationError when there are too many."""
        chosen = [one for one in (data or []) if one]
        most = regency().limits.most_photos
        if len(chosen) > most:
            raise forms.ValidationError(_("At most %(most)d photos fit."), params={"most": most})
        for one in chosen:
            super().clean(one, initial)
        return chosen


class StepForm(forms.Form):
    """What a step's form carries besides its fields: the version that was seen, and a key of its own.

    The key tells a second press of the same form from another step. Alone it is the form of a step that is taken
    at once.
    """

    use_required_attribute = False  # what is missing is said at the field, in the page's language

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False, initial=ids.new_id)
    notice: str = ""  # what whoever takes the step should know first

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.fields["seen_version"].initial = case.version

    @property
    def typed(self) -> str:
        """The words as they were typed."""
        words = (one.value() for one in self if isinstance(one.field.widget, forms.Textarea))
        return "\n\n".join(str(text) for text in words if text)


class WordsForm(StepForm):
    """Words, with photos where the step takes them."""

    body = WordsField(label=_("Words"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].error_messages["required"] = _("Write what is to be said.")


class BoxForm(WordsForm):
    """The box under the timeline: who reads it, words, photos."""

    audience = forms.ChoiceField(choices=[("public", "public"), ("inside", "inside")], required=False)
    photos = PhotosField(label=_("Photos"), required=False)


def form_of(act: Act) -> type[StepForm]:
    """The form in which a step is posted."""
    return act.form or (BoxForm if act.box else StepForm)


class ReasonForm(StepForm):
    """A reason, for those who read the case after us."""

    reason = WordsField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = _("Say why.")


class WithNoteForm(StepForm):
    """A choice, and an inside note for whoever gets the work."""

    field_order = ("position", "agency", "body")

    body = WordsField(label=_("Inside note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class HandForm(WithNoteForm):
    """A post of the agency that leads, and what is to be done there."""

    position = forms.ModelChoiceField(label=_("Post"), queryset=Position.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"] = _posts([self.case.lead_agency_id])
        self.fields["body"].label = _("What is to be done")
        self.fields["body"].help_text = _("Stands in the case as an inside note.")


class BulkHandForm(forms.Form):
    """A post of one of one's own agencies, for several cases at once."""

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"] = _posts(agencies)


class PurposeForm(StepForm):
    """Why a number is opened: stands in the journal."""

    purpose = forms.ChoiceField(label=_("What do you need it for?"))

    def __init__(self, *args: Any, purposes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose a purpose")), *purposes]
        field.error_messages["required"] = _("Choose a purpose.")
        field.help_text = _("Your post, the purpose and the time are written to the journal.")


class _PostField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{position_title(obj)} · {obj.agency.short_name}"


def _posts(agencies: list[UUID | None] | frozenset[UUID]) -> _PostField:
    field = _PostField(
        label=_("Post"),
        queryset=Position.objects.filter(agency__in=agencies, closed_on=None).select_related("agency"),
        empty_label=str(_("Choose a post")),
    )
    field.error_messages["required"] = _("Choose a post.")
    return field
