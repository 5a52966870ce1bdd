"""The ledger of goods, pure: the state of a good, the kinds of events, and what each does to the state.

No store, no clock. Money in whole rupiah. Days are local days; an event's day is when it took effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

Kind = Literal[
    "acquire",
    "opening",
    "transfer",
    "move",
    "hand_over",
    "hand_back",
    "exploit",
    "exploit_end",
    "condition",
    "maintain",
    "capitalise",
    "reclassify",
    "correct",
    "certify",
    "split",
    "dispose",
    "reverse",
]
FIRST: frozenset[str] = frozenset({"acquire", "opening"})
CONDITIONS = ("good", "light", "heavy")  # good, lightly damaged, heavily damaged
ORIGINS = ("purchase", "grant", "exchange", "found", "split", "other")
DISPOSALS = ("sold", "granted", "exchanged", "destroyed", "lost", "split")
EXPLOITATIONS = ("lease", "loan", "ksp", "bgs", "kspi")


class Illegal(ValueError):
    """An event that cannot follow this state. `code` says why; `field` which of its data."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code, self.field = code, field


@dataclass(frozen=True, kw_only=True)
class Event:
    """A line of the ledger of one good.

    number       1, 2, 3 … of this good
    data         what the kind says, by name; JSON values
    amount       what it adds to the value; accumulated  to the depreciation so far (an opening, a split, a disposal)
    reverses     number of the event that this one takes back
    """

    number: int
    kind: Kind
    on: date
    data: Mapping[str, Any] = field(default_factory=dict)
    amount: int = 0
    accumulated: int = 0
    reverses: int | None = None


@dataclass(frozen=True, kw_only=True)
class State:
    """A good as it is on a day; what `Asset` shows of today.

    agency     code of the agency that has it; register_no  its running number there, within goods code and year
    value      what it cost, with what was capitalised; accumulated  depreciation brought in by openings and splits
    opened_on  the day to which `accumulated` is reckoned; None: nothing was brought in
    holder     id of the person who has it in custody; room  id of the room where it belongs
    outline    corners of its ground, each a latitude and a longitude; None: not drawn
    facts      the columns of its card by name
    """

    is_active: bool = True
    agency: str = ""
    goods_code: str = ""
    register_no: int = 0
    name: str = ""
    origin: str = ""
    acquired_on: date | None = None
    owner: str = "12"
    is_intra: bool = True
    value: int = 0
    accumulated: int = 0
    opened_on: date | None = None
    condition: str = "good"
    room: str = ""
    holder: str = ""
    use: str = ""
    area_code: str = ""
    lat: float | None = None
    lng: float | None = None
    outline: Sequence[Sequence[float]] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    certificate: str = ""
    certified_on: date | None = None
    disposed_on: date | None = None
    last: int = 0
    last_on: date | None = None


_BASIC = ("agency", "goods_code", "register_no", "name", "origin", "owner", "is_intra", "condition", "room")
_PLACE = ("area_code", "lat", "lng", "outline")


def fold(events: Iterable[Event], until: date | None = None) -> State | None:
    """The state after all events of a good in their order, or those up to a day (inclusive); None before the first.

    Raises Illegal for a sequence that cannot be.
    """
    stack: list[tuple[Event, State | None]] = []
    state: State | None = None
    for event in events:
        if until is not None and event.on > until:
            break
        state = step(stack, state, event)
    return state


def step(stack: list[tuple[Event, State | None]], state: State | None, event: Event) -> State | None:
    """Apply one event and keep what was before it on the stack; a reversal takes the top off. Raises Illegal."""
    if event.kind != "reverse":
        after = apply(state, event)
        stack.append((event, state))
        return after
    if not stack or state is None:
        raise Illegal("nothing_to_reverse")
    if event.on < (state.last_on or event.on):
        raise Illegal("before_the_last", "on")
    undone, before = stack[-1]
    if undone.number != event.reverses:
        raise Illegal("not_the_latest", "reverses")
    stack.pop()
    return replace(before, last=event.number, last_on=event.on) if before is not None else None


def apply(state: State | None, event: Event) -> State:
    """The state after an event. Raises Illegal for one that cannot follow."""
    data = event.data
    if event.kind in FIRST:
        if state is not None:
            raise Illegal("begun_already")
        return _begun(event)
    if state is None:
        raise Illegal("not_begun")
    if not state.is_active:
        raise Illegal("disposed")
    if state.last_on is not None and event.on < state.last_on:
        raise Illegal("before_the_last", "on")
    changed = _CHANGES[event.kind](state, event)
    value, accumulated = state.value + event.amount, state.accumulated + event.accumulated
    if value < 0:
        raise Illegal("negative_value", "amount")
    if "room" in data and event.kind not in ("move", "transfer"):
        raise Illegal("room", "room")
    return replace(
        state, **changed, value=value, accumulated=accumulated, last=event.number, last_on=event.on
    )


