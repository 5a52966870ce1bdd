"""Rules and their versions: drafted, tested, switched on and off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import SYSTEM, Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry.actions.alerts import alert_recover
from kotacerdas.foundation.telemetry.declarations import RuleSpec, declared_rules
from kotacerdas.foundation.telemetry.ingest.registry import changed
from kotacerdas.foundation.telemetry.models import Alert, Rule, RuleState, RuleVersion
from kotacerdas.foundation.telemetry.permissions import RULES
from kotacerdas.foundation.telemetry.rules.params import BadParams, check
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.kernel.texts import is_blank


@transaction.atomic
def rule_draft(
    *,
    actor: Actor,
    name: str,
    kind: str,
    params: Mapping[str, Any],
    agency: Agency | None,
    rule: Rule | None = None,
) -> RuleVersion:
    """A new rule, or a new version of one; it is not live. Raises Invalid with the field that is wrong."""
    owner = rule.agency if rule is not None else agency
    require(actor.grants, RULES, agencies=[owner.id if owner else None])
    if is_blank(name):
        raise Invalid(_("The rule cannot be stored like this."), fields={"name": _("This is needed.")})
    try:
        check(kind, params)
    except (BadParams, KeyError) as error:
        field = str(error).strip("'")
        raise Invalid(
            _("The rule cannot be stored like this."), fields={field: _("This number does not fit the rule.")}
        ) from error
    if rule is None:
        key = ids.new_id()
        rule = Rule.objects.create(id=key, code=f"rule.{key}", name=name.strip()[:120], agency=agency)
    else:
        Rule.objects.select_for_update().get(id=rule.id)
        if not rule.declared:
            Rule.objects.filter(id=rule.id).update(name=name.strip()[:120])
    number = (rule.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    version = RuleVersion.objects.create(
        rule=rule, number=number, kind=kind, params=dict(params), made_by=actor.user
    )
    _journal(rule, "draft", actor, number)
    return version


@transaction.atomic
def rule_go_live(*, actor: Actor, version: RuleVersion) -> RuleVersion:
    """Switch a version on in place of the one that is live. Raises Conflict unless it was tested on history."""
    rule = version.rule
    require(actor.grants, RULES, agencies=[rule.agency_id])
    if version.tested is None:
        raise Conflict(
            _("This version has not been tested on history yet."), remedy=_("Test it, then switch it on.")
        )
    Rule.objects.select_for_update().get(id=rule.id)
    if RuleVersion.objects.filter(id=version.id, live_from__isnull=False).exists():
        raise Conflict(
            _("This version was live before."), remedy=_("Make a new version with the same numbers.")
        )
    _switch(version)
    _journal(rule, "go_live", actor, version.number)
    return version


@transaction.atomic
def rule_switch_off(*, actor: Actor, rule: Rule) -> None:
    """Watch no more; open alerts of the rule end."""
    require(actor.grants, RULES, agencies=[rule.agency_id])
    rule.versions.filter(live_from__isnull=False, live_until=None).update(live_until=clock.now())
    RuleState.objects.filter(version__rule=rule).delete()
    for alert in Alert.objects.filter(rule=rule, recovered_at=None):
        alert_recover(actor=SYSTEM, alert=alert, at=clock.now())
    _journal(rule, "switch_off", actor, 0)
    changed()


def sync_declared() -> int:
    """Bring the declared rules into the store; how many were new or changed. One switched off by hand stays off."""
    return sum(_sync(spec) for spec in declared_rules().values())


@transaction.atomic
def _sync(spec: RuleSpec) -> int:
    with override("id"):
        name = str(spec.name)[:120]
    rule, _made = Rule.objects.get_or_create(code=spec.code, defaults={"name": name, "declared": True})
    if rule.versions.filter(number__gte=spec.version, made_by=None).exists():
        return 0
    check(spec.kind, spec.params)
    last = rule.versions.order_by("-number").first()
    number = max(spec.version, (last.number if last else 0) + 1)
    version = RuleVersion.objects.create(rule=rule, number=number, kind=spec.kind, params=dict(spec.params))
    _switch(version)
    _journal(rule, "declare", SYSTEM, number)
    return 1


def _switch(version: RuleVersion) -> None:
    now = clock.now()
    version.rule.versions.filter(live_from__isnull=False, live_until=None).update(live_until=now)
    RuleState.objects.filter(version__rule=version.rule_id).delete()
    version.live_from = now
    version.save(update_fields=["live_from"])
    changed()


def _journal(rule: Rule, step: str, actor: Actor, number: int) -> None:
    append(
        verb=f"telemetry.rule.{step}",
        subject=("telemetry.rule", rule.id),
        actor=actor.code,
        codes={"rule": rule.code, "agency": rule.agency.code if rule.agency else "", "version": number},
    )
