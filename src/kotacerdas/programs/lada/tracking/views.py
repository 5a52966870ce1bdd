"""Pages of goods with a device: the live map, one good's day, and what must be maintained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.telemetry.trace import trace_map
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.foundation.ui.tags.words import lasting, number
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, KotaError, Missing
from kotacerdas.programs.lada.actions import tracking
from kotacerdas.programs.lada.lifecycles.alarms import ALARM
from kotacerdas.programs.lada.models import Asset
from kotacerdas.programs.lada.permissions import TRACK
from kotacerdas.programs.lada.tracking import present, services
from kotacerdas.programs.lada.tracking.forms import DeviceForm, FenceForm, PlainForm, ServiceForm
from kotacerdas.programs.lada.tracking.reading import bounds, positions, read_from_of
from kotacerdas.programs.lada.tracking.trips import Travel, told

LIVE_SIZE = (640, 470)
MOST_DAYS = 14
_GROUPS = str.maketrans("", "", "., ")  # as thousands are written, in either language
_LOOKS = {present.SILENT: "silent", present.MOVING: "moving", present.STANDING: "stop"}


@require_safe
@desk(TRACK)
def live(request: HttpRequest) -> HttpResponse:
    """Goods with a device on one map: the last position with its age, who is silent, what is outside its fence."""
    grants = grants_for(request)
    goods = present.tracked_for(grants)
    rows = present.seen_of(list(goods[: present.MOST]), grants.scope(TRACK))
    signs: list[tuple[float, float, str, str]] = []
    numbers: dict[Any, int] = {}
    for one in rows:
        if present.is_on_map(one):
            numbers[one.asset.id] = len(numbers) + 1
            look = "asked" if one.is_out else _LOOKS[one.state]
            signs.append((one.lat, one.lng, str(numbers[one.asset.id]), look))
    counts = {code: sum(one.state == code for one in rows) for code in present.STATES}
    context = {
        "rows": [(one, numbers.get(one.asset.id)) for one in rows],
        "map": trace_map([], signs, size=LIVE_SIZE),
        "counts": [(label, counts[code], code) for code, label in present.STATES.items() if counts[code]],
        "alarms": Case.objects.filter(ALARM.visible(grants), kind=ALARM.kind, closed_at=None).count(),
        "more": max(0, goods.count() - present.MOST),
        "crumbs": _crumbs(_("Live map")),
    }
    return page(request, "lada/tracking/live.html", context)


@require_safe
@desk(TRACK)
def track(request: HttpRequest, nibar: str) -> HttpResponse:
    """One good's day. Raises Missing for one that is not there, or that somebody else follows."""
    return _shown(request, tracked(request, nibar))


@require_POST
@desk(TRACK)
def bind_device(request: HttpRequest, nibar: str) -> HttpResponse:
    """Put a device on a good, or take it off."""
    found = tracked(request, nibar)
    actor = acting(request, TRACK, agencies=[found.agency_id])
    if request.POST.get("off"):
        try:
            tracking.asset_unbind(actor=actor, asset=found)
        except KotaError as error:
            messages.error(request, f"{error.message} {error.remedy}")
        else:
            messages.success(request, _("The device is taken off; today still counts."))
        return HttpResponseRedirect(reverse("lada:track", args=[found.nibar]))
    form = DeviceForm(found, request.POST)
    done = _("The device is on this good from today on.")
    return _posted(request, found, form, "device_form", tracking.asset_bind, done)


@require_POST
@desk(TRACK)
def fence(request: HttpRequest, nibar: str) -> HttpResponse:
    """Draw the fence of a good."""
    form = FenceForm(request.POST)
    return _posted(
        request, tracked(request, nibar), form, "fence_form", tracking.fence_save, _("The fence is drawn.")
    )


@require_POST
@desk(TRACK)
def service(request: HttpRequest, nibar: str) -> HttpResponse:
    """Say how often a good is maintained."""
    form = ServiceForm(request.POST)
    return _posted(
        request,
        tracked(request, nibar),
        form,
        "service_form",
        tracking.service_save,
        _("It is written down."),
    )


@require_safe
@desk(TRACK)
def service_list(request: HttpRequest) -> HttpResponse:
    """What must be maintained, what is due first."""
    rows = services.standing_for(grants_for(request))
    context = {
        "rows": rows[: services.MOST],
        "more": max(0, len(rows) - services.MOST),
        "due": sum(one.is_due for one in rows),
        "crumbs": _crumbs(_("Maintenance")),
    }
    return page(request, "lada/tracking/services.html", context)


