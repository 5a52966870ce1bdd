"""The register: search is the page. One tank with its orders, photos and buildings. The round by week and plant."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.files.queries import thumb_size
from kotacerdas.foundation.files.urls import signed
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.tables.writing import XLSX, write_csv, write_xlsx
from kotacerdas.foundation.territory.queries import area_by_code, districts
from kotacerdas.foundation.ui.shapes import Crumb, Photo
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing
from kotacerdas.programs.gopal import queries
from kotacerdas.programs.gopal.actions import rounds
from kotacerdas.programs.gopal.models import RoundStop, Tank
from kotacerdas.programs.gopal.permissions import ORDER, VIEW
from kotacerdas.programs.gopal.sheets import TANKS, row_of

SHOWN, WEEKS = 50, 12
GAPS = ("overdue", "no_position", "no_size")


@require_safe
@desk(VIEW)
def tanks(request: HttpRequest) -> HttpResponse:
    """The register, searched and filtered by what stands in the address."""
    found, asked = _found(request)
    shown = Paginator(found.select_related("contact", "owner"), SHOWN).get_page(request.GET.get("hal"))
    labels = {"overdue": _("overdue"), "no_position": _("no position"), "no_size": _("no size")}
    context = {
        "page": shown,
        "rows": [_line(one) for one in shown],
        "asked": asked,
        "classes": queries.class_choices(),
        "districts": districts(),
        "gaps": [(name, labels[name]) for name in GAPS],
        "query": request.GET.urlencode(),
    }
    return page(request, "gopal/tanks/register.html", context)


@require_safe
@desk(VIEW)
def tank(request: HttpRequest, code: str) -> HttpResponse:
    """One tank. Raises Missing for one that is not there, or another agency's."""
    found = (
        queries.tanks_for(grants_for(request)).select_related("contact", "owner", "agency").filter(code=code)
    ).first()
    if found is None:
        raise Missing(_("There is no such tank."), remedy=_("Search the register."))
    context = {
        "tank": found,
        "line": _line(found),
        "due_on": queries.due_on(found),
        "is_overdue": queries.is_overdue(found),
        "orders": found.orders.select_related("case", "charge").order_by("-slot_from")[:20],
        "photos": [_photo(found, one.file) for one in found.photos.select_related("file")],
        "buildings": found.buildings.all(),
        "turn": found.round_stops.filter(state__in=("planned", "ordered")).first(),
        "crumbs": (Crumb(text=_("Septic tanks"), url=reverse("gopal:tanks")), Crumb(text=found.code)),
    }
    return page(request, "gopal/tanks/tank.html", context)


@require_safe
@desk(VIEW)
def tanks_csv(request: HttpRequest) -> HttpResponse:
    """What was found, as the table that can be read in again."""
    text = "".join(write_csv(TANKS, _rows(request)))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="tangki.csv"'
    return answer


@require_safe
@desk(VIEW)
def tanks_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    into = BytesIO()
    write_xlsx(TANKS, _rows(request), into=into)
    answer = HttpResponse(into.getvalue(), content_type=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="tangki.xlsx"'
    return answer


@require_safe
@desk(ORDER)
def round_weeks(request: HttpRequest) -> HttpResponse:
    """The next weeks of the round: how many turns by plant, and the tanks of one week."""
    agency = queries.serving_agency()
    chosen = _week(request.GET.get("pekan", "")) or rounds.monday(clock.today())
    stops = RoundStop.objects.filter(tank__agency=agency)
    counted = (
        stops.filter(week__gte=rounds.monday(clock.today()))
        .values("week", "plant__name")
        .annotate(n=Count("id"))
        .order_by("week", "plant__name")
    )
    context = {
        "weeks": counted[: WEEKS * 4],
        "chosen": chosen,
        "stops": stops.filter(week=chosen).select_related("tank", "plant", "order__case"),
        "waiting": stops.filter(week=chosen, state=RoundStop.State.PLANNED).count(),
        "planned": stops.exclude(state=RoundStop.State.DONE).count(),
    }
    return page(request, "gopal/tanks/rounds.html", context)


@require_POST
@desk(ORDER)
def round_plan(request: HttpRequest) -> HttpResponse:
    """Plan the round anew."""
    agency = queries.serving_agency()
    made = rounds.rounds_plan(actor=acting(request, ORDER, agencies=[agency.id]), agency=agency)
    text = ngettext("The round has %(n)d turn.", "The round has %(n)d turns.", made) % {"n": made}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("gopal:rounds"))


@require_POST
@desk(ORDER)
def round_order(request: HttpRequest) -> HttpResponse:
    """Make the orders of a week."""
    agency, week = queries.serving_agency(), _week(request.POST.get("week", ""))
    if week is None:
        raise Missing(_("There is no such week."), remedy=_("Choose one of the list."))
    result = rounds.round_order(actor=acting(request, ORDER, agencies=[agency.id]), agency=agency, week=week)
    n = result.orders
    messages.success(request, ngettext("%(n)d order was made.", "%(n)d orders were made.", n) % {"n": n})
    for code, why in list(result.left.items())[:20]:
        messages.warning(request, f"{code}: {why}")
    return HttpResponseRedirect(f"{reverse('gopal:rounds')}?pekan={week.isoformat()}")


def _found(request: HttpRequest) -> tuple[QuerySet[Tank], dict[str, str]]:
    names = {"words": "q", "area": "wilayah", "tank_class": "golongan", "gap": "celah"}
    asked = {name: request.GET.get(key, "").strip()[:80] for name, key in names.items()}
    return queries.tanks_found(queries.tanks_for(grants_for(request)), **asked), asked


def _rows(request: HttpRequest) -> Any:
    found, _asked = _found(request)
    return (row_of(one) for one in found.prefetch_related("buildings").iterator(chunk_size=1000))


def _line(one: Tank) -> dict[str, Any]:
    area = area_by_code(one.area_code) if one.area_code else None
    return {
        "tank": one,
        "village": area.full_name if area is not None else "",
        "class_name": queries.class_names().get(one.tank_class, one.tank_class),
        "is_overdue": queries.is_overdue(one),
        "phone": one.contact.phone_masked if one.contact is not None else "",
    }


def _photo(tank: Tank, file: StoredFile) -> Photo:
    """A photo behind a signed address, good for an hour."""
    width, height = thumb_size(file)
    alt = _("The tank %(code)s") % {"code": tank.code}
    return Photo(url=signed(file, "thumb"), large_url=signed(file), width=width, height=height, alt=alt)


def _week(text: str) -> date | None:
    with suppress(ValueError):
        return rounds.monday(date.fromisoformat(text))
    return None
