"""Devices and alerts in the words and shapes of the pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.telemetry import queries
from kotacerdas.foundation.telemetry.models import Alert, Datastream, Device, Latest, RuleVersion
from kotacerdas.foundation.telemetry.pages import words
from kotacerdas.foundation.telemetry.pages.charts import Limit, draw
from kotacerdas.foundation.telemetry.rules.params import BadParams, Threshold, resolve
from kotacerdas.foundation.telemetry.rules.watching import own_numbers
from kotacerdas.foundation.telemetry.store.series import SPANS, last_observations, series
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui.shapes import Chip, Crumb, Tile
from kotacerdas.kernel import clock

LATE = timedelta(seconds=30)
BATTERY = "battery"


def row(device: Device) -> dict[str, Any]:
    """A device as a line of the list."""
    return {
        "device": device,
        "url": reverse("telemetry:device", args=[device.code]),
        "tag": words.health_tag(device.health),  # type: ignore[attr-defined]
        "seen_at": device.seen_at,  # type: ignore[attr-defined]
        "kind": words.kind_label(device.kind),
        "icon": words.kind_icon(device.kind),
        "place": place(device.area_code),
    }


def place(area_code: str) -> str:
    """Village and district of a code, in words."""
    area = area_by_code(area_code)
    if area is None:
        return ""
    district = area_by_code(area_code[: len("00.00.00")])
    return f"{area.name}, {district.name}" if district and district.code != area.code else area.name


def spot(one: queries.Spot) -> dict[str, Any]:
    """A disc of the map: where it leads, what it says."""
    if one.count == 1:
        url = reverse("telemetry:device", args=[one.code])
        label = f"{one.name}: {words.HEALTH[one.health][0]}"
    else:
        url = ""
        parts = [
            f"{one.healths[health]} {words.HEALTH[health][0]}"
            for health in queries.HEALTHS
            if one.healths.get(health)
        ]
        label = ", ".join(parts)
    radius = 7 if one.count == 1 else min(22, 9 + 3 * len(str(one.count)))
    return {
        "x": one.x,
        "y": one.y,
        "count": one.count,
        "health": one.health,
        "url": url,
        "label": label,
        "r": radius,
    }


def device_context(grants: Grants, device: Device, stream_code: str, span: str) -> dict[str, Any]:
    """Everything the page of a device shows."""
    streams = list(device.streams.select_related("latest"))
    numbers = [one for one in streams if one.shape == Datastream.Shape.NUMBER]
    chosen = next((one for one in streams if one.code == stream_code), None) or next(iter(numbers), None)
    span = span if span in SPANS else "hari"
    versions = applying(device)
    position = next((latest_of(one) for one in streams if one.shape == Datastream.Shape.POSITION), None)
    at = (position.value, position.value2) if position else (device.lat, device.lng)
    return {
        "device": device,
        "tag": words.health_tag(device.health),  # type: ignore[attr-defined]
        "kind": words.kind_label(device.kind),
        "icon": words.kind_icon(device.kind),
        "place": place(device.area_code),
        "crumbs": (
            Crumb(text=_("Devices"), url=reverse("telemetry:devices")),
            Crumb(text=device.name),
        ),
        "tiles": [tile(device, one, span) for one in streams],
        "chart": chart(chosen, span, versions, device) if chosen and chosen in numbers else None,
        "chosen": chosen,
        "span_chips": _span_chips(chosen, span) if chosen else [],
        "lat": at[0],
        "lng": at[1],
        "position_at": position.at if position else None,
        "alerts": [alert_row(one) for one in queries.visible_alerts(grants).filter(device=device)[:8]],
        "rules": [
            {
                "name": words.rule_name(one.rule),
                "sentence": words.sentence(one.kind, one.params),
                "rule": one.rule,
            }
            for one in versions
        ],
        "raw": raw(chosen) if chosen else [],
        "credentials": list(device.credentials.order_by("-made_at")),
        "bindings": list(device.bindings.all()),
        "topic": f"d/{device.code}",
        "example": example(streams),
    }


def latest_of(stream: Datastream) -> Latest | None:
    return getattr(stream, "latest", None)


def example(streams: list[Datastream]) -> str:
    """A message such as this device may send."""
    parts = [f'"{one.code}":{"[-6.33,108.32]" if one.shape == "position" else "1.5"}' for one in streams[:3]]
    return "{" + ",".join([f'"t":{int(clock.now().timestamp())}', *parts]) + "}"


def tile(device: Device, stream: Datastream, span: str) -> Tile:
    """A live value with its age."""
    newest = latest_of(stream)
    link = f"?{urlencode({'aliran': stream.code, 'rentang': span})}"
    if newest is None:
        return Tile(label=stream.name, value="", href=link)
    shown = (
        f"{newest.value:.4f}, {newest.value2:.4f}"
        if stream.shape == Datastream.Shape.POSITION and newest.value2 is not None
        else words.value(newest.value)
    )
    return Tile(
        label=stream.name,
        value=shown,
        unit=words.unit_words(stream.unit),
        at=newest.at,
        stale_after_seconds=3 * stream.every_s + 60,
        href=link,
    )


def _span_chips(stream: Datastream, span: str) -> list[Chip]:
    labels = {"hari": _("Day"), "minggu": _("7 days"), "bulan": _("30 days"), "tahun": _("Year")}
    return [
        Chip(text=label, url=f"?{urlencode({'aliran': stream.code, 'rentang': name})}", on=name == span)
        for name, label in labels.items()
    ]


def chart(stream: Datastream, span: str, versions: list[RuleVersion], device: Device) -> dict[str, Any]:
    """The chart of a datastream, with the limits of the rules over it."""
    found = series(stream, span)
    limits = []
    for version in versions:
        try:
            when = resolve(version.kind, version.params["when"], own_numbers(device))
        except BadParams:
            continue
        if isinstance(when, Threshold) and when.stream == stream.code:
            limits.append(Limit(when.limit, f"{words.rule_name(version.rule)}: {words.value(when.limit)}"))
    title = f"{stream.name} ({words.unit_words(stream.unit)})" if stream.unit else stream.name
    return {"drawn": draw(title, found, span, limits), "count": found.count, "empty": not found.buckets}


def applying(device: Device) -> list[RuleVersion]:
    """The live versions that watch a device."""
    live = RuleVersion.objects.filter(live_from__isnull=False, live_until=None).select_related("rule")
    found = []
    for version in live:
        applies = version.params.get("applies", {})
        is_about_device = (
            applies.get("device") == device.code
            if applies.get("device")
            else applies.get("kind") == device.kind
        )
        if not is_about_device or version.rule.agency_id not in (None, device.agency_id):
            continue
        try:
            when = resolve(version.kind, version.params["when"], own_numbers(device))
        except BadParams:
            when = None
        if when is not None:
            found.append(version)
    return found


def alert_row(alert: Alert) -> dict[str, Any]:
    """An alert as a line."""
    unit = alert.stream.unit if alert.stream else ""
    watched = alert.version.kind
    extreme = None if alert.extreme is None else alert.extreme
    shown = ""
    if extreme is not None:
        shown = words.value(extreme, "m" if watched == "geofence" else unit)
    return {
        "alert": alert,
        "name": words.rule_name(alert.rule),
        "device": alert.device,
        "url": reverse("telemetry:alert", args=[alert.case.number]) if alert.case else "",
        "extreme": shown,
        "lasted": lasted(alert.raised_at, alert.recovered_at or clock.now()),
    }


def lasted(begin: datetime, end: datetime) -> str:
    """A span in its largest unit, rounded down."""
    count = int((end - begin).total_seconds())
    size = next((one for one in (86_400, 3600, 60) if count >= one), 1)
    return words.seconds(max(0, count // size * size))


def raw(stream: Datastream) -> list[dict[str, Any]]:
    """The last observations: when measured, when it came, and how late."""
    found = []
    for at, came, value, value2 in last_observations(stream):
        late = came - at
        found.append(
            {
                "at": at,
                "came": came,
                "value": f"{value:.5f}, {value2:.5f}"
                if value2 is not None
                else words.value(value, stream.unit),
                "late": lasted(at, came) if late > LATE else "",
            }
        )
    return found
