"""Devices: list, map, one of them, and what one does with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.telemetry import actions, queries
from kotacerdas.foundation.telemetry.declarations import StreamSpec, device_kinds
from kotacerdas.foundation.telemetry.models import Device
from kotacerdas.foundation.telemetry.pages import present, words
from kotacerdas.foundation.telemetry.pages.forms import BindingForm, DeviceForm, StreamForm
from kotacerdas.foundation.telemetry.pages.frame import page, paged, put_errors
from kotacerdas.foundation.telemetry.permissions import MANAGE, VIEW
from kotacerdas.foundation.territory.cells import Shape, district_shapes
from kotacerdas.foundation.territory.queries import is_mapped
from kotacerdas.foundation.ui.shapes import Chip, Empty
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Missing

MAP_WIDTH, MAP_HEIGHT = 1080, 760
_MOST_SPOTS_WITH_WORDS = 400
_LETTER = 10.5  # of a name on the map, in its units: a generous mean


def chosen(request: HttpRequest) -> tuple[Any, dict[str, str]]:
    """The devices that the filters leave, before their health is asked for; and the filters."""
    given = {name: request.GET.get(name, "")[:80] for name in ("q", "jenis", "keadaan")}
    found = queries.visible_to(grants_for(request))
    if given["q"]:
        found = found.filter(Q(code__icontains=given["q"]) | Q(name__icontains=given["q"]))
    if given["jenis"] in device_kinds():
        found = found.filter(kind=given["jenis"])
    return found, given


@require_safe
@desk(VIEW)
def devices(request: HttpRequest) -> HttpResponse:
    """All devices one may see, with their health."""
    found, given = chosen(request)
    listed = queries.with_health(found).select_related("agency").order_by("code")
    if given["keadaan"] in queries.HEALTHS:
        listed = listed.filter(health=given["keadaan"])  # type: ignore[misc]
    shown, links = paged(request, listed)
    context = {
        "rows": [present.row(one) for one in shown],
        "total": shown.paginator.count,
        "pages": links,
        "health_chips": health_chips(found, given),
        "kind_chips": kind_chips(given),
        "may_manage": grants_for(request).may(MANAGE),
        "empty": Empty(
            icon="radio-tower",
            title=_("No device here"),
            text=_("Register one, or choose another filter."),
        ),
    }
    return page(request, "devices.html", context, live=True)


def health_chips(found: Any, given: dict[str, str]) -> list[Chip]:
    """One chip a health, with its count."""
    counted = queries.counts(found)
    chips = [
        Chip(
            text=_("All"),
            url=_address(given, keadaan=""),
            count=sum(counted.values()),
            on=not given["keadaan"],
        )
    ]
    for health in queries.HEALTHS:
        on = given["keadaan"] == health
        if counted[health] or on:
            chips.append(
                Chip(
                    text=words.HEALTH[health][0],
                    url=_address(given, keadaan="" if on else health),
                    count=counted[health],
                    on=on,
                    removable=on,
                )
            )
    return chips


def kind_chips(given: dict[str, str]) -> list[Chip]:
    """One chip a kind of device."""
    return [
        Chip(
            text=one.label,
            url=_address(given, jenis="" if given["jenis"] == one.name else one.name),
            on=given["jenis"] == one.name,
            removable=given["jenis"] == one.name,
        )
        for one in device_kinds().values()
    ]


def _address(given: dict[str, str], **changed: str) -> str:
    from urllib.parse import urlencode

    parameters = {key: value for key, value in {**given, **changed}.items() if value}
    return f"?{urlencode(parameters)}"


def _named_within(shapes: list[Shape]) -> list[Shape]:
    """The districts, each name moved aside where it would leave the map."""
    found = []
    for one in shapes:
        half = len(one.name) * _LETTER / 2
        found.append(one._replace(x=max(half, min(one.x, MAP_WIDTH - half))))
    return found


@require_safe
@desk(VIEW)
def device_map(request: HttpRequest) -> HttpResponse:
    """All devices on the regency's map, those that lie together as one disc."""
    found, given = chosen(request)
    placed, outside = queries.spots(found, MAP_WIDTH, MAP_HEIGHT)
    context = {
        "width": MAP_WIDTH,
        "height": MAP_HEIGHT,
        "is_mapped": is_mapped(),
        "districts": _named_within(district_shapes(MAP_WIDTH, MAP_HEIGHT)) if is_mapped() else [],
        "spots": [present.spot(one) for one in placed],
        "wordy": len(placed) <= _MOST_SPOTS_WITH_WORDS,
        "total": sum(one.count for one in placed),
        "outside": outside,
        "kind_chips": kind_chips(given),
        "legend": [(health, words.HEALTH[health][0]) for health in queries.HEALTHS],
    }
    return page(request, "map.html", context, live=True)


