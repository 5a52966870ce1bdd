"""From a filled form to the lines of a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.actions import Opened
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.lada import codes
from kotacerdas.programs.lada.actions.changes import change_propose, reversal
from kotacerdas.programs.lada.actions.checking import siblings, splits_of
from kotacerdas.programs.lada.actions.custody import keeper
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.actions.periods import carried
from kotacerdas.programs.lada.models import Asset, Change, Threshold
from kotacerdas.programs.lada.register.change_forms import ChangeForm
from kotacerdas.programs.lada.register.place_fields import PLACE

Build = Callable[[Asset, dict[str, Any], ChangeForm], dict[str, Any]]


def propose(*, actor: Actor, kind: str, form: ChangeForm, goods_code: str = "") -> Opened[Change]:
    """Propose what a valid form says. Raises what `change_propose` raises; Invalid at fields of the form."""
    given = form.cleaned_data
    lines = _begun(form, goods_code) if kind == "acquire" else _lines(kind, form)
    return change_propose(
        actor=actor,
        agency=form.agency,
        kind=kind,
        lines=lines,
        to_agency=given.get("to_agency"),
        words=given["why"],
    )


def threshold_of(code: str, on: date) -> int:
    """From what value on goods of a code are capitalised; 0 where no rule says so. The longest code of the newest rules counts."""
    parts = Q(code__in=codes.parts(code))
    rules = list(Threshold.objects.filter(parts, valid_from__lte=on).order_by("-valid_from"))
    newest = [one for one in rules if one.valid_from == rules[0].valid_from]
    return max(newest, key=lambda one: len(one.code)).least if newest else 0


def _begun(form: ChangeForm, goods_code: str) -> list[Line]:
    given = form.cleaned_data
    code = codes.normal(goods_code)
    data = {
        "agency": form.agency.code,
        "goods_code": code,
        "name": given["name"],
        "origin": given["origin"],
        "condition": given["condition"],
        "is_intra": given["value"] >= threshold_of(code, given["on"]),
        "facts": form.facts(),
        **_some(room=str(given["room"].id) if given["room"] else "", basis=given["basis"]),
        **_some(**{name: given[name] for name in PLACE if name in given}),
    }
    return [
        Line(asset=ids.new_id(), kind="acquire", on=given["on"], data=data, amount=given["value"])
        for _number in range(given["count"])
    ]


def _lines(kind: str, form: ChangeForm) -> list[Line]:
    on = form.cleaned_data["on"]
    if kind == "reverse":
        lines = [reversal(one, on) for one in form.goods]
        others = {one.asset for event in splits_of(lines) for one in siblings(event)} - set(form.goods)
        return lines + [reversal(one, on) for one in sorted(others, key=lambda one: one.nibar)]
    if kind == "split":
        return _split(form)
    if kind == "hand_over":
        given = form.cleaned_data
        person = keeper(user=given["holder"], name=given["holder_name"])
        data = {"holder": str(person.id), **_some(basis=given["basis"])}
        return [Line(asset=one.id, kind="hand_over", on=on, data=data) for one in form.goods]
    if kind == "hand_back" and len({one.holder_id for one in form.goods}) > 1:
        words = _("Several people have these goods: each hands back by an act of their own.")
        raise Invalid(words, fields={"on": words}, code="keepers")
    build = _BUILDS[kind]
    return [
        Line(asset=one.id, kind=kind, on=on, **build(one, form.cleaned_data, form))  # type: ignore[arg-type]
        for one in form.goods
    ]


def _split(form: ChangeForm) -> list[Line]:
    """The part leaves its good, and begins as one of its own with its share of the depreciation brought along."""
    given, whole = form.cleaned_data, form.goods[0]
    amount, on = given["amount"], given["on"]
    so_far, months = carried(whole, on)
    share = max(0, so_far) * amount // whole.value if whole.value else 0
    data = {
        "agency": whole.agency.code,
        "goods_code": whole.goods_code,
        "name": given["name"],
        "origin": "split",
        "condition": whole.condition,
        "is_intra": whole.is_intra,
        "facts": dict(whole.facts),
        "acquired_on": whole.acquired_on.isoformat(),
        "basis": whole.nibar,
        **({"months_left": months} if months is not None else {}),
    }
    return [
        Line(asset=whole.id, kind="split", on=on, amount=-amount, accumulated=-share),
        Line(asset=ids.new_id(), kind="opening", on=on, data=data, amount=amount, accumulated=share),
    ]


def _correct(one: Asset, given: dict[str, Any], form: ChangeForm) -> dict[str, Any]:
    """Only what differs from the register, so that a correction says what it corrects."""
    data: dict[str, Any] = {
        name: given[name]
        for name in ("name", "origin", *PLACE)
        if name in given and given[name] != getattr(one, name)
    }
    facts = form.facts()
    emptied = {name: None for name, value in one.facts.items() if value is not None and name not in facts}
    changed = {name: value for name, value in facts.items() if one.facts.get(name) != value} | emptied
    if not data and not changed:
        words = _("Nothing differs from what is in the books.")
        raise Invalid(words, fields={"name": words})
    return {"data": data | ({"facts": changed} if changed else {})}


def _some(**given: Any) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value not in ("", None)}


_BUILDS: dict[str, Build] = {
    "move": lambda _one, given, _form: {"data": {"room": str(given["room"].id)}},
    "transfer": lambda _one, given, _form: {
        "data": {"agency": given["to_agency"].code, **_some(basis=given["basis"])}
    },
    "hand_back": lambda _one, given, _form: {"data": _some(basis=given["basis"])},
    "exploit": lambda _one, given, _form: {"data": {"use": given["use"], "basis": given["basis"]}},
    "exploit_end": lambda _one, _given, _form: {},
    "condition": lambda _one, given, _form: {"data": {"condition": given["condition"]}},
    "maintain": lambda _one, given, _form: {"data": {"basis": given["basis"], "cost": given["cost"]}},
    "capitalise": lambda _one, given, _form: {
        "data": {"basis": given["basis"]},
        "amount": given["amount"],
    },
    "reclassify": lambda _one, given, _form: {"data": {"goods_code": codes.normal(given["goods_code"])}},
    "correct": _correct,
    "certify": lambda _one, given, _form: {"data": {"certificate": given["certificate"]}},
    "dispose": lambda one, given, _form: {
        "data": {"how": given["how"], "basis": given["basis"]},
        "amount": -one.value,
        "accumulated": -one.accumulated,
    },
}
