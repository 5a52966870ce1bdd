"""Fields that several forms ask for."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kotacerdas.kernel import phones
from kotacerdas.kernel.texts import clean_line, is_blank

_WHOLE = re.compile(r"-?(?:\d+|\d{1,3}(?:[., ]\d{3})+)")


class PhoneField(forms.CharField):
    """A telephone number as people write it; its cleaned value is the stored form (`+62…`), "" for none."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})

    def clean(self, value: Any) -> str:
        number = phones.normal(str(super().clean(value) or ""))
        if not number and (value or self.required):
            raise forms.ValidationError(
                _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")
            )
        return number


class WordsField(forms.CharField):
    """What somebody writes in sentences, over several lines; what no reader sees is nothing written."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        words = str(super().to_python(value) or "")
        return "" if is_blank(words) else words


class WholeField(forms.IntegerField):
    """A whole number as people write it: `2000`, `2.000`, `2,000`, `2 000`; a decimal is asked back, never rounded.

    Invisible marks that come with a paste are passed over.
    """

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            text = clean_line(value)
            if text and not _WHOLE.fullmatch(text):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            value = re.sub(r"(?<=\d)[., ](?=\d)", "", text)
        found: int | None = super().to_python(value)
        return found
