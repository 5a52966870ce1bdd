"""The questions of the pages as forms: they say in words what is missing; the actions decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.territory.queries import inside_regency
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.kernel import ids, phones
from kotacerdas.kernel.regency import regency
from kotacerdas.programs.iceta.public.drafts import Carried
from kotacerdas.programs.iceta.rules import limits


class PageForm(forms.Form):
    """One page's part of a draft. Errors found elsewhere (by an action) are put to the same fields."""

    use_required_attribute = False

    def __init__(self, draft: Carried, *, ask: bool = False) -> None:
        values = {name: getattr(draft, name, "") for name in self.base_fields}
        super().__init__(values if ask else None, initial=values)
        self.draft = draft

    def put(self, problems: Mapping[str, Any]) -> None:
        """Show problems at their fields; those of fields that stand on another page at the top."""
        self.is_bound = True
        self.data = {name: getattr(self.draft, name, "") for name in self.fields}
        self.full_clean()
        for name, words in problems.items():
            known = name if name in self.fields else None
            if str(words) not in [str(one) for one in self.errors.get(known or "__all__", [])]:
                self.add_error(known, str(words))


class PhotoForm(PageForm):
    """At most five photos; none is right too."""

    photos = forms.CharField(required=False, label=gettext_lazy("Photos"))

    def clean(self) -> dict[str, Any]:
        most = limits().most_photos
        if len(self.draft.photos) > most:
            self.add_error("photos", _("At most %(most)d photos fit one report.") % {"most": most})
        return self.cleaned_data


class PlaceForm(PageForm):
    """A village, and perhaps a landmark."""

    area = forms.CharField(required=False, label=gettext_lazy("Village"))
    place_words = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Landmark"),
        widget=forms.TextInput(attrs={"maxlength": 200, "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        if (outside := outside_words(self.draft)) is not None:
            self.add_error("area", outside)
        elif self.draft.village is None:
            self.add_error("area", _("Choose the village where it is."))
        return self.cleaned_data


class WordsForm(PageForm):
    """What happened, and which kind of trouble it is."""

    words = forms.CharField(required=False, label=gettext_lazy("Your story"), widget=forms.Textarea)
    category = forms.CharField(required=False, label=gettext_lazy("Kind of problem"))

    def clean(self) -> dict[str, Any]:
        letters = sum(character.isalnum() for character in self.draft.words)
        least, most = limits().least_story_letters, limits().most_story_letters
        if letters < least:
            so_far = _("Only %(n)d letters so far.") if letters else _("Your story is still empty.")
            more = _("Write at least %(least)d letters, for example what is broken and since when.")
            words = f"{so_far} {more}"
            self.add_error("words", words % {"n": letters, "least": least})
        if len(self.draft.words) > most:
            words = _("%(n)s characters are too many; at most %(most)s fit.")
            self.add_error("words", words % {"n": number(len(self.draft.words)), "most": number(most)})
        if self.draft.kind is None:
            self.add_error("category", _("Choose one kind of problem."))
        return self.cleaned_data


class CheckForm(PageForm):
    """Who may know, and how to reach the reporter."""

    identity = forms.CharField(required=False, label=gettext_lazy("Who may know?"))
    name = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Name"),
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": 120}),
    )
    phone = forms.CharField(
        max_length=40,
        label=gettext_lazy("Mobile number"),
        error_messages={
            "required": gettext_lazy(
                "Write your mobile number so that we can answer you, or choose anonymous."
            )
        },
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean(self) -> dict[str, Any]:
        draft = self.draft
        if draft.identity != "named":
            self.errors.pop("phone", None)
        if draft.identity not in ("named", "anonymous"):
            self.add_error("identity", _("Choose with your name or anonymous."))
        if draft.identity == "named" and draft.phone.strip() and not phones.normal(draft.phone):
            self.add_error(
                "phone", _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")
            )
        return self.cleaned_data


class LinkAgainForm(forms.Form):
    """A report's number and the phone number it was filed with."""

    number = forms.CharField(
        label=gettext_lazy("Ticket number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": gettext_lazy("Write the ticket number of your report.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        help_text=gettext_lazy("The number you gave with the report."),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("Write the mobile number you gave with the report.")},
    )

    def clean_number(self) -> str:
        """The number as we write it; a slip of the pen is said at once, which tells of no report."""
        number = ids.normal_ticket(self.cleaned_data["number"])
        if not number:
            raise forms.ValidationError(
                _("This ticket number is mistyped. Compare it with our message, letter by letter.")
            )
        return number

    def clean_phone(self) -> str:
        number = phones.normal(self.cleaned_data["phone"])
        if not number:
            raise forms.ValidationError(
                _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")
            )
        return number


class JoinForm(forms.Form):
    """Where news of a joined report goes; may stay empty."""

    phone = forms.CharField(
        required=False,
        label=gettext_lazy("Mobile number"),
        help_text=gettext_lazy("News of this report goes there. Without it you follow by link alone."),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"].strip()
        number = phones.normal(text)
        if text and not number:
            raise forms.ValidationError(
                _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")
            )
        return number


def outside_words(draft: Carried) -> str | None:
    """What to say of a position that cannot lie in the regency; None where it can or is not given."""
    if draft.position is None or inside_regency(*draft.position):
        return None
    return _("This position lies outside %(region)s. Choose the village or search a landmark.") % {
        "region": regency().instance.name_id
    }
