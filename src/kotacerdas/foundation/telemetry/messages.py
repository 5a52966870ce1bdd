"""What goes out when a device's rule is broken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.notify.declarations import Template, Words
from kotacerdas.foundation.telemetry.lifecycles import title
from kotacerdas.foundation.telemetry.models import Alert


def _raised(_recipient: UUID, args: Mapping[str, Any]) -> Words | None:
    alert = Alert.objects.filter(id=args["alert"]).select_related("rule", "device", "case").first()
    if alert is None:
        return None
    names = {"rule": title(alert.rule.code), "device": alert.device.name}
    path = reverse("telemetry:alert", args=[alert.case.number]) if alert.case else reverse("telemetry:alerts")
    link = f"{settings.PUBLIC_URL}{path}"
    return Words(
        subject=_("Alert: %(rule)s") % names,
        body=_("%(rule)s: %(device)s. See %(link)s") % {**names, "link": link},
    )


TEMPLATES = (Template(name="telemetry.raised", compose=_raised, at_once=True),)
