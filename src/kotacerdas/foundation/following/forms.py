"""Forms of the follower's page, and of the request for a lost link; the actions decide."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.following.declarations import Act
from kotacerdas.foundation.ui.fields import WordsField
from kotacerdas.kernel import ids, phones
from kotacerdas.kernel.errors import Invalid

_KEY = re.compile(r"[A-Za-z0-9_-]{22,40}")


class FollowForm(forms.Form):
    """A form whose errors may also come from elsewhere: those are in `found_elsewhere`, by field."""

    use_required_attribute = False
    WORDS: tuple[str, ...] = ("body",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found_elsewhere: dict[str, str] = {}

    @property
    def as_text(self) -> str:
        """What is said by it, as one text; "" while something is wrong."""
        words = [self.cleaned_data[name] for name in self.WORDS] if self.is_valid() else []
        return "".join(words).replace("\r\n", "\n").strip()

    def complain(self, name: str, words: str) -> None:
        """Add an error to a field, or to the whole form where there is no such field."""
        self.found_elsewhere[name] = words
        self.add_error(name if name in self.fields else None, words)

    def put(self, error: Invalid) -> None:
        """Show what an action complained of, at the fields it named."""
        for name, words in (error.fields or {"": error.message}).items():
            self.complain(name, str(words))


def _text(name: str, required: Any, **given: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"id": name, "rows": 4})
    return WordsField(widget=widget, error_messages={"required": required}, **given)


class AnswerForm(FollowForm):
    """The answer to a question; its photos wait under `key` while the words are mended."""

    body = _text("body", gettext_lazy("Write your answer."), label=gettext_lazy("Your answer"))
    photos = forms.CharField(
        required=False, label=gettext_lazy("Photo"), widget=forms.TextInput(attrs={"id": "photo"})
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)


class RateForm(FollowForm):
    """One of four faces."""

    WORDS = ("rating", "words")
    rating = forms.CharField(
        widget=forms.TextInput(attrs={"id": "rating"}),
        error_messages={"required": gettext_lazy("Choose one of the four faces.")},
    )
    words = WordsField(
        widget=forms.Textarea(attrs={"id": "rate-words", "rows": 2}),
        required=False,
        label=gettext_lazy("What was good, what was not?"),
    )


class ReopenForm(FollowForm):
    """What is not done yet."""

    body = _text(
        "again", gettext_lazy("Write what is not done yet."), label=gettext_lazy("What is not done yet?")
    )


def new_photo_key() -> str:
    """A key nobody can guess, for the photos of an answer that wait while its words are mended."""
    return secrets.token_urlsafe(21)


def photo_key_in(data: Mapping[str, str]) -> str:
    """The key that a form brings, a new one where it brings none of ours."""
    return data["key"] if _KEY.fullmatch(data.get("key", "")) else new_photo_key()


def again(act: Act, held: Mapping[str, Any]) -> FollowForm:
    """A form as it was sent, with all its errors; its own errors are in the language of the present page."""
    form = act.form(held["typed"])
    for name, words in held.get("found_elsewhere", {}).items():
        form.complain(name, words)
    return form


class LinkAgainForm(forms.Form):
    """A ticket number and the phone number that was given with it."""

    number = forms.CharField(
        label=gettext_lazy("Ticket number"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": gettext_lazy("Write the ticket number.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        help_text=gettext_lazy("The number you gave then."),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("Write the mobile number you gave then.")},
    )

    def clean_number(self) -> str:
        """The number in our notation; a typing error is reported at once, which reveals nothing about a report."""
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
