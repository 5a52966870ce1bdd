"""Manifests: one trip of a truck from its first tank to the plant. By event time: loads may come late, from two phones."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.models import PlannedRoute, Station, Unit
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.programs.gopal.actions.differences import balance_again
from kotacerdas.programs.gopal.actions.proofs import papers_end
from kotacerdas.programs.gopal.models import Manifest, ManifestLoad, Order
from kotacerdas.programs.gopal.permissions import WORK

SUBJECT = "gopal.manifest"
_State = Manifest.State
_FILLED = (_State.OPEN, _State.CARRYING, _State.RECEIVED)  # a load that comes late may still belong to it


def manifest_at_hand(*, actor: Actor, unit: Unit, at: datetime) -> Manifest:
    """The manifest of the trip that a unit was on then: the first one that had not left yet, or a new one.

    Raises Refused for whoever empties no tanks of that agency.
    """
    may_carry(actor, unit)
    with transaction.atomic():
        hold_unit(unit.id)
        found = trip_at(unit, at)
        if found is None:
            return _opened(actor, unit, at)
        if found.opened_at > at:
            found.opened_at = at
            found.save(update_fields=["opened_at"])
        return found


def load_add(*, actor: Actor, manifest: Manifest, order: Order, litres: int, at: datetime) -> ManifestLoad:
    """Put what was pumped at an order's tank into a manifest; one that was refused or left before then gives it to the
    unit's trip of that moment.

    Raises Refused, Conflict where the order was loaded already, Invalid (`litres`) for none, or for more than fits.
    """
    may_carry(actor, manifest.unit)
    if litres < 1:
        raise Invalid(_("Nothing was loaded."), fields={"litres": _("At least one litre.")})
    with transaction.atomic():
        hold_unit(manifest.unit_id)
        manifest = locked(manifest)
        if manifest.state not in _FILLED or (manifest.left_at is not None and manifest.left_at < at):
            manifest = locked(manifest_at_hand(actor=actor, unit=manifest.unit, at=at))
        if ManifestLoad.objects.filter(order=order).exists():
            raise Conflict(
                _("This order is in a manifest already."), remedy=_("Look at the manifest of the trip.")
            )
        _fits(manifest, litres)
        papers_end(actor, (SUBJECT, manifest.id))
        load = ManifestLoad.objects.create(manifest=manifest, order=order, litres=litres, pumped_at=at)
        journal(manifest, "load", actor, at, litres=litres, order=str(order.pk))
        if manifest.state == _State.RECEIVED:
            balance_again(actor=actor, manifest=manifest)
        return load


def manifest_leave(*, actor: Actor, manifest: Manifest, plant: Station, at: datetime) -> Manifest:
    """The truck is at the plant with it. What was pumped after that, by another phone's word, begins the next manifest.

    Raises Refused for one without loads, Conflict for one that left already, Invalid for a station that is no plant.
    """
    may_carry(actor, manifest.unit)
    if not plant.is_reload_site or plant.agency_id != manifest.agency_id:
        raise Invalid(_("This is no treatment plant of ours."), fields={"plant": _("Choose another one.")})
    with transaction.atomic():
        hold_unit(manifest.unit_id)
        manifest = locked(manifest)
        if manifest.state != _State.OPEN:
            raise Conflict(
                _("Manifest %(number)s has left already.") % {"number": manifest.number},
                remedy=_("Look at the plant's list."),
            )
        if not manifest.loads.filter(pumped_at__lte=at).exists():
            raise Refused(
                _("Nothing is loaded: a manifest without loads cannot be handed over."),
                remedy=_("Enter first what was pumped."),
                code="no_loads",
            )
        papers_end(actor, (SUBJECT, manifest.id))
        manifest.state, manifest.left_at, manifest.plant = _State.CARRYING, at, plant
        manifest.save(update_fields=["state", "left_at", "plant"])
        _next_trip(actor, manifest, at)
        journal(manifest, "leave", actor, at, litres=loaded(manifest), plant=plant.code)
        return manifest


def trip_at(unit: Unit, at: datetime) -> Manifest | None:
    """The manifest of the trip on which a unit was then, without making one."""
    trips = Manifest.objects.filter(unit=unit, state__in=_FILLED)
    then = trips.filter(Q(left_at=None) | Q(left_at__gte=at))
    return then.select_related("unit__agency", "agency").order_by(F("left_at").asc(nulls_last=True)).first()


def loaded(manifest: Manifest) -> int:
    """Litres in a manifest by the forms."""
    return manifest.loads.aggregate(sum=Sum("litres"))["sum"] or 0


def hold_unit(unit: UUID) -> None:
    """Hold a unit until the transaction ends: whoever opens, fills or ends a manifest of it comes one after another.

    It is held before the manifest itself.
    """
    Unit.objects.select_for_update(no_key=True).get(id=unit)


def locked(manifest: Manifest) -> Manifest:
    """The manifest as it is now, held until the transaction ends."""
    return (
        Manifest.objects.select_for_update(of=("self",))
        .select_related("unit__agency", "agency", "plant")
        .get(id=manifest.id)
    )


def may_carry(actor: Actor, unit: Unit) -> None:
    """Raise Refused for whoever empties no tanks of the unit's agency."""
    if actor.kind != "system" and not actor.grants.may(WORK, agencies=[unit.agency_id]):
        raise Refused(_("You carry no sludge for this agency."), remedy=_("Ask its desludging planner."))


