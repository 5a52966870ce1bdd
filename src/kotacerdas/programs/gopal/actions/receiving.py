"""What a plant does with a manifest: the sludge is received by its meter, or refused."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.event_time import AHEAD
from kotacerdas.foundation.dispatch.actions import stop_finish
from kotacerdas.foundation.dispatch.models import Station
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.parties.actors import SYSTEM, Actor
from kotacerdas.foundation.parties.grants import gives, require
from kotacerdas.foundation.parties.models import Position
from kotacerdas.foundation.ui.tags.words import clock_time, day, number
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.kernel.texts import is_blank
from kotacerdas.programs.gopal import levels, plants
from kotacerdas.programs.gopal.actions.differences import difference_open
from kotacerdas.programs.gopal.actions.manifests import SUBJECT, hold_unit, loaded
from kotacerdas.programs.gopal.actions.orders import order_settle
from kotacerdas.programs.gopal.actions.proofs import papers_end
from kotacerdas.programs.gopal.actions.work import reload_stop
from kotacerdas.programs.gopal.balance import Balance
from kotacerdas.programs.gopal.models import Manifest, SludgeDifference
from kotacerdas.programs.gopal.permissions import JUDGE, RECEIVE
from kotacerdas.programs.gopal.queries import balance_of

LONGEST_WHY = 200
_State = Manifest.State


def manifest_receive(
    *,
    actor: Actor,
    manifest: Manifest,
    litres: int,
    at: datetime | None = None,
    plant: Station | None = None,
    why: str = "",
) -> Manifest:
    """A plant has taken a manifest's sludge: so many litres by its meter. One that was never sent off leaves now.

    plant  where the truck stands; the one that it was sent to, where nothing is said
    why    is needed for a manifest of an earlier day, for another plant, outside opening hours, and for less than a tenth

    Sums that differ ask the operator, orders that are paid close, the stop of the route is finished. Raises Refused,
    Conflict for one that was received, refused or is empty, Invalid with its field: litres, why, at.
    """
    at = _moment(actor, at)
    with transaction.atomic():
        manifest = _locked(actor, manifest)
        _check_state(manifest)
        plant = _plant_of(manifest, plant)
        pumped = _pumped(manifest)
        _check_litres(manifest, litres, pumped, why)
        _check_why(manifest, plant, at, why)
        papers_end(actor, (SUBJECT, manifest.id))
        streams = levels.streams_of(manifest.unit, manifest.day, levels.LEVEL)
        manifest.carried_l = levels.peak(levels.readings(streams, manifest.opened_at, at))
        manifest.left_at = manifest.left_at or at
        manifest.plant, manifest.state = plant, _State.RECEIVED
        manifest.received_l, manifest.received_at, manifest.received_by = litres, at, actor.user
        manifest.received_why = why.strip()
        found = balance_of(manifest, pumped)
        manifest.is_complete = found.is_even
        manifest.save()
        _received(manifest, actor, found, why)
        if not found.is_even:
            difference_open(actor=actor, manifest=manifest, found=found)
        _unloaded(manifest, at)
        for load in manifest.loads.select_related("order__case"):
            order_settle(case=load.order.case)
        return manifest


def manifest_refuse(
    *, actor: Actor, manifest: Manifest, why: str, plant: Station | None = None, at: datetime | None = None
) -> Manifest:
    """A plant does not take a manifest's sludge. The truck keeps its load; the planner is told.

    What was loaded goes on under a manifest that follows (`followed_by`), which may be left for another plant: the
    refused one is over, so that the truck has one open manifest again. Raises Refused, Conflict, Invalid without a reason.
    """
    at, why = _moment(actor, at), why.strip()
    if not why or len(why) > LONGEST_WHY:
        words = _("Say why, in at most %(most)d letters.") % {"most": LONGEST_WHY}
        raise Invalid(words, fields={"why": words})
    with transaction.atomic():
        manifest = _locked(actor, manifest)
        _check_state(manifest)
        manifest.refused_l = _pumped(manifest)
        manifest.plant = _plant_of(manifest, plant)
        manifest.left_at = manifest.left_at or at
        manifest.state, manifest.refused_why = _State.REFUSED, why
        manifest.save(update_fields=["plant", "left_at", "state", "refused_l", "refused_why"])
        papers_end(actor, (SUBJECT, manifest.id))
        follower = _followed(manifest, at)
        row = _journal(manifest, "refuse", actor, at, payload={"followed_by": follower.number})
        for position in Position.objects.filter(agency=manifest.agency, closed_on=None):
            if gives(position, [JUDGE], [manifest.agency_id]):
                send(
                    row_id=row.id,
                    template="gopal.refused",
                    to=("position", position.id),
                    args={"manifest": manifest.id},
                )
        return manifest


def needs_why(manifest: Manifest, plant: Station, at: datetime) -> list[str]:
    """What must be explained before a manifest is received there and then, in words; nothing where all is usual."""
    found = []
    if manifest.day != clock.local_day(at):
        found.append(_("This manifest is of %(day)s, not of today.") % {"day": day(manifest.day)})
    if manifest.plant is not None and manifest.plant != plant:
        found.append(_("The truck was sent to %(plant)s.") % {"plant": manifest.plant.name})
    if closed := plants.closed_words(plant, at):
        found.append(closed)
    return found


def _moment(actor: Actor, at: datetime | None) -> datetime:
    """When it happens. Invalid for what is still to come."""
    now = clock.now()
    at = at or actor.happened_at or now
    if at > now + AHEAD:
        words = _("This lies in the future.")
        raise Invalid(words, fields={"at": words})
    return min(at, now)


def _locked(actor: Actor, manifest: Manifest) -> Manifest:
    require(actor.grants, RECEIVE, agencies=[manifest.agency_id])
    hold_unit(manifest.unit_id)
    held = Manifest.objects.select_for_update(of=("self",))
    return held.select_related("agency", "unit__agency", "operator", "plant", "difference", "route").get(
        pk=manifest.pk
    )


def _check_state(manifest: Manifest) -> None:
    if manifest.state == _State.RECEIVED and manifest.received_at is not None:
        given = {
            "day": day(manifest.received_at),
            "time": clock_time(manifest.received_at),
            "litres": number(manifest.received_l or 0),
        }
        raise Conflict(
            _("This manifest was received already: on %(day)s at %(time)s, %(litres)s litres.") % given,
            remedy=_("Let the driver show the one of this trip."),
            code="received_twice",
        )
    if manifest.state == _State.REFUSED:
        follower = Manifest.objects.filter(follows=manifest).first()
        remedy = _("Its load goes on under %(number)s.") % {"number": follower.number} if follower else ""
        raise Conflict(_("This manifest was refused."), remedy=remedy, code="refused")
    if manifest.state == _State.VOID:
        raise Conflict(_("This manifest is void."), remedy=_("Ask the planner."), code="void")


def _plant_of(manifest: Manifest, plant: Station | None) -> Station:
    plant = plant or manifest.plant or plants.only_plant(manifest.agency)
    if plant is None:
        words = _("Say at which plant the truck stands.")
        raise Invalid(words, fields={"plant": words})
    if not plant.is_reload_site or plant.agency_id != manifest.agency_id:
        words = _("This is no plant of %(agency)s.") % {"agency": manifest.agency.short_name}
        raise Invalid(words, fields={"plant": words})
    return plant


def _pumped(manifest: Manifest) -> int:
    pumped = loaded(manifest)
    if not pumped:
        raise Conflict(
            _("Nothing was pumped into this manifest, as far as is known here."),
            remedy=_("Let the operator send what is still on the phone, then scan again."),
            code="without_loads",
        )
    return pumped


def _check_litres(manifest: Manifest, litres: int, pumped: int, why: str) -> None:
    most, words = manifest.unit.capacity_l, ""
    if litres < 1:
        words = _("Type the litres from the meter, at least 1.")
    elif most and litres > most:
        given = {"unit": manifest.unit.name, "most": number(most), "litres": number(litres)}
        words = _("%(unit)s holds %(most)s litres; %(litres)s were typed.") % given
    elif litres * 10 < pumped and is_blank(why):
        given = {"pumped": number(pumped), "litres": number(litres)}
        words = (
            _(
                "%(litres)s litres of %(pumped)s pumped: look at the meter again. If it is so, say why beneath."
            )
            % given
        )
    if words:
        raise Invalid(_("The sludge was not received."), fields={"litres": words}, code="litres")


def _check_why(manifest: Manifest, plant: Station, at: datetime, why: str) -> None:
    if at < manifest.opened_at:
        words = _("That is before the trip began.")
        raise Invalid(_("The sludge was not received."), fields={"at": words})
    if len(why) > LONGEST_WHY:
        words = _("At most %(most)d letters.") % {"most": LONGEST_WHY}
        raise Invalid(_("The sludge was not received."), fields={"why": words})
    if (odd := needs_why(manifest, plant, at)) and is_blank(why):
        words = " ".join([*odd, _("Say why it is received all the same, or refuse it.")])
        raise Invalid(_("The sludge was not received."), fields={"why": words}, code="unusual")


def _followed(manifest: Manifest, at: datetime) -> Manifest:
    """The manifest under which a refused load goes on: the first one's number with a count behind it."""
    first, count = manifest, 2
    while first.follows is not None:
        first, count = first.follows, count + 1
    is_filling = Manifest.objects.filter(
        unit=manifest.unit, state=_State.OPEN
    ).exists()  # the next trip began
    follower = Manifest.objects.create(
        state=_State.CARRYING if is_filling else _State.OPEN,
        left_at=at if is_filling else None,
        number=f"{first.number}-{count}",
        token=secrets.token_urlsafe(16),
        agency=manifest.agency,
        unit=manifest.unit,
        operator=manifest.operator,
        route=manifest.route,
        day=clock.local_day(at),
        opened_at=manifest.opened_at,
        follows=manifest,
        difference=manifest.difference,
    )
    manifest.loads.update(manifest=follower)
    SludgeDifference.objects.filter(manifest=manifest, case__closed_at=None).update(manifest=follower)
    return follower


