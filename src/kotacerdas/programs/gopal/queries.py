"""Everything of tanks and orders that is read: whose they are, where a tank stands, how far the next plant is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.declarations import Place
from kotacerdas.foundation.dispatch.models import Job, Station
from kotacerdas.foundation.dispatch.problems import travel as usual_travel
from kotacerdas.foundation.dispatch.queries import last_seen, stop_of_job
from kotacerdas.foundation.dispatch.travel import Travel
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing, Unavailable
from kotacerdas.programs.gopal.balance import Balance, balance
from kotacerdas.programs.gopal.charge_purposes import EXTRA
from kotacerdas.programs.gopal.lifecycles.orders import KIND
from kotacerdas.programs.gopal.models import Manifest, Order, SludgeDifference, Tank, TankClass
from kotacerdas.programs.gopal.pack_tables import desludging
from kotacerdas.programs.gopal.permissions import SURVEY, VIEW

STALE_MINUTES = 15  # a truck's position older than this is not shown as where it is now


def serving_agency() -> Agency:
    """Whose trucks go out. Unavailable where the pack names none that is there."""
    found = Agency.objects.filter(code=desludging().agency).first()
    if found is None:
        raise Unavailable(_("Nobody empties tanks here yet."), remedy=_("Call the regency's office."))
    return found


def agency_for(grants: Grants, permission: str) -> Agency:
    """The agency at which somebody may do this: the serving one, else their own. Missing where there is none."""
    known = Agency.objects.filter(grants.scope(permission).within("id"), closed_on=None)
    found = known.filter(code=desludging().agency).first() or known.order_by("code").first()
    if found is None:
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
    return found


def open_classes() -> list[TankClass]:
    """The classes of tanks in use, in the order they are offered."""
    return list(TankClass.objects.filter(closed_on=None))


def class_name(one: TankClass) -> str:
    """Its name in the language of the page."""
    return one.name_en if (get_language() or "id").startswith("en") else one.name_id


def class_choices() -> list[tuple[str, str]]:
    """The classes in use for a form, after an empty line."""
    return [("", _("Choose a class")), *((one.code, class_name(one)) for one in open_classes())]


def class_names() -> dict[str, str]:
    """Names of all classes by code, closed ones too."""
    return {one.code: class_name(one) for one in TankClass.objects.all()}


def tanks_for(grants: Grants) -> QuerySet[Tank]:
    """The tanks that somebody may see: those of the agencies where they view or survey."""
    scopes = [grants.scope(VIEW), grants.scope(SURVEY)]
    if any(one.everywhere for one in scopes):
        return Tank.objects.all()
    return Tank.objects.filter(agency__in={agency for one in scopes for agency in one.agencies})


def position_of(tank: Tank) -> tuple[float, float] | None:
    """Where a tank stands in degrees: its own position, else its village's reference point."""
    if tank.lat is not None and tank.lng is not None:
        return tank.lat, tank.lng
    return point_of(tank.area_code)


def point_of(area_code: str) -> tuple[float, float] | None:
    """An area's reference point in degrees; None where the area or its point is not known."""
    area = area_by_code(area_code) if area_code else None
    return area.point if area is not None else None


@dataclass(frozen=True, kw_only=True)
class NearPlant:
    """The nearest plant of a place, and metres on the road to it."""

    plant: Station
    metres: int


def plants_of(agency: Agency) -> list[Station]:
    """The plants that an agency's trucks unload at, those in use."""
    return list(Station.objects.filter(agency=agency, is_reload_site=True, is_active=True))


def nearest_plant(
    place: tuple[float, float], plants: Sequence[Station], travel: Travel | None = None
) -> NearPlant:
    """The nearest of the plants. Unavailable where there is none."""
    if not plants:
        raise Unavailable(_("No treatment plant is open."), remedy=_("Call the office."), code="no_plant")
    reckoned = (travel or usual_travel()).matrix(
        [Place(*place), *(Place(one.lat, one.lng) for one in plants)]
    )
    index = reckoned.index()
    row = reckoned.metres[index[Place(*place)]]
    ways = [(row[index[Place(one.lat, one.lng)]], one.code, one) for one in plants]
    metres, _code, plant = min(ways, key=lambda one: one[:2])
    return NearPlant(plant=plant, metres=metres)


