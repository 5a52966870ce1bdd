"""Where a good is, as fields of a form: its village, its position, and the outline of land and buildings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.territory.queries import area_by_code, districts, inside_regency, villages
from kotacerdas.programs.lada.corners import corners, typed
from kotacerdas.programs.lada.models import Asset

PLACE = ("area_code", "lat", "lng", "outline")
OUTLINED = frozenset("AC")  # cards of land and buildings


def add_place(form: forms.Form, card: str, known: Asset | None = None) -> None:
    """Add the fields of a place, filled with what the register says of a good."""
    first = {name: getattr(known, name) for name in PLACE} if known is not None else {}
    form.fields["area_code"] = forms.ChoiceField(
        label=_("Village"), required=False, choices=_areas(first.get("area_code", ""))
    )
    form.fields["lat"] = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    form.fields["lng"] = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    if card in OUTLINED:
        form.fields["outline"] = forms.CharField(
            label=_("Corners of the ground, one a line: latitude, longitude"),
            required=False,
            max_length=8000,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        first["outline"] = typed([first.get("outline") or ()])
    for name, value in first.items():
        if name in form.fields:
            form.fields[name].initial = value


def check_place(form: forms.Form, known: Asset | None = None) -> None:
    """Say at its field what no place of the regency is; what the register says already is let be."""
    _check_outline(form, known)
    lat, lng = form.cleaned_data.get("lat"), form.cleaned_data.get("lng")
    if (lat is None) != (lng is None):
        if not form.has_error("lat") and not form.has_error("lng"):
            form.add_error("lng", _("A position has both, or neither."))
        return
    is_kept = known is not None and (lat, lng) == (known.lat, known.lng)
    if lat is not None and lng is not None and not is_kept and not inside_regency(lat, lng):
        form.add_error("lat", _("This position lies in the sea or outside the regency."))


def _check_outline(form: forms.Form, known: Asset | None) -> None:
    """Put the corners in the place of their text, None for none."""
    if "outline" not in form.cleaned_data:
        return
    try:
        ring = corners(form.cleaned_data["outline"]) or None
    except ValueError as error:
        form.add_error("outline", str(error))
        return
    is_kept = known is not None and ring == known.outline
    if ring and not is_kept and not all(inside_regency(lat, lng) for lat, lng in ring):
        form.add_error("outline", _("One of these corners lies in the sea or outside the regency."))
        return
    form.cleaned_data["outline"] = ring


def _areas(kept: str) -> list[tuple[Any, Any]]:
    """The villages under their districts; first none, and what the register says where that is no village of today."""
    groups: list[tuple[Any, Any]] = [("", _("not known"))]
    known = {one.code for one in villages()}
    if kept and kept not in known:
        area = area_by_code(kept)
        groups.append((kept, f"{area.name} ({kept})" if area is not None else kept))
    for district in sorted(districts(), key=lambda one: one.name):
        inside = sorted(villages(district.code), key=lambda one: one.name)
        groups.append((district.name, [(one.code, one.name) for one in inside]))
    return groups
