"""Life-cycles as data: states, steps and clocks of one kind of case, declared once, checked at start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import KW_ONLY, dataclass, field, fields
from functools import lru_cache
from typing import Any

from django.db.models import Q

from kotacerdas.foundation.cases.kinds import ESCALATION, INSIDE, LEAD, OTHER, Moment, NoteKind, Role
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.kernel.discover import discover

PARTY = "@party"
SYSTEM = "@system"
Given = Mapping[str, Any]


@dataclass(frozen=True)
class State:
    """A state and how it is shown.

    is_closed     nothing is awaited of anybody
    is_done       nothing is awaited of the staff: what is closed, unless said otherwise
    public_label  what the parties read, where it differs
    """

    name: str
    label: Any
    tone: str
    icon: str
    _: KW_ONLY
    is_closed: bool = False
    is_done: bool | None = None
    public_label: Any = None

    def __post_init__(self) -> None:
        if self.is_done is None:
            object.__setattr__(self, "is_done", self.is_closed)


@dataclass(frozen=True, kw_only=True)
class Give:
    """An assignment that a step opens."""

    role: str
    agency: Agency
    position: Position | None = None


@dataclass(frozen=True, kw_only=True)
class End:
    """The open assignments that a step ends: those of these roles, every one where none is named."""

    roles: frozenset[str] = frozenset()
    outcome: str = "done"


@dataclass(frozen=True)
class Step:
    """A step that may be taken.

    sources  states from which; target  the state after, None when it stays
    by       a permission, PARTY or SYSTEM
    roles    the open assignments whose agencies may take it (of a staff step)
    needs    names that must be given: not None, not empty (0 and False are given)
    gives    (case, given) → the assignments that the step opens
    ends     (case, given) → the open assignments that the step ends; None for none
    key      single letter at a desk; dot  the tone of its dot in the timeline, where the usual does not fit
    """

    name: str
    sources: Set[str]
    target: str | None
    by: str
    _: KW_ONLY
    label: Any
    done: Any
    roles: tuple[str, ...] = ("lead",)
    needs: tuple[str, ...] = ()
    gives: Callable[[Case, Given], Iterable[Give]] | None = None
    ends: Callable[[Case, Given], End | None] | None = None
    key: str = ""
    icon: str = "arrow-right"
    tone: str = ""
    dot: str = ""

    def __post_init__(self) -> None:
        _freeze(self)


@dataclass(frozen=True)
class Clock:
    """A promise with its turning points.

    policy   (case, given) → policy key, or None when this case carries no such clock
    policies every key that `policy` may answer: a pack without one of them in force is refused
    role     whose queue it orders: a part of the work, or two as "lead+helper"; "" for nobody's
    starts, keeps, voids, lapses, reopens   names of steps; keeps ends it, in time or not; voids ends it
             without count; lapses does too, but an overdue one ends broken
    pauses_in   states in which it stands still
    on_assignment   one clock per assignment named by the step, not one per case
    ours     counted as our promise
    """

    name: str
    label: Any
    policy: Callable[[Case, Given], str | None]
    policies: Set[str]
    role: str
    _: KW_ONLY
    starts: Set[str]
    keeps: Set[str]
    voids: Set[str] = frozenset()
    lapses: Set[str] = frozenset()
    reopens: Set[str] = frozenset()
    pauses_in: Set[str] = frozenset()
    on_assignment: bool = False
    ours: bool = True
    expires: str = ""  # the system step taken when it runs out

    def __post_init__(self) -> None:
        _freeze(self)


def _freeze(declared: Step | Clock) -> None:
    """Sets as they are declared, as sets that nobody changes."""
    for one in fields(declared):
        if isinstance(value := getattr(declared, one.name), Set):
            object.__setattr__(declared, one.name, frozenset(value))


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """All that foundation knows of one kind of case.

    codes     case → the program's own journal codes (category, class, …), as they are now
    title     coded title → words in the active language
    visible   grants → which cases of this kind they may see; nobody unless said
    url_name  the page of one case at the desk, reversed with its number
    roles     parts of the work; parties: roles of who is concerned; notes, moments: kinds of words and files
    """

    kind: str
    label: Any
    initial: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    clocks: tuple[Clock, ...]
    codes: Callable[[Case], Mapping[str, Any]]
    title: Callable[[str], str]
    visible: Callable[[Grants], Q]
    url_name: str
    roles: tuple[Role, ...] = (LEAD, ESCALATION)
    parties: tuple[Role, ...] = ()
    notes: tuple[NoteKind, ...] = (INSIDE,)
    moments: tuple[Moment, ...] = (OTHER,)
    by_state: dict[str, State] = field(init=False)
    by_step: dict[str, Step] = field(init=False)
    by_clock: dict[str, Clock] = field(init=False)
    by_role: dict[str, Role] = field(init=False)
    by_party: dict[str, Role] = field(init=False)
    by_note: dict[str, NoteKind] = field(init=False)
    by_moment: dict[str, Moment] = field(init=False)

    def __post_init__(self) -> None:
        kinds: dict[str, tuple[Any, ...]] = {
            "by_state": self.states,
            "by_step": self.steps,
            "by_clock": self.clocks,
            "by_role": self.roles,
            "by_party": self.parties,
            "by_note": self.notes,
            "by_moment": self.moments,
        }
        for index, declared in kinds.items():
            object.__setattr__(self, index, {one.name: one for one in declared})

    @property
    def undone(self) -> frozenset[str]:
        """The states in which something is still awaited of the staff."""
        return frozenset(state.name for state in self.states if not state.is_done)

    def steps_from(self, state: str) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if state in step.sources)


@lru_cache(maxsize=1)
def lifecycles() -> dict[str, Lifecycle]:
    """All declared life-cycles by kind, from each app's `lifecycles.py`."""
    found: dict[str, Lifecycle] = {}
    for module in discover("lifecycles"):
        for lifecycle in getattr(module, "LIFECYCLES", ()):
            if lifecycle.kind in found:
                raise LookupError(f"life-cycle {lifecycle.kind} is declared twice")
            found[lifecycle.kind] = lifecycle
    return found


