"""One good: what it is, whose, where; photos and papers, its ledger, its state on a day, and what waits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.files.urls import signed
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.telemetry.trace import TraceMap, trace_map
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Missing
from kotacerdas.programs.lada import cards, queries
from kotacerdas.programs.lada.actions import ledger
from kotacerdas.programs.lada.actions.acts import acts_of
from kotacerdas.programs.lada.actions.files import KINDS, file_add
from kotacerdas.programs.lada.actions.tracking import binding_of
from kotacerdas.programs.lada.depreciation import Semester, semester
from kotacerdas.programs.lada.models import Asset, AssetFile, ChangeLine, GoodsCode
from kotacerdas.programs.lada.permissions import CHANGE, TRACK, VIEW
from kotacerdas.programs.lada.register import due, telling
from kotacerdas.programs.lada.register.photos import PHOTO, photo_of
from kotacerdas.programs.lada.stocktake.classes import tags_of
from kotacerdas.programs.lada.words import ORIGINS

FILE_LABELS = {
    "photo": gettext_lazy("Photo"),
    "certificate": gettext_lazy("Certificate"),
    "bpkb": gettext_lazy("BPKB"),
    "stnk": gettext_lazy("STNK"),
    "contract": gettext_lazy("Contract"),
    "other": gettext_lazy("Another paper"),
}
PARTS = (
    ("owner", gettext_lazy("owner")),
    ("intra", gettext_lazy("intra or extra")),
    ("region", gettext_lazy("region")),
    ("unit", gettext_lazy("work unit")),
    ("year", gettext_lazy("year")),
    ("goods", gettext_lazy("goods")),
    ("number", gettext_lazy("sequence")),
)


class FileForm(forms.Form):
    """A photo or a paper to be added."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"), choices=[(one, FILE_LABELS[one]) for one in KINDS]
    )
    file = forms.FileField(label=gettext_lazy("Photo or PDF"))
    words = forms.CharField(label=gettext_lazy("Remark"), max_length=120, required=False)


@require_safe
@desk(VIEW)
def asset(request: HttpRequest, nibar: str) -> HttpResponse:
    """One good. Raises Missing for one that is not there, or another agency's."""
    found = asset_of(request, nibar)
    return _shown(request, found)


@require_POST
@desk(CHANGE)
def add_file(request: HttpRequest, nibar: str) -> HttpResponse:
    """Add a photo or a paper; what cannot be kept is said at its field."""
    found = asset_of(request, nibar)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        actor = acting(request, CHANGE, agencies=[found.agency_id])
        given = form.cleaned_data
        try:
            file_add(
                actor=actor, asset=found, kind=given["kind"], data=given["file"].read(), words=given["words"]
            )
        except Invalid as error:
            for name, words in (error.fields or {"file": str(error)}).items():
                form.add_error(name if name in form.fields else "file", words)
        else:
            messages.success(request, _("It is kept with the good."))
            return HttpResponseRedirect(reverse("lada:asset", args=[found.nibar]))
    return _shown(request, found, form=form, status=422)


def asset_of(request: HttpRequest, nibar: str) -> Asset:
    """A good that the reader may see. Raises Missing."""
    rows = queries.assets_for(grants_for(request)).select_related("holder")
    found = rows.filter(nibar=nibar).first()
    if found is None:
        raise Missing(_("There is no such good here."), remedy=_("Search it by its name or plate."))
    return found


def _shown(
    request: HttpRequest, found: Asset, *, form: FileForm | None = None, status: int = 200
) -> HttpResponse:
    grants, today = grants_for(request), clock.today()
    register = ledger.register_of(found)
    told = telling.entries_of(found)
    files = list(found.files.select_related("file", "added_by"))
    may_change = grants.may(CHANGE, agencies=[found.agency_id])
    context = {
        "asset": found,
        "parts": [(code, getattr(register, code), label) for code, label in PARTS],
        "code_name": GoodsCode.objects.filter(code=found.goods_code).values_list("name", flat=True).first(),
        "card_name": cards.NAMES.get(found.card, ""),
        "origin": ORIGINS.get(found.origin, found.origin),
        "use": telling.use_words(found.use),
        "facts": _village(found) + telling.fact_words(found.card, found.facts),
        "photos": [photo_of(found, one) for one in files if one.kind == PHOTO],
        "papers": [_paper(one) for one in files if one.kind != PHOTO],
        "bast": acts_of(found),
        **_books(found),
        "outline_map": _outline_map(found),
        "file_form": (form or FileForm()) if may_change else None,
        "dues": _dues(found),
        "entries": told,
        "waiting": _waiting(found),
        "findings": _findings(found),
        "notices": found.notices.filter(read_at=None),
        "acts": _acts(found, may_change),
        "as_of": _as_of(request, found, today),
        "may_change": may_change,
        "device": _device(found) if grants.may(TRACK, agencies=[found.agency_id]) else "",
        "crumbs": (
            Crumb(text=_("Register of goods"), url=queries.register_url()),
            Crumb(text=found.nibar),
        ),
    }
    return page(request, "lada/register/asset.html", context, status=status)


