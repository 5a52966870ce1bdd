"""Words for healths, reasons, values and rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kotacerdas.foundation.telemetry.declarations import declared_rules, device_kinds
from kotacerdas.foundation.telemetry.models import Rule
from kotacerdas.foundation.ui.shapes import Tag
from kotacerdas.foundation.ui.tags.words import number

HEALTH: dict[str, tuple[Any, str, str]] = {
    "alert": (gettext_lazy("Alert"), "terasi", "bell-ring"),
    "silent": (gettext_lazy("Silent"), "kunyit", "wifi-off"),
    "never": (gettext_lazy("Never heard"), "plain", "circle-dashed"),
    "off": (gettext_lazy("Out of service"), "plain", "power-off"),
    "live": (gettext_lazy("Reporting"), "padi", "radio"),
}
REASONS: dict[str, Any] = {
    "unknown_device": gettext_lazy("unknown device"),
    "unknown_stream": gettext_lazy("unknown datastream"),
    "garbage": gettext_lazy("not readable"),
    "not_finite": gettext_lazy("no finite number"),
    "out_of_range": gettext_lazy("outside what is possible"),
    "future": gettext_lazy("its clock is ahead"),
    "too_old": gettext_lazy("older than what is kept"),
    "topic": gettext_lazy("a topic that is not its own"),
    "too_large": gettext_lazy("too large"),
    "protocol": gettext_lazy("not MQTT"),
    "flood": gettext_lazy("more of these, only counted"),
    "refused": gettext_lazy("refused by the store"),
}
SIDES = {
    "above": gettext_lazy("above"),
    "below": gettext_lazy("below"),
    "outside": gettext_lazy("outside"),
    "inside": gettext_lazy("inside"),
}
_WRITTEN_OUT = 1e12


def health_tag(health: str) -> Tag:
    """A device's health: word and icon."""
    words, tone, icon = HEALTH[health]
    return Tag(text=words, tone=tone, icon=icon)  # type: ignore[arg-type]


def kind_label(kind: str) -> str:
    known = device_kinds().get(kind)
    return str(known.label) if known else kind


def kind_icon(kind: str) -> str:
    known = device_kinds().get(kind)
    return known.icon if known else "radio-tower"


def value(found: float, unit: str = "") -> str:
    """A measured value as people read it, its unit behind it; a very large one by its power of ten."""
    if abs(found) >= _WRITTEN_OUT or 0 < abs(found) < 0.005:
        words = f"{found:.3g}"
    else:
        words = number(round(found, 2))
    return f"{words} {unit_words(unit)}".strip()


def unit_words(unit: str) -> str:
    """A unit of UCUM as people write it."""
    return {"Cel": "°C", "deg": "°", "m3": "m³", "m3/s": "m³/s", "1": ""}.get(unit, unit)


def rule_name(rule: Rule) -> str:
    """A declared rule's name in the reader's language; another's as it was typed."""
    spec = declared_rules().get(rule.code)
    return str(spec.name) if spec else rule.name


def seconds(count: float) -> str:
    """A span in its largest whole unit."""
    count = int(count)
    if count % 86_400 == 0 and count >= 86_400:
        n = count // 86_400
        return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}
    if count % 3600 == 0 and count >= 3600:
        n = count // 3600
        return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}
    if count % 60 == 0 and count >= 60:
        n = count // 60
        return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}
    return ngettext("%(n)d second", "%(n)d seconds", count) % {"n": count}


def stream_label(kind: str, code: str) -> str:
    """A datastream's usual name on a kind of device; its code where the kind has none."""
    known = device_kinds().get(kind)
    return next((str(one.name) for one in known.streams if one.code == code), code) if known else code


def parameter(given: Any, kind: str = "") -> str:
    """A number of a rule, or whose own number stands there."""
    if isinstance(given, str) and given.startswith("@"):
        known = device_kinds().get(kind)
        label = next((str(one.label) for one in known.settings if one.name == given[1:]), "") if known else ""
        return _("the device's own “%(name)s”") % {"name": label or given[1:]}
    return value(float(given))


def sentence(kind: str, params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A rule as pairs of a small word and what stands under it: when, for, recovers, then."""
    when, then = params.get("when", {}), params.get("then", {})
    applies = params.get("applies", {})
    whose = applies.get("kind", "")
    parts = [(_("watches"), kind_label(whose) if whose else str(applies.get("device", "")))]
    if kind == "absence":
        after = when.get("after_s", 0)
        shown = parameter(after, whose) if isinstance(after, str) else seconds(after)
        parts.append((_("when"), _("nothing is heard for %(time)s") % {"time": shown}))
        parts.append((_("recovers"), _("when it is heard again")))
    elif kind == "threshold":
        names = {
            "stream": stream_label(whose, when.get("stream", "")),
            "side": SIDES.get(when.get("side", "above"), ""),
            "limit": parameter(when.get("limit", 0), whose),
        }
        parts.append((_("when"), _("%(stream)s is %(side)s %(limit)s") % names))
        if when.get("for_s"):
            parts.append((_("for"), seconds(when["for_s"])))
        if "recover" in when:
            parts.append((_("recovers"), _("at %(limit)s") % {"limit": parameter(when["recover"], whose)}))
    else:
        parts += _fence(when, whose)
    return [*parts, *_then(then)]


def _fence(when: Mapping[str, Any], whose: str) -> list[tuple[str, str]]:
    names = {
        "side": SIDES.get(when.get("side", "outside"), ""),
        "radius": parameter(when.get("radius_m", 0), whose),
    }
    parts = [(_("when"), _("it is %(side)s the fence (%(radius)s)") % names)]
    if when.get("dwell_s"):
        parts.append((_("for"), seconds(when["dwell_s"])))
    for one in when.get("hours", ()):
        parts.append((_("between"), f"{one['from'].replace(':', '.')}–{one['to'].replace(':', '.')}"))
    return parts


def _then(then: Mapping[str, Any]) -> list[tuple[str, str]]:
    parts = []
    if then.get("opens_case"):
        words = _("an urgent case is opened") if then.get("urgent") else _("a case is opened")
        parts.append((_("then"), words))
    if then.get("banner"):
        parts.append((_("and"), _("the wall shows it")))
    if then.get("notify"):
        parts.append((_("and"), _("the duty officer is told")))
    return parts
