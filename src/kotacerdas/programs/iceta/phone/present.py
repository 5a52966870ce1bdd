"""What the call form says while it is filled in: kinds on offer, what sending does, the emergency panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.names import place_names
from kotacerdas.foundation.forms.place_search import Spot
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import phones
from kotacerdas.kernel.stems import stems
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.lifecycles import title
from kotacerdas.programs.iceta.models import Category
from kotacerdas.programs.iceta.phone.forms import URGENCIES
from kotacerdas.programs.iceta.promises import FROM_DESK, FROM_VERIFIER, promises
from kotacerdas.programs.iceta.public.suggest import suggest
from kotacerdas.programs.iceta.queries import emergencies_like
from kotacerdas.programs.iceta.rules import Help, emergency_help, reception_agency

KINDS = 5
FOUND = 9


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A category on offer, with the words that suggested it."""

    category: Category
    name: str
    words: tuple[str, ...] = ()
    on: bool = False
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What sending does: where the report goes, and the lines that say so."""

    label: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The emergency panel: the agency that leads such matters, its number, who supports.

    It names no agency for an ordinary matter.
    """

    agency: Agency | None
    shown: str = ""
    supporting: str = ""
    is_emergency: bool = False
    help: Help | None = None


def kinds(words: str, asked: str, chosen: str) -> list[Kind]:
    """Up to five categories that the words suggest, always with the chosen one; a search replaces them."""
    known = categories()
    offered: list[tuple[Category, tuple[str, ...]]]
    if asked.strip():
        offered = [(one, ()) for one in _searched(asked, known.values())[:FOUND]]
    else:
        offered = [(hit.category, hit.words) for hit in suggest(words, known.values(), most=KINDS)]
    if chosen in known and all(one.code != chosen for one, _words in offered):
        offered = [(known[chosen], ()), *offered]
    return [
        Kind(
            category=one,
            name=title(one.code),
            words=tuple(found),
            on=one.code == chosen,
            key=str(index) if index <= FOUND else "",
        )
        for index, (one, found) in enumerate(offered, 1)
    ]


def outcome(
    desk: Agency, *, category: Category | None, urgency: str, phone: str, name: str, anonymous: bool
) -> Outcome:
    """What sending the call will do, in words: who gets it, which promise begins, what the caller receives."""
    reception = reception_agency()
    if category is None:
        return Outcome(label=_("Store the report"), lines=[("info", _("Choose what kind it is first."))])
    urgency = urgency or category.urgency
    is_direct = category.lead_id == desk.id or urgency == "emergency"
    goal = category.lead if is_direct else reception
    lines = [("send", _where(category, reception, is_direct))]
    clocks = FROM_DESK if is_direct else FROM_VERIFIER
    lines += [("timer", words) for words in promises(category=category, urgency=urgency, clocks=clocks)]
    lines.append(_receipt(desk, reception, phone, name, anonymous))
    return Outcome(label=_("Send to %(agency)s") % {"agency": goal.short_name}, lines=lines)


def panel(category: Category | None, urgency: str) -> Panel:
    """The right agency of an emergency, with its number where the pack has one."""
    if category is None or "emergency" not in (urgency, category.urgency):
        return Panel(agency=None, is_emergency=urgency == "emergency")
    lead = category.lead
    return Panel(
        agency=lead,
        shown=_shown(lead.phone),
        supporting=", ".join(one.short_name for one in category.supporting.all()),
        is_emergency=(urgency or category.urgency) == "emergency",
        help=emergency_help([category.group]),
    )


def twins(category: Category | None, urgency: str, spot: Spot | None) -> list[dict[str, Any]]:
    """Emergencies of the last hour that the caller may tell of too; nothing for an ordinary matter."""
    if category is None or (urgency or category.urgency) != "emergency":
        return []
    known = spot or Spot()
    found = emergencies_like(category, area_code=known.area_code, lat=known.lat, lng=known.lng)
    return [{"case": one, "title": title(one.title_code), "place": _village(one)} for one in found]


def _village(case: Case) -> str:
    return ", ".join(name for name in place_names(case.area_code) if name) or _("place not known")


def urgencies(chosen: str) -> list[dict[str, Any]]:
    """The three, with their keys."""
    return [
        {"code": code, "label": label, "hint": hint, "key": key, "on": code == chosen}
        for code, label, hint, key in URGENCIES
    ]


def _where(category: Category, reception: Agency, is_direct: bool) -> str:
    if not is_direct:
        return _("%(agency)s verifies and assigns it") % {"agency": reception.short_name}
    names = [category.lead.short_name, *(one.short_name for one in category.supporting.all())]
    return _("goes to %(agencies)s at once") % {"agencies": ", ".join(names)}


def _receipt(desk: Agency, reception: Agency, phone: str, name: str, anonymous: bool) -> tuple[str, str]:
    if anonymous and desk.id != reception.id:
        return "user-round-x", _("anonymous: this desk stores neither name nor number, no message is sent")
    if not phones.normal(phone):
        return "message-square", _("Without a mobile number there is no message: read out the ticket number.")
    if anonymous:
        return "user-round-x", _(
            "anonymous: the agency does not learn who; number and link go out by message"
        )
    who = name.strip() or _("the caller")
    return "message-square", _("%(who)s gets the number and a link by message") % {"who": who}


def _searched(asked: str, known: Any) -> list[Category]:
    """Categories whose name or words begin like what was typed."""
    wanted = asked.casefold().split()
    rooted = set(stems(asked))

    def fits(one: Category) -> bool:
        words = f"{one.name_id} {one.name_en} {' '.join(one.words)}".casefold().replace("/", " ").split()
        begins = all(any(word.startswith(part) for word in words) for part in wanted)
        return begins or bool(rooted & set(stems(" ".join(words))))

    return [one for one in known if fits(one)]


def _shown(number: str) -> str:
    normal = phones.normal(number)
    return phones.shown(normal) if normal else number
