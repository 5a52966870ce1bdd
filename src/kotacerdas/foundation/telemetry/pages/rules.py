"""Rules: the list, one with its versions and its test on history, and making one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.telemetry import actions, queries
from kotacerdas.foundation.telemetry.models import Device, Rule, RuleVersion
from kotacerdas.foundation.telemetry.pages import present, words
from kotacerdas.foundation.telemetry.pages.forms import RuleForm
from kotacerdas.foundation.telemetry.pages.frame import page, paged, put_errors
from kotacerdas.foundation.telemetry.permissions import RULES, VIEW
from kotacerdas.foundation.telemetry.rules.history import rule_test
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Missing

STRIP_WIDTH, STRIP_HEIGHT = 820, 46


@require_safe
@desk(VIEW, RULES)
def rules(request: HttpRequest) -> HttpResponse:
    """All rules one may see, whether they are live, and what they did in thirty days."""
    shown, links = paged(request, queries.visible_rules(grants_for(request)).select_related("agency"))
    rows = []
    for rule in shown:
        version = live_version(rule) or rule.versions.first()
        recent = queries.visible_alerts(grants_for(request)).filter(rule=rule)
        rows.append(
            {
                "rule": rule,
                "name": words.rule_name(rule),
                "is_live": live_version(rule) is not None,
                "sentence": words.sentence(version.kind, version.params) if version else [],
                "alerts": recent.filter(raised_at__gte=clock.now() - _month()).count(),
            }
        )
    return page(request, "rules.html", {"rows": rows, "pages": links, "may": grants_for(request).may(RULES)})


def _month() -> timedelta:
    return timedelta(days=30)


@require_safe
@desk(VIEW, RULES)
def rule(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """One rule: what is live, what is drafted, and what the draft would have done."""
    grants, found = grants_for(request), _rule(request, rule_id)
    versions = [_version(one) for one in found.versions.select_related("made_by")[:10]]
    context = {
        "rule": found,
        "name": words.rule_name(found),
        "versions": versions,
        "live": next((one for one in versions if one["is_live"]), None),
        "may": grants.may(RULES, agencies=[found.agency_id]),
        "crumbs": (
            Crumb(text=_("Rules"), url=reverse("telemetry:rules")),
            Crumb(text=words.rule_name(found)),
        ),
        "width": STRIP_WIDTH,
        "height": STRIP_HEIGHT,
    }
    return page(request, "rule.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(RULES)
def rule_new(request: HttpRequest) -> HttpResponse:
    """Make a rule; it is tested before it can be switched on."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(RULES)
