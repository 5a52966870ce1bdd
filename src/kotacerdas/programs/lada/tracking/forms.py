"""Forms of goods with a device; the actions hold the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework.forms import StepForm
from kotacerdas.foundation.telemetry import tracks
from kotacerdas.foundation.telemetry.models import Device
from kotacerdas.foundation.ui.fields import WholeField, WordsField
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.corners import typed
from kotacerdas.programs.lada.models import Asset, Fence, Service
from kotacerdas.programs.lada.tracking.reading import KIND


class PlainForm(forms.Form):
    """A form that takes an action's errors."""

    use_required_attribute = False

    def take_errors(self, fields: dict[str, Any]) -> None:
        """Add an action's errors to its fields; to the whole form where it has no such field."""
        for name, words in fields.items():
            self.add_error(name if name in self.fields else None, words)


class DeviceForm(PlainForm):
    """The device that a good carries: one of its agency that tells its position and is on no other good."""

    device = forms.ModelChoiceField(label=_("Device"), queryset=Device.objects.none(), to_field_name="code")

    def __init__(self, asset: Asset, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = tracks.bindings_on(KIND, clock.today()).values("device")
        free = Device.objects.filter(agency=asset.agency_id, is_active=True, streams__code=tracks.POSITION)
        field = self.fields["device"]
        field.queryset = free.exclude(id__in=taken)  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.name} ({one.code})"  # type: ignore[attr-defined]


class FenceForm(PlainForm):
    """Where a good may be, and when it may leave."""

    lat = forms.FloatField(label=_("Latitude of the middle"), required=False)
    lng = forms.FloatField(label=_("Longitude of the middle"), required=False)
    radius_m = WholeField(label=_("Radius in metres"), required=False)
    area = WordsField(
        label=_("Or an area: one corner a line, latitude, longitude"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hours = forms.CharField(
        label=_("May leave on working days at"),
        required=False,
        max_length=80,
        help_text=_("As 06:00-20:00; nothing: never. Holidays are no working days."),
    )
    dwell_minutes = WholeField(label=_("Alarm after so many minutes"))
    is_on = forms.BooleanField(label=_("The fence is watched"), required=False)

    @classmethod
    def of(cls, fence: Fence | None, place: tuple[float, float] | None) -> FenceForm:
        """The form with what is drawn; a new one begins where the good was seen last."""
        if fence is None:
            lat, lng = place or (None, None)
            return cls(
                initial={
                    "lat": lat,
                    "lng": lng,
                    "radius_m": 200,
                    "hours": "06:00-20:00",
                    "dwell_minutes": 3,
                    "is_on": True,
                }
            )
        return cls(
            initial={
                "lat": fence.lat,
                "lng": fence.lng,
                "radius_m": fence.radius_m or None,
                "area": typed(fence.areas),
                "hours": ", ".join("-".join(one) for one in fence.hours),
                "dwell_minutes": fence.dwell_minutes,
                "is_on": fence.is_on,
            }
        )


class ServiceForm(PlainForm):
    """How often a good is maintained."""

    every_km = WholeField(label=_("Every so many kilometres"), required=False)
    every_months = WholeField(label=_("Every so many months"), required=False)
    dial_km = WholeField(label=_("What its odometer shows (km)"), required=False)

    @classmethod
    def of(cls, service: Service | None) -> ServiceForm:
        """The form with what is written down."""
        if service is None:
            return cls()
        return cls(
            initial={
                "every_km": service.every_km or None,
                "every_months": service.every_months or None,
                "dial_km": service.dial_km or None,
            }
        )


class ToldForm(StepForm):
    """What whoever has the good said, in their words."""

    body = WordsField(label=_("What was said"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    @property
    def notice(self) -> str:  # type: ignore[override]
        """What whoever asks should know first."""
        return str(
            _(
                "Ask openly who has it and why: there may be leave for it, and a device may be wrong. Accuse nobody."
            )
        )


class SettleForm(StepForm):
    """What it was."""

    body = WordsField(label=_("What it was"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
