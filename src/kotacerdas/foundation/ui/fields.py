"""Fields that several forms ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kotacerdas.kernel import phones


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
