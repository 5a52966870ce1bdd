"""A good and its device: bound and unbound, its fence, and its maintenance by kilometres or months."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.telemetry import tracks
from kotacerdas.foundation.telemetry.actions import binding_end, binding_make
from kotacerdas.foundation.telemetry.models import Binding, Device
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.programs.lada.actions.ledger import SUBJECT
from kotacerdas.programs.lada.corners import Ring, corners, is_place
from kotacerdas.programs.lada.models import Asset, Fence, Service
from kotacerdas.programs.lada.permissions import TRACK
from kotacerdas.programs.lada.tracking.reading import KIND
from kotacerdas.programs.lada.tracking.rules import minute_of

LONGEST_RADIUS_M, MOST_HOURS, LONGEST_DWELL = 100_000, 4, 240
MOST_KM, MOST_MONTHS, MOST_DIAL_KM = 100_000, 120, 3_000_000


def asset_bind(*, actor: Actor, asset: Asset, device: Device) -> Binding:
    """Bind a device of the good's own agency to it, from today on.

    Raises Refused; Invalid for a device of another agency, or one that tells no position; Conflict where either is bound.
    """
    require(actor.grants, TRACK, agencies=[asset.agency_id])
    has_position = device.streams.filter(code=tracks.POSITION).exists()
    if device.agency_id != asset.agency_id or not device.is_active or not has_position:
        words = _("Choose a device of the agency that has the good, one that tells its position.")
        raise Invalid(words, fields={"device": words})
    with transaction.atomic():
        asset = Asset.objects.select_for_update().get(id=asset.id)
        held = tracks.bindings_on(KIND, clock.today()).select_related("device")
        going = held.filter(subject=asset.nibar).exclude(
            until=clock.today()
        )  # one taken off today may be replaced
        if going.exists() or not asset.is_active:
            raise Conflict(
                _("This good has a device already, or is not in the books any more."),
                remedy=_("Take its device off first."),
            )
        if held.filter(device=device).exists():
            raise Conflict(
                _("This device belongs to another good."),
                remedy=_("Take it off there first; it is free from the day after. Or choose another."),
            )
        made = binding_make(actor=actor, device=device, kind=KIND, subject=asset.nibar, since=clock.today())
        Fence.objects.filter(asset=asset).update(since=clock.now())
        _journal(asset, "bind", actor, device=device.code)
        return made


def asset_unbind(*, actor: Actor, asset: Asset) -> None:
    """Take the device off a good; it counts until the end of today. Raises Refused, Conflict where there is none."""
    require(actor.grants, TRACK, agencies=[asset.agency_id])
    with transaction.atomic():
        asset = Asset.objects.select_for_update().get(id=asset.id)
        held = binding_of(asset)
        if held is None or held.until is not None:
            raise Conflict(_("This good has no device."), remedy=_("Load the page again."))
        binding_end(actor=actor, binding=held, day=clock.today())
        _journal(asset, "unbind", actor, device=held.device.code)


def binding_of(asset: Asset, day: date | None = None) -> Binding | None:
    """What is bound to a good on a day, today where none is named."""
    held = tracks.bindings_on(KIND, day or clock.today()).filter(subject=asset.nibar)
    return held.select_related("device__presence").first()


def fence_save(
    *,
    actor: Actor,
    asset: Asset,
    lat: float | None = None,
    lng: float | None = None,
    radius_m: int = 0,
    area: str = "",
    hours: str = "",
    dwell_minutes: int = 3,
    is_on: bool = True,
) -> Fence:
    """Draw the fence of a good. Raises Refused, Invalid by field.

    area   a polygon, one "lat, lng" a line; hours  "06:00-20:00", several with commas: when it may be outside
    """
    require(actor.grants, TRACK, agencies=[asset.agency_id])
    flaws: dict[str, str] = {}
    ring, spans = _ring(area, flaws), _spans(hours, flaws)
    if radius_m and not is_place(lat, lng):
        flaws["lat"] = _("A circle needs its middle, in degrees.")
    if not 0 <= radius_m <= LONGEST_RADIUS_M:
        flaws["radius_m"] = _("At most %(most)d metres.") % {"most": LONGEST_RADIUS_M}
    if not 1 <= dwell_minutes <= LONGEST_DWELL:
        flaws["dwell_minutes"] = _("Between 1 and %(most)d minutes.") % {"most": LONGEST_DWELL}
    if is_on and not (radius_m or ring or spans):
        flaws["radius_m"] = _("A fence needs a circle, an area, or hours.")
    if flaws:
        raise Invalid(_("The fence cannot be drawn like this."), fields=flaws)
    with transaction.atomic():
        facts: dict[str, Any] = {
            "lat": lat if radius_m else None,
            "lng": lng if radius_m else None,
            "radius_m": radius_m,
            "areas": [ring] if ring else [],
            "hours": spans,
            "dwell_minutes": dwell_minutes,
            "is_on": is_on,
        }
        known = Fence.objects.select_for_update().filter(asset=asset).first()
        if known is None or not known.is_on:
            facts["since"] = clock.now()
        made, _new = Fence.objects.update_or_create(asset=asset, defaults=facts)
        _journal(asset, "fence", actor)
        return made


def service_save(
    *, actor: Actor, asset: Asset, every_km: int = 0, every_months: int = 0, dial_km: int = 0
) -> Service:
    """Say how often a good is maintained; counting begins today, or goes on. Raises Refused, Invalid by field."""
    require(actor.grants, TRACK, agencies=[asset.agency_id])
    flaws: dict[str, str] = {}
    if not 0 <= every_km <= MOST_KM:
        flaws["every_km"] = _("At most %(most)d.") % {"most": MOST_KM}
    if not 0 <= every_months <= MOST_MONTHS:
        flaws["every_months"] = _("At most %(most)d.") % {"most": MOST_MONTHS}
    if not flaws and not (every_km or every_months):
        flaws["every_km"] = _("Say after how many kilometres or months.")
    _dial(dial_km, flaws)
    if flaws:
        raise Invalid(_("The maintenance cannot be written down like this."), fields=flaws)
    with transaction.atomic():
        facts = {"every_km": every_km, "every_months": every_months, "dial_km": dial_km}
        made, _new = Service.objects.update_or_create(asset=asset, defaults=facts)
        _journal(asset, "service", actor)
        return made


def service_done(*, actor: Actor, asset: Asset, dial_km: int = 0) -> Service:
    """A good was maintained: the next is counted from that day. Raises Refused, Invalid, Conflict where none is due by rule.

    dial_km  what its odometer shows, where somebody read it
    """
    require(actor.grants, TRACK, agencies=[asset.agency_id])
    flaws: dict[str, str] = {}
    _dial(dial_km, flaws)
    if flaws:
        raise Invalid(_("The maintenance cannot be written down like this."), fields=flaws)
    with transaction.atomic():
        held = Service.objects.select_for_update().filter(asset=asset).first()
        if held is None:
            raise Conflict(
                _("Nobody said how often this good is maintained."), remedy=_("Say it on its page first.")
            )
        held.started_on = clock.local_day(actor.happened_at or clock.now())
        held.dial_km = dial_km
        held.save(update_fields=["started_on", "dial_km"])
        _journal(asset, "serviced", actor)
        return held


def _dial(dial_km: int, flaws: dict[str, str]) -> None:
    if not 0 <= dial_km <= MOST_DIAL_KM:
        flaws["dial_km"] = _("At most %(most)d.") % {"most": MOST_DIAL_KM}


def _ring(text: str, flaws: dict[str, str]) -> Ring:
    """The corners of a polygon as they are typed."""
    try:
        return corners(text)
    except ValueError as error:
        flaws["area"] = str(error)
        return []


def _spans(text: str, flaws: dict[str, str]) -> list[list[str]]:
    """Hours as they are typed: "06:00-12:00, 13:00-20:00"."""
    spans: list[list[str]] = []
    for part in filter(str.strip, text.replace("–", "-").split(",")):
        try:
            since, until = (one.strip() for one in part.split("-"))
            is_good = minute_of(since) != minute_of(until) and minute_of(since) < 1440
        except ValueError:
            is_good = False
        if not is_good:
            flaws["hours"] = _("Write hours as 06:00-20:00, several with commas.")
            return []
        spans.append([since, until])
    if len(spans) > MOST_HOURS:
        flaws["hours"] = _("At most %(most)d stretches of hours.") % {"most": MOST_HOURS}
    return spans


def _journal(asset: Asset, step: str, actor: Actor, **more: str) -> None:
    append(
        verb=f"{SUBJECT}.{step}",
        subject=(SUBJECT, asset.id),
        actor=actor.code,
        codes={"agency": asset.agency.code, **more},
    )
