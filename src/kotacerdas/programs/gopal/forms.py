"""What is asked: at the desk, by telephone, of customers. The actions hold the rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework.forms import StepForm
from kotacerdas.foundation.ui.fields import WordsField
from kotacerdas.foundation.ui.tags.words import day
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal import queries, slots

DAYS_OFFERED = 10


class SlotField(forms.CharField):
    """A time that can be booked, as a moment."""

    def clean(self, value: Any) -> datetime | None:
        """The moment; ValidationError where the text names none."""
        text = super().clean(value)
        if not text:
            return None
        found = slots.parsed(text)
        if found is None:
            raise forms.ValidationError(_("Choose one of the times."))
        return found


class RebookForm(StepForm):
    """Another time for an order."""

    slot = SlotField(label=_("Time"), widget=forms.Select)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = queries.order_of(self.case)
        field = self.fields["slot"]
        assert isinstance(field.widget, forms.Select)
        field.widget.choices = slot_choices(order.tank.agency, order.plant)
        field.error_messages["required"] = _("Choose one of the times.")


class CancelForm(StepForm):
    """Why an order is cancelled; the customer reads it."""

    body = WordsField(
        label=_("Reason, read by the customer"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


def slot_choices(agency: Any, plant: Any) -> list[tuple[str, Any]]:
    """The free times of the next days for a list, by day."""
    offered = slots.days(agency, plant, clock.today(), DAYS_OFFERED)
    found: list[tuple[str, Any]] = [("", _("Choose a time"))]
    for one in offered:
        free = [(slot.value, slot_label(slot)) for slot in one.slots if slot.is_free]
        if free:
            found.append((day(one.day), free))
    return found


def slot_label(slot: slots.Slot) -> str:
    """A time with what is left of it."""
    return f"{slot.words} · {_('%(n)d left') % {'n': slot.left}}"
