"""Writing the territory: places that people at desks name."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext as _

from kotacerdas.foundation.territory.index import index
from kotacerdas.foundation.territory.models import Place
from kotacerdas.foundation.territory.names import name_key
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.texts import clean_line


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