def _books(found: Asset) -> dict[str, Any]:
    """Book value in the newest locked semester that has this good; else the semester by which it is reckoned today."""
    line = found.depreciation.select_related("period").order_by("-period__year", "-period__half").first()
    period = line.period if line is not None else None
    one = Semester(period.year, period.half) if period is not None else semester(clock.today())
    return {"booked": line, "reckoned": one}


def _village(found: Asset) -> list[tuple[str, str]]:
    """Its village, label and text; the code alone where that is no area of today."""
    area = area_by_code(found.area_code)
    text = area.full_name if area is not None else found.area_code
    return [(_("Village"), text)] if text else []


def _outline_map(found: Asset) -> TraceMap | None:
    """The map with the outline of its ground and its point; None where no outline is drawn."""
    if not found.outline:
        return None
    place = (found.lat, found.lng) if found.lat is not None and found.lng is not None else None
    signs = [(*place, "•", "stop")] if place is not None else []
    return trace_map([], signs, rings=[[(lat, lng) for lat, lng in found.outline]])


def _device(found: Asset) -> str:
    """Where it is by its device; of a vehicle without one that it may get one."""
    held = binding_of(found)
    if held is not None:
        return _("Carries device %(code)s: its day, fence and maintenance") % {"code": held.device.code}
    return _("Put a device on it") if found.card == "B" else ""


def _paper(kept: AssetFile) -> dict[str, Any]:
    return {"label": FILE_LABELS.get(kept.kind, kept.kind), "kept": kept, "url": signed(kept.file)}


def _dues(found: Asset) -> list[dict[str, Any]]:
    """What of this good comes due, with the days left."""
    rows = [
        {"label": label, "day": due.day_of(found, code), "left": due.left(found, code)}
        for code, label in due.KINDS.items()
        if due.day_of(found, code) is not None
    ]
    return sorted(rows, key=lambda one: one["day"])


def _waiting(found: Asset) -> list[dict[str, Any]]:
    lines = ChangeLine.objects.filter(asset=found, change__case__closed_at=None).select_related(
        "change__case", "change__made_by"
    )
    return [{"title": telling.title_of(one.kind), "line": one, "case": one.change.case} for one in lines]


def _findings(found: Asset) -> list[dict[str, Any]]:
    """What stocktakes found and nobody settled yet."""
    rows = found.findings.filter(case__closed_at=None).select_related("case", "session")
    return [
        {
            "case": one.case,
            "session": one.session,
            "words": ", ".join(words for words, _tone in tags_of(one.classes)),
        }
        for one in rows
    ]


def _acts(found: Asset, may_change: bool) -> list[tuple[str, str, str]]:
    """What may be proposed for this good now: kind, words, icon."""
    if not may_change or not (found.is_active or found.last_number):
        return []
    wanted = ["reverse"]
    if found.is_active:
        wanted = [
            "hand_back" if found.holder_id else "hand_over",
            "move",
            "condition",
            "correct",
            "transfer",
            "maintain",
            "capitalise",
            "exploit_end" if found.use else "exploit",
            *(["certify"] if found.card == "A" else []),
            "reclassify",
            "split",
            "dispose",
            "reverse",
        ]
    return [(kind, telling.act_of(kind), telling.ICONS[kind]) for kind in wanted]


def _as_of(request: HttpRequest, found: Asset, today: date) -> dict[str, Any]:
    """The state on the day in the address, by replay; today's where none is, or none that can be read."""
    text = request.GET.get("per", "")
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        return {"day": today, "error": _("Write the day as 2026-11-30."), "rows": [], "asked": True}
    state = ledger.state_on(found, day) if text else None
    rows = telling.changed(None, state, telling.Names.of([state])) if state is not None else []
    return {
        "day": day,
        "rows": rows,
        "asked": bool(text),
        "error": "",
        "is_empty": bool(text) and state is None,
    }
