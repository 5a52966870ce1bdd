"""Larger pieces, each with a template of its own name under `kotacerdas/ui/`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm, BoundField
from django.template import Context
from django.utils.translation import gettext as _

from kotacerdas.foundation.ui import drawing
from kotacerdas.foundation.ui.shapes import (
    CaseHead,
    ClockBar,
    Crumb,
    Empty,
    NavItem,
    NavSection,
    Pair,
    Stage,
    Step,
    TimelineEntry,
)

from .registry import TEMPLATES, register

_DOT_TONE = {"event": "laut", "reporter": "plain", "inside": "kunyit", "public": "laut", "system": "plain"}
_TOAST = {
    "success": ("padi", "circle-check"),
    "error": ("terasi", "triangle-alert"),
    "warning": ("kunyit", "circle-alert"),
}


@register.inclusion_tag(TEMPLATES + "timeline.html")
def timeline(entries: Sequence[TimelineEntry], look: str = "desk") -> dict[str, Any]:
    """What happened, in the order given. `look` is `desk` or `citizen`."""
    rows = [(entry, entry.tone or _DOT_TONE[entry.kind]) for entry in entries]
    return {"rows": rows, "look": look}


@register.inclusion_tag(TEMPLATES + "step_bar.html")
def step_bar(steps: Sequence[Step], label: str = "") -> dict[str, Any]:
    """The legal steps of a case, the likeliest first."""
    return {"steps": steps, "label": label or _("Next steps")}


@register.inclusion_tag(TEMPLATES + "breadcrumb.html")
def breadcrumb(crumbs: Sequence[Crumb]) -> dict[str, Any]:
    """The way here; the last is this page."""
    return {"crumbs": crumbs}


@register.inclusion_tag(TEMPLATES + "error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What must be mended, each linking to its field. Nothing where the form has no errors."""
    found = [
        (form[name].id_for_label if name in form.fields else "", words)
        for name, messages in form.errors.items()
        for words in messages
    ]
    return {"errors": found}


@register.inclusion_tag(TEMPLATES + "field.html")
def field(bound: BoundField, optional: bool = False) -> dict[str, Any]:
    """A form field: label, hint, error above the input, and the input told about both."""
    described = [
        f"{bound.id_for_label}-{part}"
        for part, there in (("hint", bound.help_text), ("error", bound.errors))
        if there
    ]
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    kind = getattr(bound.field.widget, "input_type", "text")
    grouped = bound.field.widget.__class__.__name__ in {"RadioSelect", "CheckboxSelectMultiple"}
    return {
        "f": bound,
        "input": bound.as_widget(attrs=attrs),
        "kind": kind,
        "grouped": grouped,
        "described": " ".join(described),
        "optional": optional or not bound.field.required,
    }


@register.inclusion_tag(TEMPLATES + "empty.html")
def empty_state(shape: Empty) -> dict[str, Any]:
    """Nothing here, and what to do. (Not called `empty`: that word belongs to the for loop.)"""
    return {"e": shape}


@register.inclusion_tag(TEMPLATES + "toast.html", takes_context=True)
def toast(context: Context) -> dict[str, Any]:
    """Django's messages. Success leaves by itself after six seconds; an error stays."""
    plain = ("plain", "info")
    return {"toasts": [(m, *_TOAST.get(m.level_tag, plain)) for m in context.get("messages") or ()]}


@register.inclusion_tag(TEMPLATES + "demo_band.html")
def demo_band() -> dict[str, Any]:
    """The striped band that says: invented data."""
    return {}


@register.inclusion_tag(TEMPLATES + "desk_nav.html")
def desk_nav(nav: Sequence[NavSection]) -> dict[str, Any]:
    """The desk's navigation: only what this person may open."""
    return {"nav": nav}


@register.inclusion_tag(TEMPLATES + "bottom_nav.html")
def bottom_nav(nav: Sequence[NavSection]) -> dict[str, Any]:
    """The phone's bottom bar: up to three primary places (else the first three), and the rest behind one."""
    every: list[NavItem] = [item for section in nav for item in section.items]
    chosen = [item for item in every if item.primary] or every
    return {"items": chosen[:3], "nav": nav}


@register.inclusion_tag(TEMPLATES + "case_head.html")
def case_head(head: CaseHead) -> dict[str, Any]:
    """Number, state and clock over the title; place and holder under it."""
    return {"h": head}


@register.inclusion_tag(TEMPLATES + "stages.html")
def stages(steps: Sequence[Stage], numbered: bool = False, label: str = "") -> dict[str, Any]:
    """A way of several labelled segments: done, now, next."""
    return {"stages": steps, "numbered": numbered, "label": label or _("Progress")}


@register.inclusion_tag(TEMPLATES + "clock_bar.html")
def clock_bar(bar: ClockBar) -> dict[str, Any]:
    """A clock as the bar of its budget, or with one cell a working day."""
    width = 100 / bar.cells if bar.cells else 100
    cells = [
        (index * width, part * (width - 1)) for index, part in enumerate(drawing.days(bar.used, bar.cells))
    ]
    return {"b": bar, "cells": cells, "cell": width - 1, "held_end": 100 * min(1.0, bar.used + bar.paused)}


@register.inclusion_tag(TEMPLATES + "pair.html")
def pair(shape: Pair) -> dict[str, Any]:
    """Before and after in equal frames."""
    return {"p": shape}
