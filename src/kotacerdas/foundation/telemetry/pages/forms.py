"""Forms of devices, rules and keys: words and numbers as typed; the actions judge them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry.actions.devices import SCOPES, DeviceDraft
from kotacerdas.foundation.telemetry.declarations import device_kinds
from kotacerdas.foundation.telemetry.models import Binding, Device
from kotacerdas.foundation.telemetry.permissions import KEYS, MANAGE, RULES

SCOPE_WORDS = {
    "sensorthings.read": gettext_lazy("read by SensorThings"),
    "sensorthings.write": gettext_lazy("create by SensorThings"),
    "telemetry.write": gettext_lazy("send observations by HTTP"),
    "chirpstack": gettext_lazy("ChirpStack webhook"),
    "thethings": gettext_lazy("The Things Stack webhook"),
    "traccar": gettext_lazy("Traccar position forwarding"),
}


class NumberField(forms.CharField):
    """A number with a comma or a full stop before its decimals."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, given: Any) -> Any:
        typed = str(given or "").strip().replace("−", "-").replace(",", ".")
        if not typed:
            return None
        try:
            found = float(typed)
        except ValueError:
            raise forms.ValidationError(_("This must be a number.")) from None
        if found != found or found in (float("inf"), float("-inf")):
            raise forms.ValidationError(_("This must be a number."))
        return found

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(_("This is needed."))

    def run_validators(self, value: Any) -> None:
        return


def agencies(grants: Grants, permission: str) -> list[Agency]:
    """The agencies where a permission is held."""
    scope = grants.scope(permission)
    found = Agency.objects.filter(closed_on=None)
    return list(found if scope.everywhere else found.filter(id__in=scope.agencies))


class DeviceForm(forms.Form):
    """A device as it is entered; its own numbers are those of its kind."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("What it signs in as. 3 to 40 small letters, digits and hyphens."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    agency = forms.ChoiceField(label=gettext_lazy("Agency"))
    area_code = forms.CharField(
        label=gettext_lazy("Village code"),
        max_length=16,
        required=False,
        help_text=gettext_lazy("By Kemendagri, as in 32.12.13.2005."),
    )
    lat = NumberField(label=gettext_lazy("Latitude"), required=False)
    lng = NumberField(label=gettext_lazy("Longitude"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, grants: Grants, *args: Any, device: Device | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agencies = agencies(grants, MANAGE)
        self.fields["kind"].choices = [(one.name, one.label) for one in device_kinds().values()]  # type: ignore[attr-defined]
        self.fields["agency"].choices = [(one.code, one.short_name) for one in self._agencies]  # type: ignore[attr-defined]
        self._settings: dict[str, str] = {}
        for kind in device_kinds().values() if device is None else [device_kinds().get(device.kind)]:
            for one in kind.settings if kind else ():
                unit = f" ({one.unit})" if one.unit else ""
                self.fields[f"setting_{one.name}"] = NumberField(label=f"{one.label}{unit}", required=False)
                self._settings[f"setting_{one.name}"] = one.name
        if device is not None:
            self.fields["code"].disabled = True

    def draft(self) -> DeviceDraft:
        """What was typed; call after `is_valid`."""
        typed = self.cleaned_data
        own = {one.name for one in device_kinds()[typed["kind"]].settings}
        return DeviceDraft(
            code=typed["code"].strip().lower(),
            name=typed["name"],
            kind=typed["kind"],
            agency=next(one for one in self._agencies if one.code == typed["agency"]),
            area_code=typed["area_code"].strip(),
            lat=typed["lat"],
            lng=typed["lng"],
            note=typed["note"],
            settings={
                name: typed[field]
                for field, name in self._settings.items()
                if typed.get(field) is not None and name in own
            },
        )

    @staticmethod
    def initial_of(device: Device) -> dict[str, Any]:
        """A device as the form shows it."""
        own = {f"setting_{name}": value for name, value in device.settings.items()}
        return {
            **own,
            "code": device.code,
            "name": device.name,
            "kind": device.kind,
            "agency": device.agency.code,
            "area_code": device.area_code,
            "lat": device.lat,
            "lng": device.lng,
            "note": device.note,
        }


class BindingForm(forms.Form):
    """What a device belongs to from a day on."""

    kind = forms.ChoiceField(label=gettext_lazy("Belongs to a"), choices=Binding.Kind.choices)
    subject = forms.CharField(label=gettext_lazy("Its code"), max_length=60)
    since = forms.DateField(
        label=gettext_lazy("Since"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class StreamForm(forms.Form):
    """One more datastream."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    unit = forms.CharField(
        label=gettext_lazy("Unit (UCUM)"), max_length=24, required=False, help_text="m, Cel, %, V"
    )