def needed_policies() -> frozenset[str]:
    """Every policy key that a declared clock can ask for, and those that an app's `lifecycles.py` names as POLICIES.

    The latter are deadlines of what is no case, as of an item of an evaluation round.
    """
    of_clocks = {key for one in lifecycles().values() for clock in one.clocks for key in clock.policies}
    of_apps = {key for module in discover("lifecycles") for key in getattr(module, "POLICIES", ())}
    return frozenset(of_clocks | of_apps)


def lifecycle_of(case: Case) -> Lifecycle:
    """The life-cycle of a case. LookupError when no installed app declares its kind."""
    return lifecycles()[case.kind]


def flaws(lifecycle: Lifecycle, permissions: Iterable[str]) -> list[str]:
    """What is wrong with a declaration, in words; nothing when it holds.

    Checked: names exist and are unique, every state can be reached, every open state can be left,
    permissions are declared, clocks start and end at steps that exist, labels are not empty.
    """
    names = set(lifecycle.by_state)
    found = []
    unknown: Set[str]
    if len(names) != len(lifecycle.states) or len(lifecycle.by_step) != len(lifecycle.steps):
        found.append("a state or step name is used twice")
    if lifecycle.initial not in names:
        found.append(f"initial state {lifecycle.initial} is not declared")
    for step in lifecycle.steps:
        if unknown := frozenset((*step.sources, step.target or lifecycle.initial)) - names:
            found.append(f"step {step.name} names unknown states {sorted(unknown)}")
        if step.by not in (PARTY, SYSTEM) and step.by not in permissions:
            found.append(f"step {step.name} needs the undeclared permission {step.by}")
        if not str(step.label) or not str(step.done):
            found.append(f"step {step.name} has no words")
        if unknown := frozenset(step.roles) - lifecycle.by_role.keys():
            found.append(f"step {step.name} names undeclared parts of the work {sorted(unknown)}")
    for clock in lifecycle.clocks:
        if not clock.policies:
            found.append(f"clock {clock.name} names no policies")
        turning: Set[str] = (
            clock.starts | clock.keeps | clock.voids | clock.lapses | clock.reopens | ({clock.expires} - {""})
        )
        if unknown := turning - lifecycle.by_step.keys() - {"receive"}:
            found.append(f"clock {clock.name} turns at unknown steps {sorted(unknown)}")
        if unknown := frozenset(clock.role.split("+")) - {""} - lifecycle.by_role.keys():
            found.append(f"clock {clock.name} names undeclared parts of the work {sorted(unknown)}")
        if unknown := clock.pauses_in - names:
            found.append(f"clock {clock.name} pauses in unknown states {sorted(unknown)}")
    return found + _unreached(lifecycle)


def _unreached(lifecycle: Lifecycle) -> list[str]:
    reached, frontier = {lifecycle.initial}, [lifecycle.initial]
    while frontier:
        for step in lifecycle.steps_from(frontier.pop()):
            if step.target and step.target not in reached:
                reached.add(step.target)
                frontier.append(step.target)
    found = [f"state {name} is never reached" for name in lifecycle.by_state if name not in reached]
    for state in lifecycle.states:
        leaves = any(step.target not in (None, state.name) for step in lifecycle.steps_from(state.name))
        if not state.is_closed and not leaves:
            found.append(f"state {state.name} is open but cannot be left")
    return found