def journal(manifest: Manifest, step: str, actor: Actor, at: datetime, *, litres: int, **codes: str) -> None:
    """A journal row of a manifest."""
    append(
        verb=f"{SUBJECT}.{step}",
        subject=(SUBJECT, manifest.id),
        actor=actor.code,
        codes={"agency": manifest.agency.code, "asset": manifest.unit.asset_number, **codes},
        measures={"litres": litres},
        occurred_at=at,
    )


def _opened(actor: Actor, unit: Unit, at: datetime) -> Manifest:
    if actor.user is None:
        raise Refused(_("A manifest is opened by the operator who drives."))
    day = clock.local_day(at)
    manifest = Manifest.objects.create(
        number=_next_number(day.year),
        token=secrets.token_urlsafe(16),  # 128 bits
        agency=unit.agency,
        unit=unit,
        operator=actor.user,
        route=PlannedRoute.objects.filter(unit=unit, day=day, is_published=True).first(),
        day=day,
        opened_at=at,
    )
    journal(manifest, "open", actor, at, litres=0)
    return manifest


def _next_trip(actor: Actor, manifest: Manifest, at: datetime) -> None:
    """What was pumped after the truck had left goes into a manifest of its own."""
    later = manifest.loads.filter(pumped_at__gt=at)
    first = later.order_by("pumped_at").first()
    if first is not None:
        later.update(manifest=_opened(actor, manifest.unit, first.pumped_at))


def _fits(manifest: Manifest, litres: int) -> None:
    on_board, capacity = loaded(manifest), manifest.unit.capacity_l
    if on_board + litres > capacity:
        words = _("%(left)s litres still fit into %(unit)s: %(on_board)s of %(capacity)s are on board.") % {
            "left": number(max(0, capacity - on_board)),
            "unit": manifest.unit.name,
            "on_board": number(on_board),
            "capacity": number(capacity),
        }
        raise Invalid(_("Nothing was loaded."), fields={"litres": words}, code="beyond_truck")


def _next_number(year: int) -> str:
    """`MLT-2026-000123`: without gaps, so others wait for one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gopal_manifestcounter AS c (year, last) VALUES (%s, 1) "
            "ON CONFLICT (year) DO UPDATE SET last = c.last + 1 RETURNING last",
            [year],
        )
        return f"MLT-{year:04d}-{cursor.fetchone()[0]:06d}"