def _received(manifest: Manifest, actor: Actor, found: Balance, why: str) -> None:
    assert manifest.received_l is not None
    assert manifest.received_at is not None
    measures = {"received_l": manifest.received_l, "pumped_l": found.pumped}
    if manifest.carried_l is not None:
        measures["carried_l"] = manifest.carried_l
    loads: list[dict[str, Any]] = [
        {"area": load.order.tank.area_code, "litres": load.litres}
        for load in manifest.loads.select_related("order__tank")
    ]
    area = loads[0]["area"] if loads else ""
    payload = {"loads": loads, "is_even": found.is_even, "is_unusual": not is_blank(why)}
    _journal(
        manifest,
        "receive",
        actor,
        manifest.received_at,
        measures=measures,
        payload=payload,
        why=why,
        area=area,
    )


def _unloaded(manifest: Manifest, at: datetime) -> None:
    """The next stop of the route at this plant is done. A route that has none, or is at another stop, stays as it is."""
    assert manifest.plant is not None
    stop = reload_stop(manifest.unit, manifest.plant, at)
    if stop is not None:
        with suppress(Conflict), transaction.atomic():
            stop_finish(actor=replace(SYSTEM, happened_at=at), stop=stop)


def _journal(
    manifest: Manifest,
    step: str,
    actor: Actor,
    at: datetime,
    *,
    measures: dict[str, int] | None = None,
    payload: dict[str, object] | None = None,
    why: str = "",
    area: str = "",
) -> Row:
    plant = manifest.plant
    codes = {
        "agency": manifest.agency.code,
        "area": "",
        "asset": manifest.unit.asset_number,
        "plant": plant.code if plant is not None else "",
        "day": manifest.day.isoformat(),
        "unusual": "no" if is_blank(why) else "yes",
        "load_area": area,
    }
    return append(
        verb=f"{SUBJECT}.{step}",
        subject=(SUBJECT, manifest.id),
        actor=actor.code,
        codes=codes,
        measures=measures,
        payload=payload,
        occurred_at=at,
    )
