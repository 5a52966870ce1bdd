"""Lines of a depreciation in words: each with its figure, from price to book value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.ui.tags.words import day, number, rupiah
from kotacerdas.programs.lada.lifecycles.changes import TITLES

_MONEY = frozenset({"price", "audited", "value", "so_far", "book_before", "amount", "rest", "book"})


@dataclass(frozen=True, kw_only=True)
class Said:
    """A line: what it is, where it comes from, its figure. is_result: it stands in bold."""

    what: str
    why: str = ""
    figure: str = ""
    is_result: bool = False


def explained(lines: Iterable[Mapping[str, Any]]) -> list[Said]:
    """The lines of a figure, in the language of the page."""
    return [_said(one) for one in lines]


def _said(one: Mapping[str, Any]) -> Said:
    what = one["what"]
    figure = rupiah(one["n"]) if what in _MONEY or what in TITLES else ""
    match what:
        case "never" | "extra" | "no_rule":
            return Said(what=_ends(one), why=one.get("source", ""), figure=rupiah(0))
        case "life":
            return Said(
                what=_("Life of goods of %(code)s") % one, why=one["source"], figure=_semesters(one["n"])
            )
        case "audited_left":
            return Said(what=_("Life left, as audited"), figure=_semesters(one["n"]))
        case "overhaul":
            return Said(
                what=_("Overhaul of %(day)s") % {"day": _day(one)}, why=_band(one), figure=_added(one)
            )
        case "used":
            return Said(what=_("Used up before this semester"), figure=_semesters(one["n"]))
        case "left":
            return Said(what=_("Left, with this semester"), figure=_semesters(one["n"]))
        case "amount" | "rest":
            return Said(
                what=_("Depreciation of this semester"), why=_division(one), figure=figure, is_result=True
            )
        case "book":
            return Said(what=_("Book value after it"), figure=figure, is_result=True)
    return Said(what=_plain(one), why=_day(one), figure=figure)


def _plain(one: Mapping[str, Any]) -> str:
    known = {
        "price": _("Acquisition value"),
        "audited": _("Depreciation brought in, audited"),
        "value": _("Value"),
        "so_far": _("Depreciated before this semester"),
        "book_before": _("Book value before it"),
    }
    what = one["what"]
    return known[what] if what in known else str(TITLES.get(what, what))


def _ends(one: Mapping[str, Any]) -> str:
    return {
        "never": _("Goods of this code are never depreciated."),
        "extra": _("Extra-comptable: not depreciated."),
        "no_rule": _("No rule of the pack says how long goods of %(code)s last.") % one,
    }[one["what"]]


def _band(one: Mapping[str, Any]) -> str:
    share = number(one["share"] / 100, 2)
    given = {"cost": rupiah(one["n"]), "base": rupiah(one["base"]), "share": share}
    said = _("%(cost)s of %(base)s is %(share)s%%") % given
    if "from" not in one:
        return f"{said}; {_('no band: it adds no time')}"
    bounds = {"from": number(one["from"] / 100), "to": number(one["to"] / 100), "months": one["months"]}
    return f"{said}; {_('band %(from)s to %(to)s%%: %(months)d months') % bounds}"


def _added(one: Mapping[str, Any]) -> str:
    return _("%(left)d + %(added)d = %(after)d semesters") % {
        "left": one["left"],
        "added": one["after"] - one["left"],
        "after": one["after"],
    }


def _division(one: Mapping[str, Any]) -> str:
    if one["what"] == "rest":
        return _("the last one takes the rest")
    return _("%(book)s ÷ %(left)d") % {"book": rupiah(one["book"]), "left": one["left"]}


def _semesters(n: int) -> str:
    return ngettext("%(n)d semester", "%(n)d semesters", n) % {"n": n}


def _day(one: Mapping[str, Any]) -> str:
    return day(date.fromisoformat(one["day"])) if one.get("day") else ""