@require_POST
@desk(TRACK)
def serviced(request: HttpRequest, nibar: str) -> HttpResponse:
    """A good was maintained: the next is counted from today."""
    found = tracked(request, nibar)
    try:
        text = request.POST.get("dial_km", "").translate(_GROUPS).strip()
        if text and not (text.isascii() and text.isdigit() and len(text) < 9):
            raise Invalid(_("Write the odometer as whole kilometres."))
        actor = acting(request, TRACK, agencies=[found.agency_id])
        tracking.service_done(actor=actor, asset=found, dial_km=int(text or 0))
    except KotaError as error:
        words = (
            next(iter(error.fields.values()), error.message) if isinstance(error, Invalid) else error.message
        )
        messages.error(request, f"{words} {error.remedy}".strip())
    else:
        messages.success(request, _("It is written down; the next is counted from today."))
    return HttpResponseRedirect(reverse("lada:services"))


def tracked(request: HttpRequest, nibar: str) -> Asset:
    """A good that the reader may follow, with or without a device. Raises Missing."""
    scope = grants_for(request).scope(TRACK)
    rows = Asset.objects.filter(scope.within("agency", "area_code")).select_related(
        "agency", "holder", "fence"
    )
    found = rows.filter(nibar=nibar).first()
    if found is None:
        raise Missing(_("There is no such good here."), remedy=_("Search it by its name or plate."))
    return found


def _posted(
    request: HttpRequest, found: Asset, form: PlainForm, name: str, run: Callable[..., Any], done: str
) -> HttpResponse:
    """Run an action with what a form says; what is wrong is said at its field."""
    if form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if value not in (None, "")}
        try:
            run(actor=acting(request, TRACK, agencies=[found.agency_id]), asset=found, **given)
        except KotaError as error:
            fields = error.fields if isinstance(error, Invalid) else {}
            form.take_errors(dict(fields) or {"": f"{error.message} {error.remedy}".strip()})
        else:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("lada:track", args=[found.nibar]))
    return _shown(request, found, status=422, **{name: form})


def _shown(request: HttpRequest, found: Asset, *, status: int = 200, **given: Any) -> HttpResponse:
    day, flaw = _day(request)
    now = clock.now()
    first, last = bounds(day)
    begin = read_from_of([found], scope := grants_for(request).scope(TRACK)).get(found.id)
    is_before = begin is not None and last < begin
    travel = told(positions(found, max(first, begin or first), last))
    fence = getattr(found, "fence", None)
    held, seen = tracking.binding_of(found), next(iter(present.seen_of([found], scope)), None)
    own = getattr(found, "service", None)
    place = (seen.lat, seen.lng) if seen is not None and seen.at is not None else None
    context = {
        "asset": found,
        "day": day,
        "flaw": flaw,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < clock.today() else None,
        "lines": present.lines_of(travel.legs, now),
        "figures": [] if is_before else _figures(travel),
        "left_out": travel.left_out,
        "map": _map(travel, present.rings_of(fence), seen),
        "held": held,
        "seen": seen,
        "fence": fence,
        "fence_words": present.fence_words(fence) if fence is not None else [],
        "standing": services.standing_of([own])[0] if own is not None else None,
        "days": found.track_days.filter(trips__gt=0, **_days_since(begin))[:MOST_DAYS],
        "before_transfer": is_before,
        "read_from": begin if begin is not None and first < begin <= last else None,
        "device_form": DeviceForm(found),
        "fence_form": FenceForm.of(fence, place),
        "service_form": ServiceForm.of(own),
        "crumbs": _crumbs(found.name),
        **given,
    }
    return page(request, "lada/tracking/day.html", context, status=status)


def _days_since(begin: datetime | None) -> dict[str, date]:
    return {} if begin is None else {"day__gt": clock.local_day(begin)}


def _map(travel: Travel, rings: Any, seen: present.Seen | None) -> Any:
    """The way of a day with its numbered stops; without a way, the fence and the last position."""
    signs = [(*one.place, str(n), "stop") for n, one in enumerate(travel.stops, 1)]
    if not signs and not travel.spots and seen is not None and seen.at is not None:
        signs = [(seen.lat, seen.lng, "•", _LOOKS[seen.state])]
    return trace_map(travel.spots, signs, rings=rings, size=LIVE_SIZE)


def _figures(travel: Travel) -> list[tuple[str, str]]:
    """Distance, trips, and how long it was on the way."""
    zero = datetime.min.replace(tzinfo=clock.local_zone())
    moving = sum((one.lasted for one in travel.trips), timedelta())
    return [
        (_("Distance"), f"{number(travel.metres / 1000, 1)} km"),
        (_("Trips made"), number(len(travel.trips))),
        (_("On the way"), lasting(zero, zero + moving)),
        (_("Stops"), number(len(travel.stops))),
    ]


def _day(request: HttpRequest) -> tuple[date, str]:
    """The day in the address; today's where none is, or none that can be read."""
    text = request.GET.get("hari", "")
    try:
        day = date.fromisoformat(text) if text else clock.today()
    except ValueError:
        return clock.today(), _("Write the day as 2026-11-30.")
    if day > clock.today() or day.year < 2000:
        return clock.today(), _("Choose a day that has come.")
    return day, ""


def _crumbs(last: str) -> tuple[Crumb, ...]:
    return (Crumb(text=_("Goods with a device"), url=reverse("lada:live")), Crumb(text=last))
