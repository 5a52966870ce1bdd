"""Quarantine, keys of machines, many devices at once, and their labels."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.telemetry import actions, queries
from kotacerdas.foundation.telemetry.doors.uplinks import code_of
from kotacerdas.foundation.telemetry.importing import device_import, read_rows
from kotacerdas.foundation.telemetry.models import ApiKey, Device, Quarantined
from kotacerdas.foundation.telemetry.pages import present, words
from kotacerdas.foundation.telemetry.pages.devices import chosen
from kotacerdas.foundation.telemetry.pages.forms import SCOPE_WORDS, DeviceForm, KeyForm
from kotacerdas.foundation.telemetry.pages.frame import page, put_errors
from kotacerdas.foundation.telemetry.permissions import KEYS, MANAGE
from kotacerdas.foundation.ui.shapes import Empty
from kotacerdas.kernel.errors import Invalid, Missing

MOST_LABELS = 500
_SHOWN = 100
MOST_CSV = 2_000_000


@require_http_methods(["GET", "HEAD", "POST"])
@desk(MANAGE)
def quarantine(request: HttpRequest) -> HttpResponse:
    """Who sent what was not taken; one act takes a sender or its datastreams in."""
    form, secret = None, ""
    taking = request.POST.get("kode", request.GET.get("ambil", ""))[:64]
    if request.method == "POST" and request.POST.get("buang"):
        count = actions.quarantine_drop(actor=acting(request, MANAGE), code=taking)
        messages.success(request, _("%(n)s messages were dropped.") % {"n": count})
        return HttpResponseRedirect(reverse("telemetry:quarantine"))
    if taking and not queries.visible_quarantine(grants_for(request)).filter(device_code=taking).exists():
        raise Missing(_("Nothing of this sender is here."), remedy=_("Open the list again."))
    known = Device.objects.filter(code=taking).select_related("agency").first() if taking else None
    if request.method == "POST" and known is not None:
        return _take_streams(request, known)
    if taking and known is None:
        form, secret = _take_device(request, taking)
    status = 422 if form is not None and form.is_bound else 200
    context = {**_senders(request), "form": form, "taking": taking, "secret": secret}
    return page(request, "quarantine.html", context, status=status)


def _take_device(request: HttpRequest, taking: str) -> tuple[DeviceForm | None, str]:
    form = DeviceForm(
        grants_for(request), request.POST or None, initial={"code": code_of(taking), "name": taking}
    )
    if not form.is_bound or not form.is_valid():
        return form, ""
    try:
        _device, secret, count = actions.device_take_in(
            actor=acting(request, MANAGE), code=taking, draft=form.draft()
        )
    except Invalid as error:
        put_errors(form, error)
        return form, ""
    messages.success(request, _notice(count))
    return None, secret


def _take_streams(request: HttpRequest, known: Device) -> HttpResponse:
    found = queries.device_of(grants_for(request), known.code)
    unknown = queries.visible_quarantine(grants_for(request)).filter(
        device_code=known.code, reason="unknown_stream"
    )
    codes = set(unknown.values_list("detail", flat=True))
    count = actions.stream_take_in(
        actor=acting(request, MANAGE, agencies=[found.agency_id]), device=found, codes=codes
    )
    messages.success(request, _notice(count))
    return HttpResponseRedirect(reverse("telemetry:device", args=[found.code]))


def _notice(count: int) -> str:
    return ngettext(
        "Taken in; %(n)d of its messages was read after all.",
        "Taken in; %(n)d of its messages were read after all.",
        count,
    ) % {"n": count}


def _senders(request: HttpRequest) -> dict[str, Any]:
    """One line a sender and reason, with the newest message."""
    rows = queries.visible_quarantine(grants_for(request))
    grouped = (
        rows.order_by()
        .values("device_code", "reason", "door")
        .annotate(n=Count("id"), last=Max("came_at"))
        .order_by("-last")[:_SHOWN]
    )
    there = set(
        Device.objects.filter(code__in=[one["device_code"] for one in grouped]).values_list("code", flat=True)
    )
    lines = []
    for one in grouped:
        newest = rows.filter(device_code=one["device_code"], reason=one["reason"]).first()
        lines.append(
            {
                **one,
                "words": words.REASONS.get(one["reason"], one["reason"]),
                "known": one["device_code"] in there,
                "newest": newest,
                "sample": _sample(newest),
                "can_take": one["reason"] in ("unknown_device", "unknown_stream"),
            }
        )
    empty = Empty(icon="shield-check", title=_("The quarantine is empty"), text=_("All that came was taken."))
    return {"lines": lines, "empty": empty, "total": rows.count()}


def _sample(one: Quarantined | None) -> str:
    return bytes(one.payload)[:160].decode("utf-8", "replace") if one else ""


@require_http_methods(["GET", "HEAD", "POST"])
@desk(KEYS)
def keys(request: HttpRequest) -> HttpResponse:
    """Keys of machines: hand one out (shown once), take one back."""
    grants, secret = grants_for(request), ""
    actor = acting(request, KEYS)
    if request.POST.get("cabut"):
        key = ApiKey.objects.filter(id__in=_own_keys(request), name__isnull=False)
        found = next((one for one in key if str(one.id) == request.POST["cabut"]), None)
        if found is None:
            raise Missing(_("There is no such key."), remedy=_("Open the list again."))
        actions.key_revoke(actor=actor, key=found)
        messages.success(request, _("The key opens nothing any more."))
        return HttpResponseRedirect(reverse("telemetry:keys"))
    form = KeyForm(grants, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _key, secret = actions.key_issue(
                actor=actor,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                agency=form.agency_chosen,
            )
            form = KeyForm(grants)
        except Invalid as error:
            put_errors(form, error)
    rows = ApiKey.objects.filter(id__in=_own_keys(request)).select_related("agency")
    context = {
        "form": form,
        "secret": secret,
        "rows": [
            {"key": one, "scopes": [SCOPE_WORDS.get(name, name) for name in one.scopes]} for one in rows
        ],
    }
    return page(request, "keys.html", context, status=422 if form.is_bound and form.errors else 200)


def _own_keys(request: HttpRequest) -> Any:
    scope = grants_for(request).scope(KEYS)
    return ApiKey.objects.filter(scope.within("agency")).values("id")


@require_http_methods(["GET", "HEAD", "POST"])
@desk(MANAGE)
def device_many(request: HttpRequest) -> HttpResponse:
    """Many devices from a table: every mistake is told with its line, or all are stored."""
    context: dict[str, Any] = {"typed": request.POST.get("tabel", ""), "problems": [], "made": []}
    if request.method == "POST":
        upload = request.FILES.get("berkas")
        if upload is not None and upload.size and upload.size < MOST_CSV:
            context["typed"] = upload.read().decode("utf-8-sig", "replace")
        rows, problems = read_rows(context["typed"], grants_for(request))
        if not problems:
            made, problems = device_import(actor=acting(request, MANAGE), drafts=rows)
            context["made"] = made
        context["problems"] = problems
        if not problems and not context["made"]:
            context["problems"] = [(0, _("The table is empty."))]
    return page(request, "device_many.html", context, status=422 if context["problems"] else 200)


@require_safe
@desk(MANAGE)
def labels(request: HttpRequest) -> HttpResponse:
    """A sheet of labels to print: code, name, and a QR that leads to the device's page."""
    found, _given = chosen(request)
    rows = []
    for one in found.select_related("agency")[:MOST_LABELS]:
        link = request.build_absolute_uri(reverse("telemetry:device", args=[one.code]))
        drawn = segno.make(link, error="m").svg_inline(border=2, svgclass="qr", omitsize=True)
        rows.append(
            {
                "device": one,
                "qr": mark_safe(drawn),
                "kind": words.kind_label(one.kind),
                "place": present.place(one.area_code),
            }
        )
    return page(request, "labels.html", {"rows": rows})