def _begun(event: Event) -> State:
    data = event.data
    acquired = _day(data.get("acquired_on")) or event.on
    if event.amount < 0:
        raise Illegal("negative_value", "amount")
    if event.kind == "acquire" and event.accumulated:
        raise Illegal("accumulated", "accumulated")
    if not 0 <= event.accumulated <= event.amount:
        raise Illegal("accumulated_beyond_value", "accumulated")
    if acquired > event.on:
        raise Illegal("before_acquisition", "on")
    given = {name: data[name] for name in (*_BASIC, *_PLACE) if data.get(name) is not None}
    for name in ("agency", "goods_code", "name"):
        if not given.get(name):
            raise Illegal("missing", name)
    return State(
        **given,
        acquired_on=acquired,
        value=event.amount,
        accumulated=event.accumulated,
        opened_on=event.on if event.kind == "opening" else None,
        facts=dict(data.get("facts", {})),
        certificate=str(data.get("certificate", "")),
        certified_on=_day(data.get("certified_on")),
        last=event.number,
        last_on=event.on,
    )


def _transfer(state: State, event: Event) -> dict[str, Any]:
    to = event.data.get("agency", "")
    if not to:
        raise Illegal("missing", "agency")
    if to == state.agency:
        raise Illegal("to_itself", "agency")
    return {"agency": to, "register_no": event.data.get("register_no", 0), "room": "", "holder": ""}


def _move(_state: State, event: Event) -> dict[str, Any]:
    given = {name: event.data[name] for name in _PLACE if name in event.data}
    return {"room": event.data.get("room", ""), **given}


def _hand_over(state: State, event: Event) -> dict[str, Any]:
    holder = event.data.get("holder", "")
    if not holder:
        raise Illegal("missing", "holder")
    if state.holder:
        raise Illegal("in_custody", "holder")
    return {"holder": holder}


def _hand_back(state: State, _event: Event) -> dict[str, Any]:
    if not state.holder:
        raise Illegal("not_in_custody")
    return {"holder": ""}


def _exploit(state: State, event: Event) -> dict[str, Any]:
    if event.data.get("use") not in EXPLOITATIONS:
        raise Illegal("missing", "use")
    if state.use:
        raise Illegal("exploited", "use")
    return {"use": event.data["use"]}


def _exploit_end(state: State, _event: Event) -> dict[str, Any]:
    if not state.use:
        raise Illegal("not_exploited")
    return {"use": ""}


def _condition(_state: State, event: Event) -> dict[str, Any]:
    if event.data.get("condition") not in CONDITIONS:
        raise Illegal("missing", "condition")
    return {"condition": event.data["condition"]}


def _maintain(_state: State, event: Event) -> dict[str, Any]:
    if event.amount:
        raise Illegal("amount", "amount")
    return {}


def _capitalise(_state: State, event: Event) -> dict[str, Any]:
    if event.amount <= 0:
        raise Illegal("negative_value", "amount")
    return {}


def _reclassify(state: State, event: Event) -> dict[str, Any]:
    code = event.data.get("goods_code", "")
    if not code or code == state.goods_code:
        raise Illegal("missing", "goods_code")
    return {"goods_code": code, "register_no": event.data.get("register_no", 0)}


def _correct(state: State, event: Event) -> dict[str, Any]:
    names = ("name", "origin", "is_intra", "condition", *_PLACE)
    given = {name: event.data[name] for name in names if name in event.data}
    facts = event.data.get("facts")
    return given | ({"facts": {**state.facts, **facts}} if facts else {})


def _certify(_state: State, event: Event) -> dict[str, Any]:
    if not event.data.get("certificate"):
        raise Illegal("missing", "certificate")
    return {"certificate": event.data["certificate"], "certified_on": event.on}


def _split(state: State, event: Event) -> dict[str, Any]:
    if not 0 < -event.amount < state.value:
        raise Illegal("split_beyond_value", "amount")
    return {}


def _dispose(state: State, event: Event) -> dict[str, Any]:
    if event.data.get("how") not in DISPOSALS:
        raise Illegal("missing", "how")
    if event.amount != -state.value:
        raise Illegal("whole_value", "amount")
    return {"is_active": False, "disposed_on": event.on, "holder": "", "room": "", "use": ""}


def _day(text: Any) -> date | None:
    return text if isinstance(text, date) else date.fromisoformat(text) if text else None


_CHANGES = {
    "transfer": _transfer,
    "move": _move,
    "hand_over": _hand_over,
    "hand_back": _hand_back,
    "exploit": _exploit,
    "exploit_end": _exploit_end,
    "condition": _condition,
    "maintain": _maintain,
    "capitalise": _capitalise,
    "reclassify": _reclassify,
    "correct": _correct,
    "certify": _certify,
    "split": _split,
    "dispose": _dispose,
}
