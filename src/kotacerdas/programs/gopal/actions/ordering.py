"""What an order stands on before it is taken: the tank, its place, the plant, the price."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.models import Unit
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, phone_index
from kotacerdas.foundation.territory.geometry import distance_m
from kotacerdas.foundation.ui.tags.words import number, rupiah
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.programs.gopal import queries, slots, tariff
from kotacerdas.programs.gopal.actions import tanks
from kotacerdas.programs.gopal.models import Order, Tank

if TYPE_CHECKING:
    from kotacerdas.programs.gopal.actions.orders import Wish

LEAST_L, MOST_L = 100, 200_000  # what a form takes; the trucks say how much of it is carried
SAME_PLACE_M = 50  # two orders of one number within it are for one tank
Offer = tuple[tuple[float, float], queries.NearPlant, tariff.Quote]


def tank_of(actor: Actor, agency: Agency, wish: Wish) -> Tank:
    """The tank that is meant: by its code, else the number's own tank at that place, else a new one."""
    if wish.tank:
        return _known(agency, wish.tank)
    facts: dict[str, Any] = {
        "area_code": wish.area_code,
        "lat": wish.lat,
        "lng": wish.lng,
        "address": wish.address,
        "tank_class": wish.tank_class,
        "hose_m": wish.hose_m,
        "users": wish.users,
    }
    wrong = tanks.facts_checked(facts)
    if wish.lat is None and queries.point_of(wish.area_code) is None:
        wrong["place"] = _("Say where the tank is.")
    if wrong:
        raise Invalid(_("The order was not taken."), fields=wrong)
    return _same(agency, wish) or tanks.tank_made(actor=actor, agency=agency, step="order", **facts)


def offer(agency: Agency, tank: Tank, wish: Wish) -> Offer:
    """Where it is, the nearest plant and the price. Raises Invalid for litres beyond the tank, and a changed price."""
    if tank.volume_l is not None and wish.litres > tank.volume_l:
        words = _("The tank holds %(most)s litres; %(given)s are asked for.") % {
            "most": number(tank.volume_l),
            "given": number(wish.litres),
        }
        raise Invalid(_("The order was not taken."), fields={"litres": words}, code="beyond_tank")
    if words := tanks.class_wrong(tank.tank_class):
        raise Invalid(_("The order was not taken."), fields={"tank_class": words})
    where = queries.position_of(tank)
    if where is None:
        raise Invalid(_("The order was not taken."), fields={"place": _("Say where the tank is.")})
    near, quote = priced(agency, where, tank.tank_class, wish.litres)
    if wish.price is not None and wish.price != quote.price:
        words = _("The price is %(now)s now, not %(seen)s. Look at it again before you order.") % {
            "now": rupiah(quote.price),
            "seen": rupiah(wish.price),
        }
        raise Invalid(_("The order was not taken."), fields={"price": words}, code="price_changed")
    return where, near, quote


def priced(
    agency: Agency, where: tuple[float, float], tank_class: str, litres: int
) -> tuple[queries.NearPlant, tariff.Quote]:
    """The nearest plant of a place, and the price by today's tariff.

    Raises what `tariff.quote` raises, and Invalid (`litres`) for more than the largest truck carries in one trip.
    """
    _carried(agency, litres)
    near = queries.nearest_plant(where, queries.plants_of(agency))
    quote = tariff.quote(tank_class=tank_class, distance_m=near.metres, litres=litres, on=clock.today())
    return near, quote


def _carried(agency: Agency, litres: int) -> None:
    trucks = Unit.objects.filter(agency=agency, is_active=True, capacity_l__gt=0)
    most = trucks.aggregate(most=Max("capacity_l"))["most"]
    if most is not None and litres > most:
        words = _("Our largest truck carries %(most)s litres in one trip: order at most that for one day.")
        words %= {"most": number(most)}
        raise Invalid(_("The order was not taken."), fields={"litres": words}, code="beyond_trucks")


def one_a_day(
    tank: Tank, slot: slots.Slot | datetime, besides: Order | None = None, *, tells: bool = True
) -> None:
    """Raise Invalid where the tank has an order on that day already.

    tells  whether its number is said: not to whoever may only have typed somebody else's telephone number
    """
    start = slot.start if isinstance(slot, slots.Slot) else slot
    day = clock.local_day(start)
    others = tank.orders.exclude(case__state__in=slots.FREE_STATES).select_related("case")
    for one in others.exclude(pk=besides.pk if besides else None):
        if clock.local_day(one.slot_from) == day:
            words = _("This tank has an order on that day already.")
            words = f"{words} {one.case.number}" if tells else words
            raise Invalid(_("The order was not taken."), fields={"slot": words}, code="twice_a_day")


def _known(agency: Agency, code: str) -> Tank:
    found = Tank.objects.select_related("agency", "owner", "contact").filter(code=code).first()
    if found is None or found.agency_id != agency.id:
        words = _("There is no tank with this code at %(agency)s.") % {"agency": agency.short_name}
        raise Invalid(_("The order was not taken."), fields={"tank": words})
    if found.closed_on is not None and found.closed_on <= clock.today():
        raise Conflict(_("This tank is closed."), remedy=_("Choose another one, or register it anew."))
    return found


def _same(agency: Agency, wish: Wish) -> Tank | None:
    """The tank of the same number within fifty metres: nobody learns of it, the register has it once."""
    if not wish.phone or wish.lat is None or wish.lng is None:
        return None
    known = Tank.objects.filter(
        agency=agency, contact__index=phone_index(wish.phone), tank_class=wish.tank_class, closed_on=None
    ).exclude(lat=None)
    for tank in known.select_related("agency", "owner", "contact"):
        if distance_m(wish.lat, wish.lng, tank.lat or 0, tank.lng or 0) <= SAME_PLACE_M:
            return tank
    return None
