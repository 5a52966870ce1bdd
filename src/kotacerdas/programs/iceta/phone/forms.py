"""What the call form carries. It reads the request; the actions hold the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.kernel import ids, phones
from kotacerdas.kernel.errors import Words
from kotacerdas.programs.iceta.actions import Draft
from kotacerdas.programs.iceta.actions.calling import NOTED
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.models import Category
from kotacerdas.programs.iceta.phone.places import Spot, spot_of

URGENCIES = (
    ("emergency", _("Emergency"), _("lives or property in danger"), "d"),
    ("urgent", _("Urgent"), _("cannot wait for the usual time"), "s"),
    ("normal", _("Normal"), _("the usual promise"), "b"),
)
NO_NUMBER = _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")


class CallForm(forms.Form):
    """A call in the order it is told: number, what, where, who, how urgent."""

    phone = forms.CharField(required=False, max_length=40)
    words = forms.CharField(error_messages={"required": _("Write what happened.")})
    category = forms.CharField(error_messages={"required": _("Choose what kind it is: 1 to 5, or search.")})
    place = forms.CharField(required=False, max_length=60)
    place_text = forms.CharField(required=False, max_length=120)
    name = forms.CharField(required=False, max_length=120)
    is_secret = forms.BooleanField(required=False)
    is_anonymous = forms.BooleanField(required=False)
    urgency = forms.ChoiceField(required=False, choices=[(code, label) for code, label, _h, _k in URGENCIES])
    seconds = forms.IntegerField(required=False, min_value=0)
    key = forms.UUIDField(required=False, initial=ids.new_id)
    resumed = forms.UUIDField(required=False)  # the broken call that this one goes on with

    spot: Spot | None = None

    def clean_phone(self) -> str:
        """The number as typed; a number that is none is said at the field."""
        text = str(self.cleaned_data["phone"]).strip()
        if text and not phones.normal(text):
            raise forms.ValidationError(NO_NUMBER)
        return text

    def clean_category(self) -> Category:
        """The category in use of that code."""
        found = categories().get(self.cleaned_data["category"])
        if found is None:
            raise forms.ValidationError(_("Choose one from the list."))
        return found

    def clean(self) -> dict[str, Any]:
        """The place: chosen from the list, so that the report has an area."""
        cleaned: dict[str, Any] = super().clean() or {}
        self.spot = spot_of(cleaned.get("place", ""), cleaned.get("place_text", ""))
        if self.spot is None:
            asked = cleaned.get("place_text", "")
            self.add_error(
                "place_text",
                _("Choose one of the places found, or name the village.")
                if asked
                else _("Say where it is: a landmark, a street or the village."),
            )
        return cleaned

    def draft(self, language: str) -> Draft:
        """The report of a valid form. The confirmation goes out in the language of the desk's page."""
        given = self.cleaned_data
        spot = self.spot or Spot()
        return Draft(
            words=given["words"],
            category=given["category"],
            channel="phone",
            area_code=spot.area_code,
            lat=spot.lat,
            lng=spot.lng,
            place_words=spot.words,
            name=given["name"],
            phone=given["phone"],
            is_anonymous=given["is_anonymous"],
            is_secret=given["is_secret"],
            urgency=given["urgency"],
            language=language,
            submission_key=given["key"],
        )

    def take_errors(self, fields: Mapping[str, Words]) -> None:
        """Put what an action refused at its fields."""
        for name, words in fields.items():
            target = "place_text" if name == "place" else name
            self.add_error(target if target in self.fields else None, words)

    def keep_errors(self, *names: str) -> None:
        """Forget what is wrong elsewhere: a call that becomes no report needs no story."""
        for name in set(self.errors) - set(names):
            del self.errors[name]

    @property
    def first_wrong(self) -> str:
        """The first field with an error in the order of the call; it takes the focus."""
        return next((name for name in self.fields if name in self.errors), "")


class NoteForm(forms.Form):
    """A call that brings no report; its number is the call form's. `sure` is what was asked and answered."""

    outcome = forms.ChoiceField(choices=[(name, name) for name in NOTED])
    seconds = forms.IntegerField(required=False, min_value=0)
    words = forms.CharField(required=False)
    phone = forms.CharField(required=False)
    is_anonymous = forms.BooleanField(required=False)
    resumed = forms.UUIDField(required=False)
    sure = forms.CharField(required=False)
    key = forms.UUIDField(required=False)

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


class SpanForm(forms.Form):
    """The times between which a shift is looked at; the desk's own, none is laid down."""

    sejak = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    sampai = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