class KeyForm(forms.Form):
    """A key for a machine."""

    name = forms.CharField(label=gettext_lazy("What is the key for?"), max_length=120)
    agency = forms.ChoiceField(label=gettext_lazy("Agency"))
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What may it do?"),
        choices=[(one, SCOPE_WORDS[one]) for one in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, grants: Grants, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agencies = agencies(grants, KEYS)
        self.fields["agency"].choices = [(one.code, one.short_name) for one in self._agencies]  # type: ignore[attr-defined]

    @property
    def agency_chosen(self) -> Agency:
        return next(one for one in self._agencies if one.code == self.cleaned_data["agency"])


class RuleForm(forms.Form):
    """A rule in numbers; what does not belong to its kind is left out."""

    KINDS: ClassVar = (
        ("threshold", gettext_lazy("a value beyond a limit")),
        ("absence", gettext_lazy("silence")),
        ("geofence", gettext_lazy("a fence")),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("What is watched for?"), choices=KINDS)
    agency = forms.ChoiceField(label=gettext_lazy("For the devices of"))
    applies = forms.ChoiceField(label=gettext_lazy("Kind of device"))
    stream = forms.CharField(label=gettext_lazy("Datastream"), max_length=40, required=False)
    side = forms.ChoiceField(
        label=gettext_lazy("Side"),
        required=False,
        choices=(
            ("above", gettext_lazy("above")),
            ("below", gettext_lazy("below")),
            ("outside", gettext_lazy("outside")),
            ("inside", gettext_lazy("inside")),
        ),
    )
    limit = NumberField(label=gettext_lazy("Limit"), required=False)
    recover = NumberField(label=gettext_lazy("Recovers at"), required=False)
    minutes = NumberField(label=gettext_lazy("For how many minutes"), required=False)
    lat = NumberField(label=gettext_lazy("Fence: latitude"), required=False)
    lng = NumberField(label=gettext_lazy("Fence: longitude"), required=False)
    radius_m = NumberField(label=gettext_lazy("Fence: radius in metres"), required=False)
    first = forms.CharField(
        label=gettext_lazy("Only from (HH:MM)"), max_length=5, required=False, help_text="20:00"
    )
    until = forms.CharField(label=gettext_lazy("until (HH:MM)"), max_length=5, required=False)
    opens_case = forms.BooleanField(label=gettext_lazy("Open a case"), required=False)
    urgent = forms.BooleanField(label=gettext_lazy("The case is urgent"), required=False)
    banner = forms.BooleanField(label=gettext_lazy("Show it on the wall"), required=False)
    notify = forms.BooleanField(label=gettext_lazy("Tell the duty officer"), required=False)

    def __init__(self, grants: Grants, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agencies = agencies(grants, RULES)
        everywhere = grants.scope(RULES).everywhere
        own = [(one.code, one.short_name) for one in self._agencies]
        self.fields["agency"].choices = [*([("", _("all agencies"))] if everywhere else []), *own]  # type: ignore[attr-defined]
        self.fields["agency"].required = not everywhere
        self.fields["applies"].choices = [(one.name, one.label) for one in device_kinds().values()]  # type: ignore[attr-defined]

    @property
    def agency_chosen(self) -> Agency | None:
        return next((one for one in self._agencies if one.code == self.cleaned_data["agency"]), None)

    def params(self) -> dict[str, Any]:
        """The rule's parameters; call after `is_valid`."""
        typed = self.cleaned_data
        seconds = (typed["minutes"] or 0) * 60
        then: dict[str, Any] = {name: True for name in ("opens_case", "urgent", "banner") if typed[name]}
        if typed["notify"]:
            then["notify"] = ["@duty_officer"]
        return {
            "applies": {"kind": typed["applies"]},
            "when": getattr(self, f"_{typed['kind']}")(typed, seconds),
            "then": then,
        }

    @staticmethod
    def _threshold(typed: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        when = {
            "stream": typed["stream"].strip(),
            "side": typed["side"] if typed["side"] in ("above", "below") else "above",
            "limit": typed["limit"],
            "for_s": seconds,
        }
        return when if typed["recover"] is None else {**when, "recover": typed["recover"]}

    @staticmethod
    def _absence(_typed: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        return {"after_s": seconds}

    @staticmethod
    def _geofence(typed: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        when: dict[str, Any] = {
            "stream": typed["stream"].strip() or "position",
            "side": typed["side"] if typed["side"] in ("outside", "inside") else "outside",
            "dwell_s": seconds,
            **{name: typed[name] for name in ("lat", "lng", "radius_m")},
        }
        if typed["first"] or typed["until"]:
            hours = {"from": typed["first"].replace(".", ":"), "to": typed["until"].replace(".", ":")}
            when["hours"] = [{"days": list(range(7)), **hours}]
        return when
