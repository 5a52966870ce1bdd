"""A month of a plant as a workbook for the minimum service report (SPM): manifests, days, laboratory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.dispatch.models import Station
from kotacerdas.foundation.tables.writing import Book
from kotacerdas.foundation.ui.tags.words import clock_time
from kotacerdas.kernel import clock
from kotacerdas.kernel.sheets import Column, Kind
from kotacerdas.programs.gopal.actions.logbook import FIGURES
from kotacerdas.programs.gopal.models import LogEntry, Manifest
from kotacerdas.programs.gopal.queries import balance_of

_WHOLE, _DATE = Kind.WHOLE, Kind.DATE
MANIFESTS = (
    Column(name="day", words=gettext_lazy("Received on"), kind=_DATE),
    Column(name="time", words=gettext_lazy("At")),
    Column(name="trip", words=gettext_lazy("Day of the trip"), kind=_DATE),
    Column(name="number", words=gettext_lazy("Manifest")),
    Column(name="unit", words=gettext_lazy("Truck")),
    Column(name="orders", words=gettext_lazy("Tanks"), kind=_WHOLE, total=True),
    Column(name="pumped", words=gettext_lazy("Pumped (L)"), kind=_WHOLE, total=True),
    Column(name="carried", words=gettext_lazy("Carried (L)"), kind=_WHOLE),
    Column(name="received", words=gettext_lazy("Received (L)"), kind=_WHOLE, total=True),
    Column(name="off", words=gettext_lazy("Difference (%)"), kind=Kind.DECIMAL),
    Column(name="case", words=gettext_lazy("Case")),
)
DAYS = (
    Column(name="day", words=gettext_lazy("Day"), kind=_DATE),
    Column(name="trips", words=gettext_lazy("Trips"), kind=_WHOLE, total=True),
    Column(name="orders", words=gettext_lazy("Tanks"), kind=_WHOLE, total=True),
    Column(name="received", words=gettext_lazy("Received (L)"), kind=_WHOLE, total=True),
    Column(name="limit", words=gettext_lazy("Daily limit (L)"), kind=_WHOLE),
)


def month_book(plant: Station, month: date) -> bytes:
    """The workbook of a local month, given by its first day.

    It goes by the day of reception; indicators and the treasurer by the day of the trip, which stands beside it.
    """
    found = list(received_in(plant, month))
    out = io.BytesIO()
    with Book(out) as book:
        book.page(_("Manifests"), MANIFESTS, [_manifest(one) for one in found])
        book.page(_("Days"), DAYS, list(_days(plant, found)))
        columns = (Column(name="day", words=_("Day"), kind=_DATE), *_laboratory())
        book.page(_("Laboratory"), columns, list(_results(plant, month)))
    return out.getvalue()


def received_in(plant: Station, month: date) -> QuerySet[Manifest]:
    """The manifests that a plant received in a local month, oldest first."""
    start, end = _span(month)
    found = Manifest.objects.filter(
        plant=plant, state=Manifest.State.RECEIVED, received_at__gte=start, received_at__lt=end
    )
    return found.select_related("unit", "difference").prefetch_related("loads").order_by("received_at")


def _span(month: date) -> tuple[datetime, datetime]:
    following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    zone = clock.local_zone()
    return (
        datetime.combine(month.replace(day=1), time(), tzinfo=zone),
        datetime.combine(following, time(), tzinfo=zone),
    )


def _manifest(one: Manifest) -> list[Any]:
    assert one.received_at is not None
    found = balance_of(one)
    received = next(side for side in found.sides if side.name == "received")
    off = Decimal(str(round(received.percent, 1))) * (-1 if received.off < 0 else 1)
    return [
        clock.local_day(one.received_at),
        clock_time(one.received_at),
        one.day,
        one.number,
        one.unit.name,
        len(one.loads.all()),
        found.pumped,
        one.carried_l,
        one.received_l,
        off,
        one.difference.number if one.difference is not None else "",
    ]


def _days(plant: Station, found: list[Manifest]) -> Iterator[list[Any]]:
    by_day: dict[date, list[Manifest]] = {}
    for one in found:
        assert one.received_at is not None
        by_day.setdefault(clock.local_day(one.received_at), []).append(one)
    for day, trips in by_day.items():
        orders = sum(len(one.loads.all()) for one in trips)
        litres = sum(one.received_l or 0 for one in trips)
        yield [day, len(trips), orders, litres, plant.daily_limit_l]


def _laboratory() -> tuple[Column, ...]:
    return tuple(
        Column(name=one.name, words=f"{one.label} ({one.unit})" if one.unit else one.label, kind=Kind.DECIMAL)
        for one in FIGURES
    )


def _results(plant: Station, month: date) -> Iterator[list[Any]]:
    start, end = _span(month)
    rows = LogEntry.objects.filter(plant=plant, kind="laboratory", at__gte=start, at__lt=end).order_by("at")
    for row in rows:
        values = (row.values.get(one.name) for one in FIGURES)
        yield [clock.local_day(row.at), *(None if one is None else Decimal(str(one)) for one in values)]
