"""Devices as subjects of rows, papers and figures."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.subjects import Subject
from kotacerdas.foundation.telemetry.models import Device
from kotacerdas.foundation.telemetry.queries import visible_to

DEVICE = "telemetry.device"


def _words(device: Device) -> str:
    return f"{device.name} ({device.code})"


SUBJECTS = (
    Subject(
        kind=DEVICE,
        label=_("Device"),
        visible=visible_to,
        words=_words,
        url=lambda device: reverse("telemetry:device", args=[device.code]),
        find=lambda text: Q(code__icontains=text) | Q(name__icontains=text),
        acts={
            "add": _("Entered"),
            "change": _("Changed"),
            "mute": _("Alerts muted"),
            "switch_on": _("Switched on"),
            "switch_off": _("Switched off"),
            "add_stream": _("Stream added"),
            "bind": _("Bound"),
            "unbind": _("Bound no more"),
            "rotate_credential": _("Credential renewed"),
            "revoke_credentials": _("Credentials revoked"),
        },
    ),
)