def order_of(case: Case) -> Order:
    """The order of a case with its tank, charge and plant."""
    return Order.objects.select_related("tank", "charge", "plant", "case").get(case=case)


def balance_of(manifest: Manifest, pumped: int | None = None) -> Balance:
    """What was pumped into a manifest beside what sensor and meter say, as far as it is known."""
    if pumped is None:
        pumped = sum(one.litres for one in manifest.loads.all())
    return balance(
        pumped=pumped,
        carried=manifest.carried_l,
        received=manifest.received_l,
        tolerance_percent=desludging().tolerance_percent,
    )


def difference_of(case: Case) -> SludgeDifference:
    """The difference of a case with its truck, its manifest and who is asked."""
    related = ("unit", "manifest__plant", "manifest__unit", "manifest__agency", "asked", "case")
    return SludgeDifference.objects.select_related(*related).get(case=case)


def extra_bill(case: Case) -> Charge | None:
    """The second bill of an order, for litres beyond the quote; None where none was agreed."""
    return Charge.objects.filter(subject_kind=KIND, subject_id=case.id, title=EXTRA).first()


def due_on(tank: Tank) -> date | None:
    """When a tank must be emptied again; None where nobody knows when it was emptied last."""
    last = tank.last_emptied_on
    return None if last is None else years_after(last, desludging().round_years)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def is_overdue(tank: Tank) -> bool:
    """Whether a tank should have been emptied by now; one that nobody knows of is not called so."""
    due = due_on(tank)
    return due is not None and due < clock.today()


def overdue() -> Q:
    """Which tanks are overdue, for a query."""
    return Q(last_emptied_on__lt=years_after(clock.today(), -desludging().round_years))


def tanks_found(
    tanks: QuerySet[Tank], *, words: str = "", area: str = "", tank_class: str = "", gap: str = ""
) -> QuerySet[Tank]:
    """Tanks by code, address or building; by village or district, class, and what they lack.

    gap  overdue | no_position | no_size
    """
    for word in words.split():
        of_building = Tank.buildings.through.objects.filter(
            Q(building__code__iexact=word) | Q(building__name__icontains=word), tank=OuterRef("pk")
        )
        tanks = tanks.filter(Q(code__icontains=word) | Q(address__icontains=word) | Exists(of_building))
    if area:
        tanks = tanks.filter(Q(area_code=area) | Q(area_code__startswith=f"{area}."))
    if tank_class:
        tanks = tanks.filter(tank_class=tank_class)
    lacks = {"overdue": overdue(), "no_position": Q(lat=None), "no_size": Q(volume_l=None)}
    return tanks.filter(lacks[gap]) if gap in lacks else tanks


@dataclass(frozen=True, kw_only=True)
class OnTheWay:
    """The truck that is on its way to an order: its name, where it was (rounded to some 100 m), how old that is."""

    unit: str
    lat: float
    lng: float
    minutes: int

    @property
    def position(self) -> str:
        """Latitude and longitude, as a map's address has them."""
        return f"{self.lat:.3f},{self.lng:.3f}"

    @property
    def is_stale(self) -> bool:
        return self.minutes > STALE_MINUTES


def truck_of(case: Case) -> OnTheWay | None:
    """The truck of an order and its youngest position, only while it is under way to the customer."""
    if case.state != "under_way":
        return None
    job = Job.objects.filter(subject_kind=KIND, subject_id=case.id).order_by("-opened_at").first()
    stop = stop_of_job(job) if job is not None else None
    seen = last_seen([stop.route.unit_id]).get(stop.route.unit_id) if stop is not None else None
    if stop is None or seen is None:
        return None
    minutes = max(0, int((clock.now() - seen.measured_at).total_seconds() // 60))
    return OnTheWay(
        unit=stop.route.unit.name, lat=round(seen.lat, 3), lng=round(seen.lng, 3), minutes=minutes
    )
