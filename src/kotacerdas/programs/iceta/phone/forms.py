"""What the form of a call asks for a report. It reads the request; the actions hold the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.calls.forms import CallForm
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.forms.place_search import Spot, spot_of
from kotacerdas.kernel.texts import clean_line
from kotacerdas.programs.iceta.actions import Draft
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.models import Category
from kotacerdas.programs.iceta.queries import emergency_open

URGENCIES = (
    ("emergency", _("Emergency"), _("lives or property in danger"), "d"),
    ("urgent", _("Urgent"), _("cannot wait for the usual time"), "s"),
    ("normal", _("Normal"), _("the normal deadline"), "b"),
)


class ReportCallForm(CallForm):
    """A call in the order it is told: number, what, where, who, how urgent."""

    field_order = (
        "phone",
        "words",
        "category",
        "place",
        "place_text",
        "name",
        "is_secret",
        "is_anonymous",
        "urgency",
        "joins",
    )
    PLACES = {"place": "place_text"}

    category = forms.CharField(error_messages={"required": _("Choose what kind it is: 1 to 5, or search.")})
    place = forms.CharField(required=False, max_length=60)
    place_text = forms.CharField(required=False, max_length=120)
    is_secret = forms.BooleanField(required=False)
    urgency = forms.ChoiceField(required=False, choices=[(code, label) for code, label, _h, _k in URGENCIES])

    joins = forms.CharField(required=False, max_length=40)

    spot: Spot | None = None
    joined: Case | None = None

    def clean_category(self) -> Category:
        """The category in use of that code."""
        found = categories().get(self.cleaned_data["category"])
        if found is None:
            raise forms.ValidationError(_("Choose one from the list."))
        return found

    def clean_joins(self) -> str:
        """The emergency that the caller tells of too; it may have ended meanwhile."""
        number: str = self.cleaned_data["joins"]
        self.joined = emergency_open(number) if number else None
        if number and self.joined is None:
            raise forms.ValidationError(_("That report is not open any more: store this call as its own."))
        return number

    def clean(self) -> dict[str, Any]:
        """The place: chosen from the list, so that the report has an area. An emergency waits for none, and for no
        number: one that is none stands in the story as it was told.
        """
        cleaned: dict[str, Any] = super().clean() or {}
        self.spot = spot_of(cleaned.get("place", ""), cleaned.get("place_text", ""))
        kind = cleaned.get("category")
        urgency = cleaned.get("urgency") or (kind.urgency if kind is not None else "")
        if urgency == "emergency":
            self.spot = self.spot or Spot(words=cleaned.get("place_text", ""))
            self._keep_number(cleaned)
        if self.spot is None:
            asked = cleaned.get("place_text", "")
            self.add_error(
                "place_text",
                _("Choose one of the places found, or name the village.")
                if asked
                else _(
                    "Say where it is: a landmark, a street or the village. Only an emergency is stored without a place."
                ),
            )
        return cleaned

    def _keep_number(self, cleaned: dict[str, Any]) -> None:
        if "phone" in self.errors and "words" in cleaned:
            told = clean_line(str(self.data.get("phone", "")))[:40]
            del self.errors["phone"]
            cleaned["phone"] = ""
            cleaned["words"] += "\n" + _("Number as it was told: %(number)s") % {"number": told}

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
            person=self.chosen,
            is_anonymous=given["is_anonymous"],
            is_secret=given["is_secret"],
            urgency=given["urgency"],
            language=language,
        )
