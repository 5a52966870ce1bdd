"""A good's ledger in words: what each event changed, from the states before and after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.models import Agency, Person
from kotacerdas.foundation.ui.tags.words import number, rupiah, short_day
from kotacerdas.programs.lada import cards, codes, events
from kotacerdas.programs.lada.actions.ledger import ledger_of
from kotacerdas.programs.lada.lifecycles.changes import ACTS, TITLES
from kotacerdas.programs.lada.models import Asset, GoodsCode, Room
from kotacerdas.programs.lada.words import ORIGINS

ICONS = {
    "acquire": "plus",
    "opening": "book-open",
    "transfer": "building-2",
    "move": "map-pin",
    "hand_over": "arrow-left-right",
    "hand_back": "undo-2",
    "exploit": "handshake",
    "exploit_end": "handshake",
    "condition": "circle-alert",
    "maintain": "wrench",
    "capitalise": "wrench",
    "reclassify": "tag",
    "correct": "pencil",
    "certify": "file-check",
    "split": "git-branch",
    "dispose": "ban",
    "reverse": "rotate-ccw",
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One value that changed: of what, from what, to what; "" for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event in words. `reversed_by` is the number of the event that took it back, 0 for none."""

    event: events.Event
    title: str
    icon: str
    changed: list[Told]
    reversed_by: int = 0
    note: str = ""


@dataclass
class Names:
    """Names of agencies, rooms, people and codes that states say by code or id; each is read once."""

    agencies: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    goods: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, states: Iterable[events.State | None]) -> Names:
        """The names that these states need."""
        found = [one for one in states if one is not None]
        rooms = Room.objects.filter(id__in={one.room for one in found if one.room})
        people = Person.objects.filter(id__in={one.holder for one in found if one.holder})
        named = GoodsCode.objects.filter(code__in={one.goods_code for one in found})
        agencies = Agency.objects.filter(code__in={one.agency for one in found})
        return cls(
            agencies={one.code: one.short_name for one in agencies},
            rooms={str(one.id): str(one) for one in rooms},
            people={str(one.id): one.name for one in people},
            goods=dict(named.values_list("code", "name")),
        )


def use_words(code: str) -> str:
    """How a good is exploited, in words."""
    return {
        "": "",
        "lease": _("leased"),
        "loan": _("lent"),
        "ksp": _("used in partnership (KSP)"),
        "bgs": _("built, operated, handed over (BGS/BSG)"),
        "kspi": _("infrastructure partnership (KSPI)"),
    }.get(code, code)


def how_words(code: str) -> str:
    """How a good was disposed of, in words."""
    return {
        "sold": _("sold"),
        "granted": _("granted to others"),
        "exchanged": _("exchanged"),
        "destroyed": _("destroyed"),
        "lost": _("lost"),
        "split": _("split up"),
    }.get(code, code)


def condition_words(code: str) -> str:
    """A condition in words."""
    return str(dict(Asset.Condition.choices).get(code, code))


def changed(before: events.State | None, after: events.State | None, names: Names) -> list[Told]:
    """What differs between two states, in the order a reader looks for it."""
    old, new = _told(before, names), _told(after, names)
    labels = {**old, **new}
    found = []
    for key, (label, _text) in labels.items():
        was, now = old.get(key, (label, ""))[1], new.get(key, (label, ""))[1]
        if was != now:
            found.append(Told(label=str(label), before=was, after=now))
    return found


def entries(ledger: Iterable[events.Event]) -> list[Entry]:
    """A good's ledger, newest first, each event with what it changed and whether it still counts."""
    steps: list[tuple[events.Event, events.State | None, events.State | None]] = []
    stack: list[tuple[events.Event, events.State | None]] = []
    state: events.State | None = None
    for event in ledger:
        after = events.step(stack, state, event)
        steps.append((event, state, after))
        state = after
    taken = {event.reverses: event.number for event, _before, _after in steps if event.reverses}
    names = Names.of(one for step in steps for one in step[1:])
    return [
        Entry(
            event=event,
            title=title_of(event.kind),
            icon=ICONS.get(event.kind, "circle"),
            changed=changed(before, after, names),
            reversed_by=taken.get(event.number, 0),
            note=note_of(event),
        )
        for event, before, after in reversed(steps)
    ]