@require_safe
@desk(VIEW)
def device(request: HttpRequest, code: str) -> HttpResponse:
    """One device: live values with their age, a chart, alerts, rules, what was sent last."""
    return _device_page(request, queries.device_of(grants_for(request), code))


def _device_page(
    request: HttpRequest, found: Device, *, secret: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    grants = grants_for(request)
    context = {
        **present.device_context(
            grants, found, request.GET.get("aliran", ""), request.GET.get("rentang", "hari")
        ),
        "secret": secret,
        "may_manage": grants.may(MANAGE, agencies=[found.agency_id], area=found.area_code),
        "binding_form": forms.get("binding") or BindingForm(initial={"since": clock.today()}),
        "stream_form": forms.get("stream") or StreamForm(),
    }
    return page(request, "device.html", context, status=status, live=True)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(MANAGE)
def device_new(request: HttpRequest) -> HttpResponse:
    """Register a device; its credential is shown once, on the answer."""
    grants = grants_for(request)
    form = DeviceForm(grants, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = actions.device_create(actor=acting(request, MANAGE), draft=form.draft())
        except Invalid as error:
            put_errors(form, error)
        else:
            return _device_page(request, queries.device_of(grants, made.code), secret=secret)
    status = 422 if form.is_bound else 200
    return page(request, "device_form.html", {"form": form, "device": None}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(MANAGE)
def device_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Other words, place or numbers of a device."""
    grants = grants_for(request)
    found = _managed(request, code)
    form = DeviceForm(grants, request.POST or None, device=found, initial=DeviceForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.device_change(actor=acting(request, MANAGE), device=found, draft=form.draft())
        except Invalid as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The device is stored."))
            return HttpResponseRedirect(reverse("telemetry:device", args=[found.code]))
    status = 422 if form.is_bound else 200
    return page(request, "device_form.html", {"form": form, "device": found}, status=status)


@require_POST
@desk(MANAGE)
def device_step(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One act on a device: its credential, its service, what it belongs to, one more datastream."""
    found = _managed(request, code)
    actor = acting(request, MANAGE, agencies=[found.agency_id])
    if name == "kredensial":
        secret = actions.credential_issue(actor=actor, device=found)
        return _device_page(request, found, secret=secret)
    if name == "ikatan":
        return _with_form(request, found, "binding", BindingForm(request.POST))
    if name == "aliran":
        return _with_form(request, found, "stream", StreamForm(request.POST))
    done = _ACTS.get(name)
    if done is None:
        raise Missing(_("There is no such step."), remedy=_("Go back to the device."))
    messages.success(request, done(actor, found))
    return HttpResponseRedirect(reverse("telemetry:device", args=[code]))


def _with_form(request: HttpRequest, found: Device, name: str, form: Any) -> HttpResponse:
    actor = acting(request, MANAGE, agencies=[found.agency_id])
    if form.is_valid():
        try:
            if name == "binding":
                actions.device_bind(actor=actor, device=found, **form.cleaned_data)
            else:
                actions.stream_add(actor=actor, device=found, spec=StreamSpec(**form.cleaned_data))
        except Invalid as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The device is stored."))
            return HttpResponseRedirect(reverse("telemetry:device", args=[found.code]))
    return _device_page(request, found, status=422, **{name: form})


def _revoke(actor: Any, found: Device) -> str:
    actions.credential_revoke(actor=actor, device=found)
    return _("The device cannot sign in any more.")


def _switch(on: bool, muted_days: int = 0) -> Any:
    def act(actor: Any, found: Device) -> str:
        actions.device_switch(actor=actor, device=found, on=on, muted_days=muted_days)
        if muted_days:
            return _("Its alerts are muted for seven days.")
        return _("The device is in service.") if on else _("The device is out of service.")

    return act


_ACTS: dict[str, Any] = {
    "cabut": _revoke,
    "hentikan": _switch(False),
    "pakai": _switch(True),
    "bisukan": _switch(True, 7),
}


def _managed(request: HttpRequest, code: str) -> Device:
    """A device that one may manage; for others it is not there."""
    found = queries.device_of(grants_for(request), code)
    if not grants_for(request).may(MANAGE, agencies=[found.agency_id], area=found.area_code):
        raise Missing(_("There is no such device here."), remedy=_("Look for it in the list of devices."))
    return found
