"""The pages of the books: semesters with their sums and the lock, one good's depreciation explained, reports, the table out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.db.models import Count, F, Max, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.tables.writing import XLSX, write_csv, write_xlsx
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import KotaError, Missing
from kotacerdas.programs.lada import queries
from kotacerdas.programs.lada.actions import periods
from kotacerdas.programs.lada.books import papers, reports
from kotacerdas.programs.lada.books.explained import explained
from kotacerdas.programs.lada.books.importing import rows_of
from kotacerdas.programs.lada.depreciation import Semester, semester
from kotacerdas.programs.lada.models import (
    Asset,
    ChangeLine,
    Depreciation,
    Event,
    Locking,
    Period,
    Room,
)
from kotacerdas.programs.lada.permissions import LOCK, VIEW
from kotacerdas.programs.lada.sheets import OPENINGS

SHOWN = 10
FIRST_YEAR = 1900
SILENT = timedelta(seconds=30)  # a worker that wrote nothing for so long is gone, or busy with the last step
PDF = "application/pdf"


@require_safe
@desk(VIEW)
def books(request: HttpRequest) -> HttpResponse:
    """Semesters, newest first, the one that is locked next, and the reports."""
    return _books(request)


@require_POST
@desk(LOCK)
def lock(request: HttpRequest, year: int, half: int) -> HttpResponse:
    """Ask for the books of a semester to be locked, or call that off; a worker does it."""
    one, actor = _semester(year, half), acting(request, LOCK)
    try:
        if request.POST.get("act") == "cancel":
            periods.lock_cancel(actor=actor, one=one)
        else:
            periods.lock_ask(actor=actor, one=one)
    except KotaError as error:
        return _books(request, error)
    return HttpResponseRedirect(reverse("lada:books"))


@require_safe
@desk(VIEW)
def locking(request: HttpRequest) -> HttpResponse:
    """How the newest lock goes, for the page that asks every second; back to the books once it has ended."""
    found = Locking.objects.first()
    if found is None or found.state not in periods.OPEN:
        address = reverse("lada:books")
        if not request.headers.get("HX-Request"):
            return HttpResponseRedirect(address)
        return HttpResponse(headers={"HX-Redirect": address})
    return render(request, "lada/books/_locking.html", _locking(request, found))


@require_safe
@desk(VIEW)
def period(request: HttpRequest, year: int, half: int) -> HttpResponse:
    """The sums of a locked semester by card and agency, and what each good lost most."""
    found = get_object_or_404(Period, year=year, half=half)
    scope = grants_for(request).scope(VIEW)
    lines = Depreciation.objects.filter(scope.within("agency"), period=found)
    sums = {"n": Count("id"), "amount": Sum("amount"), "accumulated": Sum("accumulated"), "book": Sum("book")}
    context = {
        "period": found,
        "cards": lines.values(of=F("card")).annotate(**sums).order_by("of"),
        "agencies": lines.values(of=F("agency__short_name")).annotate(**sums).order_by("of"),
        "whole": lines.aggregate(**sums),
        "lines": lines.select_related("asset", "agency").order_by("-amount", "asset__nibar")[:SHOWN],
    }
    return page(request, "lada/books/period.html", context)


@require_safe
@desk(VIEW)
def figure(request: HttpRequest, year: int, half: int, nibar: str) -> HttpResponse:
    """One good's depreciation in a semester, every line of it: as it was locked, else as it would be."""
    one = _semester(year, half)
    asset = queries.assets_for(grants_for(request)).filter(nibar=nibar).first()
    if asset is None:
        raise Missing(_("There is no such good here."), remedy=_("Search it by its name or plate."))
    locked = Depreciation.objects.filter(asset=asset, period__year=year, period__half=half).first()
    found = next(iter(periods.reckoned_in(one, [asset.id])), None) if locked is None else None
    lines = locked.lines if locked is not None else found.figure.lines if found is not None else ()
    context = {"asset": asset, "semester": one, "locked": locked, "found": found, "lines": explained(lines)}
    return page(request, "lada/books/figure.html", context)


