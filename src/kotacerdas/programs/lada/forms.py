"""Forms of the desks of goods; the actions hold the rules."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework.forms import StepForm


class WhyForm(StepForm):
    """A step with its reason."""

    body = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