def rule_edit(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """A new version of a rule."""
    found = _rule(request, rule_id)
    if not grants_for(request).may(RULES, agencies=[found.agency_id]):
        raise Missing(_("There is no such rule here."), remedy=_("Choose one from the list."))
    return _form(request, found)


def _form(request: HttpRequest, found: Rule | None) -> HttpResponse:
    form = RuleForm(grants_for(request), request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.rule_draft(
                actor=acting(request, RULES),
                name=form.cleaned_data["name"],
                kind=form.cleaned_data["kind"],
                params=form.params(),
                agency=form.agency_chosen,
                rule=found,
            )
        except Invalid as error:
            put_errors(form, error)
        else:
            rule_test(actor=acting(request, RULES), version=version)
            messages.success(request, _("The rule is stored and tested; it is not live yet."))
            return HttpResponseRedirect(reverse("telemetry:rule", args=[version.rule_id]))
    status = 422 if form.is_bound else 200
    return page(request, "rule_form.html", {"form": form, "rule": found}, status=status)


@require_POST
@desk(RULES)
def rule_step(request: HttpRequest, rule_id: UUID, name: str) -> HttpResponse:
    """Test a version again, switch it on, or switch the rule off."""
    found = _rule(request, rule_id)
    actor = acting(request, RULES)
    if name == "padamkan":
        actions.rule_switch_off(actor=actor, rule=found)
        messages.success(request, _("The rule is switched off."))
        return HttpResponseRedirect(reverse("telemetry:rule", args=[rule_id]))
    typed = request.POST.get("nomor", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0
    if not number:
        raise Invalid(_("Say which version."), remedy=_("Open the rule again."))
    version = found.versions.select_related("rule").filter(number=number).first()
    if version is None or name not in ("uji", "nyalakan"):
        raise Missing(_("There is no such version."), remedy=_("Open the rule again."))
    if name == "uji":
        rule_test(actor=actor, version=version)
        messages.success(request, _("Tested on history."))
    else:
        actions.rule_go_live(actor=actor, version=version)
        messages.success(request, _("The rule is live."))
    return HttpResponseRedirect(reverse("telemetry:rule", args=[rule_id]))


def live_version(rule: Rule) -> RuleVersion | None:
    """The version that is live, if one is."""
    return rule.versions.filter(live_from__isnull=False, live_until=None).first()


def _rule(request: HttpRequest, rule_id: UUID) -> Rule:
    found = queries.visible_rules(grants_for(request)).filter(id=rule_id).first()
    if found is None:
        raise Missing(_("There is no such rule here."), remedy=_("Choose one from the list."))
    return found


def _initial(found: Rule | None) -> dict[str, Any]:
    """The numbers of the newest version, where the form has a field for them."""
    version = found.versions.first() if found else None
    if found is None or version is None:
        return {"kind": "threshold", "opens_case": True}
    when, then = version.params.get("when", {}), version.params.get("then", {})
    numbers = {name: value for name, value in when.items() if not isinstance(value, str | list)}
    span = numbers.get("for_s", numbers.get("dwell_s", numbers.get("after_s", 0)))
    hours: dict[str, str] = next(iter(when.get("hours", ())), {})
    return {
        **numbers,
        "name": words.rule_name(found),
        "kind": version.kind,
        "agency": found.agency.code if found.agency else "",
        "applies": version.params.get("applies", {}).get("kind", ""),
        "stream": when.get("stream", ""),
        "side": when.get("side", ""),
        "minutes": span / 60 if span else None,
        "first": hours.get("from", ""),
        "until": hours.get("to", ""),
        **{name: bool(then.get(name)) for name in ("opens_case", "urgent", "banner", "notify")},
    }


def _version(version: RuleVersion) -> dict[str, Any]:
    tested = version.tested
    return {
        "version": version,
        "is_live": version.live_from is not None and version.live_until is None,
        "was_live": version.live_from is not None,
        "sentence": words.sentence(version.kind, version.params),
        "tested": tested,
        "strip": _strip(tested) if tested else [],
        "found": _found(version, tested) if tested else [],
    }


def _strip(tested: dict[str, Any]) -> list[float]:
    """Where on the strip of the tested days each alert would have stood, in px."""
    end = datetime.fromisoformat(tested["at"]).timestamp()
    span = tested["days"] * 86_400
    return [
        round(10 + (STRIP_WIDTH - 20) * max(0.0, 1 - (end - raised) / span), 1)
        for _code, raised, _until, _extreme in tested["shown"]
    ]


def _found(version: RuleVersion, tested: dict[str, Any]) -> list[dict[str, Any]]:
    newest = list(reversed(tested["shown"]))[:15]
    names = dict(Device.objects.filter(code__in=[one[0] for one in newest]).values_list("code", "name"))
    unit = "m" if version.kind == "geofence" else ""
    return [
        {
            "code": code,
            "name": names.get(code, code),
            "at": datetime.fromtimestamp(raised, UTC),
            "lasted": present.lasted(datetime.fromtimestamp(raised, UTC), datetime.fromtimestamp(until, UTC))
            if until
            else "",
            "extreme": words.value(extreme, unit) if extreme is not None else "",
        }
        for code, raised, until, extreme in newest
    ]
