"""A plant's desk: who is expected, a manifest scanned or typed, received or refused; logbook and the month's sheet."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.dispatch.models import Station
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.sync.scanning import code_on
from kotacerdas.foundation.tables.writing import XLSX
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.foundation.ui.tags.words import number as in_words
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Missing
from kotacerdas.programs.gopal import plants
from kotacerdas.programs.gopal.actions.logbook import FIGURES, KINDS, log_write
from kotacerdas.programs.gopal.actions.receiving import manifest_receive, manifest_refuse, needs_why
from kotacerdas.programs.gopal.models import LogEntry, Manifest
from kotacerdas.programs.gopal.permissions import RECEIVE, VIEW
from kotacerdas.programs.gopal.plant.finding import manifest_by_code, manifest_of
from kotacerdas.programs.gopal.plant.forms import LogForm, ReceiveForm, RefuseForm
from kotacerdas.programs.gopal.plant.month import month_book

MOST_PHOTO_MB = 12
SHOWN = 100


@require_safe
@desk(RECEIVE)
def plant(request: HttpRequest) -> HttpResponse:
    """Today at a plant: who is on the way, what was received, and the box that opens a manifest."""
    return _home(request)


@require_POST
@desk(RECEIVE)
def scan(request: HttpRequest) -> HttpResponse:
    """Open the manifest of a code, typed or on a photo. What cannot be read says how to go on."""
    text, error = request.POST.get("code", "").strip()[:500], ""
    photo = request.FILES.get("photo")
    try:
        if not text and photo is not None:
            text = code_on(photo.read(), most_mb=MOST_PHOTO_MB)
            error = "" if text else _("No code is seen on the photo. Go nearer, or type the number.")
        elif not text:
            error = _("Scan the code, or type the manifest's number.")
        if text:
            found = manifest_by_code(grants_for(request), text)
            return HttpResponseRedirect(f"{reverse('gopal:receive', args=[found.number])}{_at(request)}")
    except KotaError as refused:
        error = str(refused)
    return _home(request, error=error, typed=text)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(RECEIVE)
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """What a manifest says, and the litres of the meter; after it the plant's day again."""
    manifest, at = manifest_of(grants_for(request), number), _plant(request)
    form = ReceiveForm(request.POST) if request.method == "POST" else ReceiveForm()
    if form.is_bound and form.is_valid():
        with _ErrorsIn(form):
            actor = acting(request, RECEIVE, agencies=[manifest.agency_id])
            done = manifest_receive(actor=actor, manifest=manifest, plant=at, **form.cleaned_data)
            _told(request, done)
            return HttpResponseRedirect(f"{reverse('gopal:plant')}{_at(request)}")
    context = {
        "manifest": manifest,
        "loads": manifest.loads.select_related("order__case", "order__tank"),
        "pumped": plants.pumped_of(manifest),
        "form": form,
        "refuse": RefuseForm(),
        "plant": at,
        "odd": needs_why(manifest, at, clock.now()) if at is not None and _is_open(manifest) else [],
        "is_open": _is_open(manifest),
        "query": _at(request),
        "crumbs": _crumbs(request, manifest.number),
    }
    return page(request, "gopal/plant/receive.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(RECEIVE)
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Why a manifest's sludge is not taken."""
    manifest, at = manifest_of(grants_for(request), number), _plant(request)
    form = RefuseForm(request.POST) if request.method == "POST" else RefuseForm()
    if form.is_bound and form.is_valid():
        with _ErrorsIn(form):
            actor = acting(request, RECEIVE, agencies=[manifest.agency_id])
            done = manifest_refuse(actor=actor, manifest=manifest, plant=at, **form.cleaned_data)
            follower = done.followed_by.number
            text = _("%(number)s is refused; the planner is told. Its load goes on under %(next)s.")
            messages.warning(request, text % {"number": done.number, "next": follower})
            return HttpResponseRedirect(f"{reverse('gopal:plant')}{_at(request)}")
    context = {
        "manifest": manifest,
        "pumped": plants.pumped_of(manifest),
        "form": form,
        "is_open": _is_open(manifest),
        "query": _at(request),
        "crumbs": _crumbs(request, manifest.number),
    }
    return page(request, "gopal/plant/refuse.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(RECEIVE, VIEW)
def logbook(request: HttpRequest) -> HttpResponse:
    """A plant's logbook, and the form of a new line for who keeps it."""
    at = _plant(request)
    if at is None:
        raise _no_plant()
    writes = grants_for(request).may(RECEIVE, agencies=[at.agency_id])
    if request.method == "POST" and not writes:
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
    form = LogForm(request.POST) if request.method == "POST" else LogForm()
    if form.is_bound and form.is_valid():
        with _ErrorsIn(form):
            actor = acting(request, RECEIVE, agencies=[at.agency_id])
            kind, words = form.cleaned_data["kind"], form.cleaned_data["words"]
            log_write(actor=actor, plant=at, kind=kind, words=words, values=form.values)
            messages.success(request, _("The line stands in the logbook."))
            return HttpResponseRedirect(f"{reverse('gopal:logbook')}?iplt={at.code}")
    chosen = request.GET.get("jenis", "")
    entries = LogEntry.objects.filter(plant=at).select_related("written_by")
    context = {
        "plant": at,
        "form": form,
        "writes": writes,
        "kinds": KINDS.items(),
        "chosen": chosen,
        "entries": [
            _line(one) for one in (entries.filter(kind=chosen) if chosen in KINDS else entries)[:SHOWN]
        ],
        "crumbs": _crumbs(request, _("Logbook")),
    }
    return page(request, "gopal/plant/logbook.html", context, status=422 if form.errors else 200)


@require_safe
@desk(RECEIVE, VIEW)
def month_sheet(request: HttpRequest) -> HttpResponse:
    """A month of a plant as a workbook: manifests, days, laboratory. The sums of the pages agree."""
    at, month = _plant(request), _month(request.GET.get("bulan", ""))
    if at is None:
        raise _no_plant()
    answer = HttpResponse(month_book(at, month), content_type=XLSX)
    name = f"spm-{at.code.lower()}-{month:%Y-%m}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _home(request: HttpRequest, *, error: str = "", typed: str = "") -> HttpResponse:
    at, today = _plant(request), clock.today()
    if at is None:
        return page(request, "gopal/plant/none.html", {})
    taken = plants.intake(at, today)
    found = plants.received_on(at, today).select_related("unit", "difference").prefetch_related("loads")
    received = list(found.order_by("-received_at"))
    context = {
        "plant": at,
        "plants": list(plants.plants_for(grants_for(request)).filter(is_active=True)),
        "hours": plants.hours_words(at, today),
        "closed": plants.closed_words(at, clock.now()),
        "expected": plants.expected(at, today),
        "received": [(one, plants.pumped_of(one)) for one in received],
        "intake": taken,
        "intake_percent": min(100, round((taken.share or 0) * 100)),
        "month": f"{today:%Y-%m}",
        "error": error,
        "typed": typed,
        "query": _at(request),
    }
    return page(request, "gopal/plant/plant.html", context, status=422 if error else 200)


class _ErrorsIn:
    """An action's complaint becomes the form's."""

    def __init__(self, form: Any) -> None:
        self.form = form

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, _trace: Any) -> bool:
        if isinstance(error, Invalid):
            self.form.take_errors(error.fields or {"": str(error)})
            return True
        if isinstance(error, Conflict):
            self.form.add_error(None, str(error))
            return True
        return False


def _plant(request: HttpRequest) -> Station | None:
    """The plant of the address, else the first one of one's agencies."""
    found = plants.plants_for(grants_for(request)).filter(is_active=True)
    chosen = found.filter(code=request.GET.get("iplt", "") or request.POST.get("iplt", "")).first()
    return chosen or found.order_by("code").first()


def _at(request: HttpRequest) -> str:
    code = request.GET.get("iplt", "") or request.POST.get("iplt", "")
    return (
        f"?iplt={code}" if code and plants.plants_for(grants_for(request)).filter(code=code).exists() else ""
    )


def _told(request: HttpRequest, done: Manifest) -> None:
    litres = in_words(done.received_l or 0)
    if done.difference is not None and done.difference.closed_at is None:
        text = _(
            "%(litres)s litres of %(number)s are received. The sums differ: the operator is asked in %(case)s."
        )
        given = {"litres": litres, "number": done.number, "case": done.difference.number}
        messages.warning(request, text % given)
        return
    text = _("%(litres)s litres of %(number)s are received; the sums agree.")
    messages.success(request, text % {"litres": litres, "number": done.number})


def _is_open(manifest: Manifest) -> bool:
    return manifest.state in (Manifest.State.OPEN, Manifest.State.CARRYING)


def _line(entry: LogEntry) -> dict[str, Any]:
    figures = [(one.label, entry.values[one.name], one.unit) for one in FIGURES if one.name in entry.values]
    return {"entry": entry, "kind": KINDS.get(entry.kind, entry.kind), "figures": figures}


def _crumbs(request: HttpRequest, last: str) -> tuple[Crumb, ...]:
    return (
        Crumb(text=_("Treatment plant"), url=f"{reverse('gopal:plant')}{_at(request)}"),
        Crumb(text=last),
    )


def _month(text: str) -> date:
    with suppress(ValueError):
        found = date.fromisoformat(f"{text}-01")
        if 2000 <= found.year <= clock.today().year + 1:
            return found
    return clock.today().replace(day=1)


def _no_plant() -> Missing:
    return Missing(_("There is no treatment plant here."), remedy=_("Ask the planner to register it."))