@require_safe
@desk(VIEW)
def report(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """A report as a workbook or a paper, of the agencies that one may see."""
    if kind not in reports.NAMES or form not in ("xlsx", "pdf"):
        raise Missing(_("There is no such report."), remedy=_("Choose one from the books."))
    codes = _codes(grants_for(request), request.GET.get("instansi", ""))
    try:
        made = reports.made(
            kind,
            agencies=codes,
            of=reports.agency_words(codes),
            last=_day(request.GET.get("sampai", "")) or clock.today(),
            first=_day(request.GET.get("dari", "")),
            card=request.GET.get("kib", "")[:1],
            room=request.GET.get("ruang", "")[:40],
        )
        data = papers.workbook(made) if form == "xlsx" else papers.paper(made, clock.now())
    except KotaError as error:
        return _books(request, error)
    answer = HttpResponse(data, content_type=XLSX if form == "xlsx" else PDF)
    way = "attachment" if form == "xlsx" else "inline"
    answer.headers["Content-Disposition"] = f'{way}; filename="{kind}-{clock.today()}.{form}"'
    return answer


@require_safe
@desk(VIEW)
def openings(request: HttpRequest, form: str) -> HttpResponse:
    """The register of one's agency as the table that can be read in: balances up to the last locked semester."""
    if form not in ("xlsx", "csv"):
        raise Missing(_("There is no such report."), remedy=_("Choose one from the books."))
    rows = _opening_rows(request)
    if form == "csv":
        answer = HttpResponse("".join(write_csv(OPENINGS, rows)), content_type="text/csv; charset=utf-8")
    else:
        into = BytesIO()
        write_xlsx(OPENINGS, rows, into=into)
        answer = HttpResponse(into.getvalue(), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="barang.{form}"'
    return answer


def _opening_rows(request: HttpRequest) -> Iterable[dict[str, Any]]:
    grants = grants_for(request)
    found = Asset.objects.filter(grants.scope(VIEW).within("agency"), is_active=True)
    code, card = request.GET.get("instansi", ""), request.GET.get("kib", "")[:1]
    found = found.filter(agency__code=code) if code else found
    found = found.filter(card=card) if card else found
    last = Period.objects.order_by("-year", "-half").first()
    until = Semester(last.year, last.half).last if last is not None else None
    booked = Depreciation.objects.filter(period=last, asset__in=found.values("id"))
    had = dict(booked.values_list("asset", "accumulated")) if last else {}
    goods = found.select_related("room").order_by("goods_code", "register_no").iterator(chunk_size=2000)
    yield from rows_of(goods, had, until)


def _locking(request: HttpRequest, newest: Locking | None) -> dict[str, Any]:
    """The newest lock as the page tells it; one that is done is told by the list of semesters."""
    given = {"may_lock": grants_for(request).scope(LOCK).everywhere}
    if newest is None or newest.state == Locking.State.DONE:
        return given
    seen = newest.seen_at or newest.asked_at
    return {
        **given,
        "locking": newest,
        "is_open": newest.state in periods.OPEN,
        "is_silent": newest.state in periods.OPEN and clock.now() - seen > SILENT,
    }


def _books(request: HttpRequest, error: KotaError | None = None) -> HttpResponse:
    grants = grants_for(request)
    coming = periods.next_semester()
    agencies = Agency.objects.filter(grants.scope(VIEW).within("id"), assets__isnull=False).distinct()
    locked = list(Period.objects.order_by("-year", "-half")[:SHOWN])
    waiting = 0
    if coming is not None:
        open_ones = ChangeLine.objects.filter(on__lte=coming.last, change__case__closed_at=None)
        waiting = open_ones.values("change").distinct().count()
    context = {
        "error": error,
        "coming": coming,
        "running": semester(clock.today()),
        "locked": locked,
        "waiting": waiting,
        "newest": Event.objects.aggregate(on=Max("on"))["on"],
        **_locking(request, Locking.objects.first()),
        "agencies": agencies.order_by("short_name"),
        "rooms": Room.objects.filter(grants.scope(VIEW).within("agency"), closed_on=None)[:300],
        "reports": reports.NAMES.items(),
        "cards": reports.CARDS,
        "asked": request.GET,
        "today": clock.today(),
        "year_begins": date(clock.today().year, 1, 1),
    }
    return page(request, "lada/books/books.html", context, status=error.status if error else 200)


def _codes(grants: Grants, wanted: str) -> list[str] | None:
    """The codes of the agencies whose goods are reported; None for all. Raises Missing for one that one may not see."""
    scope = grants.scope(VIEW)
    if not wanted:
        seen = Agency.objects.filter(scope.within("id"))
        return None if scope.everywhere else list(seen.values_list("code", flat=True))
    if not Agency.objects.filter(scope.within("id"), code=wanted).exists():
        raise Missing(_("There is no such agency here."), remedy=_("Choose an agency of the books."))
    return [wanted]


def _semester(year: int, half: int) -> Semester:
    if half not in (1, 2) or not FIRST_YEAR <= year <= 2200:
        raise Missing(_("There is no such semester."), remedy=_("Choose one from the books."))
    return Semester(year, half)


def _day(text: str) -> date | None:
    """A day in the address; the semester that runs is the last one that is reckoned. Raises Missing."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Missing(_("There is no such day."), remedy=_("Write it as 2026-06-30.")) from error
    if day.year < FIRST_YEAR or day > semester(clock.today()).last:
        raise Missing(_("There is no such day."), remedy=_("Choose a day that the books have."))
    return day
