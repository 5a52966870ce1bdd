"""Forms of the desks of goods; the actions hold the rules."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework.forms import StepForm
from kotacerdas.foundation.ui.fields import WordsField


class WhyForm(StepForm):
    """A step with its reason."""

    body = WordsField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
