"""Writing the territory: places that people at desks name, and points of areas that somebody measured."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.territory.index import forget_index, index
from kotacerdas.foundation.territory.land import LAT_NORTH, LAT_SOUTH, LNG_EAST, LNG_WEST
from kotacerdas.foundation.territory.models import Area, Place
from kotacerdas.foundation.territory.names import name_key
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Missing, Refused
from kotacerdas.kernel.texts import clean_line

PLACE_AREAS = "territory.place_areas"
MOST_BASIS = 200


def area_place(*, actor: Any, code: str, lat: float, lng: float, basis: str) -> Area:
    """Move the reference point of an open area; from now on the pack's load leaves it alone.

    actor  a `parties` actor, whose room stands above this one
    basis  where the point comes from. Raises Refused, Missing, Invalid for a point outside Indonesia
    """
    if actor.kind != "system" and not actor.grants.may(PLACE_AREAS):
        raise Refused(_("You may not move areas."), remedy=_("Ask the operator of the system."))
    if not (LAT_SOUTH <= lat <= LAT_NORTH and LNG_WEST <= lng <= LNG_EAST):
        raise Invalid(_("This is not in Indonesia."), remedy=_("Latitude comes first; south is negative."))
    with transaction.atomic():
        area = Area.objects.select_for_update(of=("self",)).filter(code=code, closed_on=None).first()
        if area is None:
            raise Missing(
                _("There is no area with this code."), remedy=_("Compare it with the list of areas.")
            )
        area.lat, area.lng, area.changed_at = lat, lng, clock.now()
        area.point_basis = clean_line(basis)[:MOST_BASIS] or "-"
        area.save(update_fields=["lat", "lng", "changed_at", "point_basis"])
        append(
            verb="territory.area.place",
            subject=("territory.area", area.id),
            actor=actor.code,
            codes={"area": area.code},
            payload={"lat": f"{lat:.6f}", "lng": f"{lng:.6f}"},
        )
        transaction.on_commit(forget_index)
    return area


def place_remember(
    *, name: str, area_code: str = "", lat: float | None = None, lng: float | None = None
) -> Place:
    """Keep a place as it was typed, or count one more use of it; found again by `search_places`.

    A position is taken over when the place had none. Raises Invalid for a name without two letters or for
    an unknown area. Safe when two desks type the same place at once.
    """
    key = name_key(name)
    if len(key) < 2:
        raise Invalid(_("Write the name of the place."), fields={"place": _("At least two letters.")})
    area = index().by_code.get(area_code) if area_code else None
    if area_code and area is None:
        raise Invalid(_("There is no area with this code."), fields={"area": _("Choose one from the list.")})
    place, made = Place.objects.get_or_create(
        kind=Place.Kind.TYPED,
        name_key=key[:120],
        area=area,
        defaults={"name": clean_line(name)[:120], "lat": lat, "lng": lng},
    )
    changes = {"uses": F("uses") + 1, "last_used_at": clock.now()}
    if not made and place.lat is None and lat is not None and lng is not None:
        changes |= {"lat": lat, "lng": lng}
    Place.objects.filter(pk=place.pk).update(**changes)
    place.refresh_from_db()
    return place
