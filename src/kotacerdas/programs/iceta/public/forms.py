"""The questions of the pages as forms: they say in words what is missing; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.forms.page_form import PageForm
from kotacerdas.foundation.ui.fields import PhoneField, WordsField
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.kernel import phones
from kotacerdas.kernel.regency import regency
from kotacerdas.kernel.texts import letters_seen
from kotacerdas.programs.iceta.pack_tables import limits
from kotacerdas.programs.iceta.public.pages import kind_of


class WordsForm(PageForm):
    """What happened, and which kind of trouble it is."""

    words = WordsField(required=False, label=gettext_lazy("Your story"), widget=forms.Textarea)
    category = forms.CharField(required=False, label=gettext_lazy("Kind of problem"))

    def clean(self) -> dict[str, Any]:
        letters = letters_seen(self.draft.text("words"))
        least, most = limits().least_story_letters, regency().limits.most_story_letters
        if letters < least:
            so_far = _("Only %(n)d letters so far.") if letters else _("Your story is still empty.")
            more = _("Write at least %(least)d letters, for example what is broken and since when.")
            words = f"{so_far} {more}"
            self.add_error("words", words % {"n": letters, "least": least})
        if len(self.draft.text("words")) > most:
            words = _("%(n)s characters are too many; at most %(most)s fit.")
            self.add_error(
                "words", words % {"n": number(len(self.draft.text("words"))), "most": number(most)}
            )
        if kind_of(self.draft) is None:
            self.add_error("category", _("Choose one kind of problem."))
        return self.cleaned_data


class WhoForm(PageForm):
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
        identity, phone = self.draft.text("identity"), self.draft.text("phone")
        if identity != "named":
            self.errors.pop("phone", None)
        if identity not in ("named", "anonymous"):
            self.add_error("identity", _("Choose with your name or anonymous."))
        if identity == "named" and phone.strip() and not phones.normal(phone):
            self.add_error(
                "phone", _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")
            )
        return self.cleaned_data


class JoinForm(forms.Form):
    """Where news of a joined report goes; may stay empty."""

    phone = PhoneField(
        required=False,
        label=gettext_lazy("Mobile number"),
        help_text=gettext_lazy("News of this report goes there. Without it you follow by link alone."),
        max_length=40,
    )
