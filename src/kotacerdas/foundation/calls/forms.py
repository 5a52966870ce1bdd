"""What every call's form carries. It reads the request; the actions hold the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.calls.actions import NOTED
from kotacerdas.foundation.parties.models import Person
from kotacerdas.kernel import ids, phones
from kotacerdas.kernel.errors import Words

NO_NUMBER = _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")


class CallForm(forms.Form):
    """A call in the order it is told: number, what, who. A program adds its own questions and their order."""

    phone = forms.CharField(required=False, max_length=40)
    words = forms.CharField(error_messages={"required": _("Write what happened.")})
    name = forms.CharField(required=False, max_length=120)
    person = forms.UUIDField(required=False)  # whom the desk chose among the people behind the number
    is_anonymous = forms.BooleanField(required=False)
    seconds = forms.IntegerField(required=False, min_value=0)
    key = forms.UUIDField(required=False, initial=ids.new_id)
    resumed = forms.UUIDField(required=False)  # the broken call that this one goes on with

    chosen: Person | None = None  # the person chosen, once the desk was found to know them
    PLACES: Mapping[str, str] = {}  # an action's fields that stand under another name here

    def clean_phone(self) -> str:
        """The number as typed; a number that is none is said at the field."""
        text = str(self.cleaned_data["phone"]).strip()
        if text and not phones.normal(text):
            raise forms.ValidationError(NO_NUMBER)
        return text

    def take_errors(self, fields: Mapping[str, Words]) -> None:
        """Add an action's errors to the fields of the form."""
        for name, words in fields.items():
            target = self.PLACES.get(name, name)
            self.add_error(target if target in self.fields else None, words)

    def keep_errors(self, *names: str) -> None:
        """Keep only the errors of these fields: a call that becomes no case needs no story."""
        for name in set(self.errors) - set(names):
            del self.errors[name]

    @property
    def first_wrong(self) -> str:
        """The first field with an error in the order of the call; it takes the focus."""
        return next((name for name in self.fields if name in self.errors), "")


class NoteForm(forms.Form):
    """A call that becomes nothing; its number is the call form's. `sure` is what was asked and answered."""

    outcome = forms.ChoiceField(choices=[(name, name) for name in NOTED])
    seconds = forms.IntegerField(required=False, min_value=0)
    words = forms.CharField(required=False)
    phone = forms.CharField(required=False)
    is_anonymous = forms.BooleanField(required=False)
    resumed = forms.UUIDField(required=False)
    sure = forms.CharField(required=False)

    @property
    def asks(self) -> str:
        """What must be asked first: a "story" would be lost, a prank has no "number"; "" for nothing."""
        given = self.cleaned_data
        lacks_number = given["outcome"] == "prank" and not given["phone"]
        loses_story = given["words"] and given["outcome"] != "abandoned"  # of a broken call it is kept
        need = "story" if loses_story else "number" if lacks_number else ""
        return need if given["sure"] != need else ""


class BackForm(forms.Form):
    """The call of the list that is to be called back."""

    call = forms.UUIDField()


class PeopleForm(forms.Form):
    """Merge two people behind a number, or separate them again."""

    phone = forms.CharField(max_length=40)
    step = forms.ChoiceField(choices=[("merge", "merge"), ("part", "part")])
    one = forms.UUIDField()
    into = forms.UUIDField(required=False)


class SpanForm(forms.Form):
    """The times between which a shift is looked at; the desk's own, none is laid down."""

    sejak = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    sampai = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def value_of(form: CallForm) -> dict[str, Any]:
    """What the form shows, by field."""
    return {name: form[name].value() or "" for name in form.fields}
