"""Forms of the treasurer's pages; the actions hold the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.payments.charges import MOST_NAME
from kotacerdas.foundation.payments.closing import DENOMINATIONS, MOST_PIECES
from kotacerdas.foundation.payments.deposits import MOST_REFERENCE
from kotacerdas.foundation.ui.fields import WordsField
from kotacerdas.kernel import ids, money


class MoneyField(forms.CharField):
    """Whole rupiah as people write them; the cleaned value is an int."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return money.rupiah(text)
        except money.NotMoney as error:
            raise forms.ValidationError(_("Write whole rupiah, for example 12.500.")) from error


class CashForm(forms.Form):
    """Cash for one charge."""

    amount = MoneyField(label=_("Amount received"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    payer = forms.CharField(
        label=_("Received from"),
        required=False,
        max_length=MOST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=ids.new_id)


class RefundForm(forms.Form):
    """What of a payment is given back, and why."""

    amount = MoneyField(label=_("Amount given back"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    reason = forms.CharField(
        label=_("Reason"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=ids.new_id)


class BankForm(forms.Form):
    """The bank's proof of a deposit: its number, and a picture or PDF of it."""

    reference = forms.CharField(
        label=_("Number on the bank's proof"),
        max_length=MOST_REFERENCE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    proof = forms.FileField(
        label=_("Photo or PDF of the proof"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )


class CountForm(forms.Form):
    """How many notes and coins of each value lie in the cash box."""

    day = forms.DateField(label=_("Day"))
    sure = forms.BooleanField(label=_("I have counted twice: close it with the difference"), required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        whole = _("A whole number of pieces, 0 or more.")
        for value in DENOMINATIONS:
            self.fields[f"n{value}"] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=MOST_PIECES,
                error_messages={"invalid": whole, "min_value": whole, "max_value": whole},
                widget=forms.NumberInput(
                    attrs={"inputmode": "numeric", "min": 0, "autocomplete": "off", "data-value": value}
                ),
            )

    @property
    def lines(self) -> list[tuple[int, forms.BoundField]]:
        """Each value with its form field."""
        return [(value, self[f"n{value}"]) for value in DENOMINATIONS]

    @property
    def counted(self) -> dict[int, int]:
        """Value → how many notes or coins."""
        return {value: self.cleaned_data.get(f"n{value}") or 0 for value in DENOMINATIONS}


class ExplainForm(forms.Form):
    """Where a difference comes from."""

    body = WordsField(label=_("Explanation"), widget=forms.Textarea(attrs={"rows": 3}))
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
