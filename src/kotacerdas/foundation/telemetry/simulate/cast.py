"""The invented devices of the demo: made once, known by their code, and marked as what they are."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.foundation.telemetry.actions.devices import DeviceDraft
from kotacerdas.foundation.telemetry.models import Device
from kotacerdas.foundation.telemetry.simulate.world import Invented
from kotacerdas.foundation.territory.models import Area
from kotacerdas.foundation.territory.queries import villages

MARK = "contoh-"
NOTE = "Perangkat peraga: tidak ada di dunia nyata."
TERMINALS, GAUGES, VEHICLES = 6, 3, 3
_EVERY = {"terminal": 300, "gauge": 300, "vehicle": 60}
_HOUR = 3600.0


def coordinating_agency() -> Agency | None:
    """Where the demo's devices belong: the agency with the coordinator's post."""
    post = (
        Position.objects.filter(roles__contains=["coordinator"], closed_on=None)
        .select_related("agency")
        .first()
    )
    return post.agency if post else None


def drafts(agency: Agency, now: float, seed: int) -> list[tuple[DeviceDraft, Invented]]:
    """All invented devices. One gauge stands in flood, one terminal is silent, one vehicle left one night."""
    random = Random(seed)
    places = [one for one in villages() if one.point is not None]
    random.shuffle(places)
    if not places:  # devices stand somewhere, and no place is made up
        return []
    found: list[tuple[DeviceDraft, Invented]] = []
    for number in range(TERMINALS):
        silent = now - 5 * _HOUR if number == 1 else 0.0
        found.append(_one("terminal", number, places[number], agency, seed, silent_from=silent))
    for number in range(GAUGES):
        peak = now - 2 * _HOUR if number == 0 else now - (7 + 3 * number) * 86_400
        found.append(_one("gauge", number, places[20 + number], agency, seed, peak=peak))
    night = (now // 86_400 - 3) * 86_400 + 16 * _HOUR  # 23.00 in western Indonesia
    for number in range(VEHICLES):
        first = places[40 + 4 * number % max(1, len(places) - 44)]
        near = _nearest(first, places)
        found.append(
            _one(
                "vehicle",
                number,
                first,
                agency,
                seed,
                base=first.point,
                stops=tuple(one.point for one in near),
                escape=night if number == 2 else 0.0,
            )
        )
    return found


def _nearest(first: Area, places: Sequence[Area]) -> list[Area]:
    lat, lng = first.point or (0.0, 0.0)
    return sorted(places, key=lambda one: abs((one.lat or 0) - lat) + abs((one.lng or 0) - lng))[1:5]


def _one(  # type: ignore[no-untyped-def]
    kind: str, number: int, place: Area, agency: Agency, seed: int, **more
) -> tuple[DeviceDraft, Invented]:
    words = {"terminal": "Terminal satelit", "gauge": "Duga air", "vehicle": "Kendaraan"}[kind]
    code = f"{MARK}{kind}-{number + 1:02d}"
    name = f"{words} {place.name} (contoh)" if kind != "vehicle" else f"{words} {number + 1:02d} (contoh)"
    settings = {
        "terminal": {},
        "gauge": {"alarm_level": 2.8, "calm_level": 2.4},
        "vehicle": {"fence_lat": place.lat or 0.0, "fence_lng": place.lng or 0.0, "fence_m": 800.0},
    }[kind]
    draft = DeviceDraft(
        code=code,
        name=name,
        kind=kind,
        agency=agency,
        area_code=place.code,
        lat=place.lat,
        lng=place.lng,
        settings=settings,
        note=NOTE,
    )
    return draft, Invented(code=code, kind=kind, seed=seed * 100 + number, every_s=_EVERY[kind], **more)


def known(now: float, seed: int) -> list[tuple[Device, Invented]]:
    """The invented devices that the store has, as they were made: their begin is kept with the first of them."""
    agency = coordinating_agency()
    there = {one.code: one for one in Device.objects.filter(code__startswith=MARK, is_active=True)}
    if agency is None or not there:
        return []
    begun = min(one.made_at for one in there.values()).timestamp()
    return [(there[draft.code], one) for draft, one in drafts(agency, begun, seed) if draft.code in there]