def title_of(kind: str) -> str:
    """The name of a kind of event."""
    return str(TITLES.get(kind, kind))


def act_of(kind: str) -> str:
    """What whoever proposes a kind of event asks for, as buttons and forms say it."""
    return str(ACTS.get(kind, kind))


def note_of(event: events.Event) -> str:
    """What an event says besides what it changed: the act, the cost, how it ended, which one it takes back."""
    data, parts = event.data, []
    if event.kind == "reverse":
        parts.append(_("takes back number %(number)d") % {"number": event.reverses or 0})
    if data.get("how"):
        parts.append(how_words(data["how"]))
    if data.get("cost"):
        parts.append(_("cost %(cost)s") % {"cost": rupiah(data["cost"])})
    if data.get("basis"):
        parts.append(str(data["basis"]))
    return " · ".join(parts)


def fact_words(card: str, facts: Any) -> list[tuple[str, str]]:
    """The facts of a card, label and text, those that are there."""
    return [
        (str(one.label), value_words(one, facts[one.name]))
        for one in cards.columns(card)
        if facts.get(one.name) not in (None, "")
    ]


def value_words(column: cards.Column, value: Any) -> str:
    """A value of a card as it is read."""
    units = {"m2": "m²"}
    match column.type:
        case "boolean":
            return _("yes") if value else _("no")
        case "choice":
            return str(dict(column.choices).get(value, value))
        case "day":
            return _day(value)
        case "integer" if column.unit == "rupiah":
            return rupiah(value)
        case "integer" if not column.unit:
            return str(value)
        case "integer" | "decimal":
            decimals = 0 if value == int(value) else cards.DIGITS
            return f"{number(value, decimals)} {units.get(column.unit, column.unit)}".strip()
    return str(value)


def _told(state: events.State | None, names: Names) -> dict[str, tuple[Any, str]]:
    if state is None:
        return {}
    place = f"{state.lat:.5f}, {state.lng:.5f}" if state.lat is not None and state.lng is not None else ""
    outline = "; ".join(f"{lat:.6f}, {lng:.6f}" for lat, lng in state.outline or ())
    code = f"{state.goods_code} {names.goods.get(state.goods_code, '')}".strip()
    told = {
        "name": (_("Name"), state.name),
        "agency": (_("Agency"), names.agencies.get(state.agency, state.agency)),
        "goods": (_("Goods code"), code),
        "value": (_("Value"), rupiah(state.value)),
        "accumulated": (
            _("Depreciation brought along"),
            rupiah(state.accumulated) if state.accumulated else "",
        ),
        "acquired": (_("Acquired on"), _day(state.acquired_on)),
        "origin": (_("Origin"), str(ORIGINS.get(state.origin, state.origin))),
        "intra": (_("In the balance sheet"), _("yes") if state.is_intra else _("no")),
        "condition": (_("Condition"), condition_words(state.condition)),
        "room": (_("Room"), names.rooms.get(state.room, state.room)),
        "holder": (_("In custody of"), names.people.get(state.holder, state.holder)),
        "use": (_("Exploited"), use_words(state.use)),
        "area": (_("Area code"), state.area_code),
        "place": (_("Position"), place),
        "outline": (_("Corners of the ground"), outline),
        "certificate": (_("Certificate"), state.certificate),
        "active": (_("In the books"), _("yes") if state.is_active else _("no")),
    }
    card = codes.card_of(state.goods_code)
    known = {one.name: one for one in cards.columns(card)}
    for name, value in state.facts.items():
        if value not in (None, "") and name in known:
            told[f"fact {name}"] = (known[name].label, value_words(known[name], value))
    return told


def _day(value: Any) -> str:
    if not value:
        return ""
    try:
        return short_day(value if isinstance(value, date) else date.fromisoformat(value))
    except ValueError:
        return str(value)


def entries_of(asset: Asset) -> list[Entry]:
    """A good's ledger in words, newest first."""
    return entries(ledger_of(asset))
