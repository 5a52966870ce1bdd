"""What a reporter writes on the page of their report; the actions decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kotacerdas.kernel.errors import Invalid


class FollowForm(forms.Form):
    """A form whose errors may also come from elsewhere: those are `told`, by field, since it does not find them."""

    use_required_attribute = False
    SAID: tuple[str, ...] = ("body",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told: dict[str, str] = {}

    @property
    def said(self) -> str:
        """What was said by it, as one text; "" while something is wrong."""
        said = [self.cleaned_data[name] for name in self.SAID] if self.is_valid() else []
        return "".join(said).strip()

    def tell(self, name: str, words: str) -> None:
        """Show what was wrong with a field, or with the whole where there is no such field."""
        self.told[name] = words
        self.add_error(name if name in self.fields else None, words)

    def put(self, error: Invalid) -> None:
        """Show what an action complained of, at the fields it named."""
        for name, words in (error.fields or {"": error.message}).items():
            self.tell(name, str(words))


def _text(name: str, required: Any, **given: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"id": name, "rows": 4})
    return forms.CharField(widget=widget, error_messages={"required": required}, **given)


class AnswerForm(FollowForm):
    """The answer to a question; its photos wait under `key` while the words are mended."""

    body = _text("body", gettext_lazy("Write your answer."), label=gettext_lazy("Your answer"))
    photos = forms.CharField(
        required=False, label=gettext_lazy("Photo"), widget=forms.TextInput(attrs={"id": "photo"})
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)


class RateForm(FollowForm):
    """One of four faces."""

    SAID = ("rating", "words")
    rating = forms.CharField(
        widget=forms.TextInput(attrs={"id": "rating"}),
        error_messages={"required": gettext_lazy("Choose one of the four faces.")},
    )
    words = forms.CharField(
        widget=forms.Textarea(attrs={"id": "rate-words", "rows": 2}),
        required=False,
        label=gettext_lazy("What was good, what was not?"),
    )


class ReopenForm(FollowForm):
    """What is not done yet."""

    body = _text(
        "again", gettext_lazy("Write what is not done yet."), label=gettext_lazy("What is not done yet?")
    )


FOLLOW_FORMS: dict[str, type[FollowForm]] = {"answer": AnswerForm, "rate": RateForm, "reopen": ReopenForm}


def again(what: str, held: Mapping[str, Any]) -> FollowForm:
    """A form as it was sent, with everything that was wrong with it; what it finds itself, in today's language."""
    form = FOLLOW_FORMS[what](held["typed"])
    for name, words in held.get("told", {}).items():
        form.tell(name, words)
    return form
