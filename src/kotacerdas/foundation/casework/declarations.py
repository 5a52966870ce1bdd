"""What a program declares of its desk: one `Desk` for each kind of case, as DESKS in its `desks.py`.

The slots are fixed. What fits none of them is a page of the program's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from django import forms
from django.db.models import Q
from django.urls import reverse

from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.cases.lifecycle import Lifecycle
from kotacerdas.foundation.cases.models import Case, CaseClock, CaseParty, Note
from kotacerdas.foundation.casework.texts import USUAL, Texts
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import Tag, TimelineEntry

if TYPE_CHECKING:
    from kotacerdas.foundation.casework.forms import StepForm
    from kotacerdas.foundation.casework.history import History
    from kotacerdas.foundation.casework.present import Shown

Audience = Literal["public", "inside"]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What a column shows of a case: a word, a smaller one under it, and an icon before it."""

    text: Any
    small: Any = ""
    icon: str = ""


@dataclass(frozen=True)
class Column:
    """A column of the queue and, unless `in_list` is False, of lists. `name` is its class: `q-<name>`.

    related  what it reads with a case, as for `select_related`; all that the desk names by default
    """

    name: str
    label: Any
    value: Callable[[Case], Cell]
    in_list: bool = True
    related: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Filter:
    """A filter of the queue besides the usual ones: grants → which assignments it holds. `name` is in the address."""

    name: str
    label: Any
    holds: Callable[[Grants], Q]


@dataclass(frozen=True, kw_only=True)
class Box:
    """The box under the timeline for an act: its audience, and the words shown with it."""

    audience: Audience
    reads: Any
    button: Any


@dataclass(frozen=True)
class Act:
    """How a step of the life-cycle is taken at the desk. The order of acts is the order of the bar.

    run        the action, called as run(actor=, case=, **fields of the form); None: the step is taken, and that is all
    form       the form that it needs; without one (and without a box) the step is taken at once
    notice     the message shown after the step
    sees       the action also takes `seen_version`: refused when the case changed meanwhile
    is_likely  may be the one emphasised button, which any act without a form may be
    is_last    case → stands after all others in the bar
    bulk       may be taken on several cases of the queue; bulk_form, bulk_label  what it asks then
    offered_to (case, actor) → has a button; by default for whoever may take the step. Taken without one, the action decides
    link       words of a link to its form beside the assignments; "" for none
    """

    step: str
    _: KW_ONLY
    run: Callable[..., object] | None = None
    notice: Any
    form: type[StepForm] | None = None
    box: Box | None = None
    sees: bool = False
    is_likely: bool = False
    is_last: Callable[[Case], bool] | None = None
    bulk: bool = False
    bulk_form: Callable[..., forms.Form] | None = None
    bulk_label: Any = ""
    offered_to: Callable[[Case, Actor], bool] | None = None
    link: Any = ""

    @property
    def is_immediate(self) -> bool:
        return self.form is None and self.box is None


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A tab of the case page besides timeline, photos and journal. `name` stands in the address."""

    name: str
    label: Any
    template: str
    count: Callable[[Case, Grants], int]
    context: Callable[[Case, Grants, History], Mapping[str, Any]]


class DescribeEntry(Protocol):
    """Gives the timeline's entry for a row: the usual entry, or another one for this kind of case.

    note   the note that came with the row, where the entry is about it
    words  whether the reader reads words, not codes alone
    """

    def __call__(
        self,
        history: History,
        row: Row,
        step: str,
        entry: TimelineEntry,
        *,
        note: Note | None = None,
        words: bool = True,
    ) -> TimelineEntry: ...


def entry_unchanged(
    history: History,
    row: Row,
    step: str,
    entry: TimelineEntry,
    *,
    note: Note | None = None,
    words: bool = True,
) -> TimelineEntry:
    """The usual entry, as it is."""
    return entry


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The desk of one kind of case.

    work      permission to work on the cases of one's agencies: the queue
    lists     permissions to list the cases of one's agencies
    reads     permissions with which words are read; codes  with which codes alone
    opens     (party) → the permission that opens its number; opening  all of those; party  its word in addresses
    caller_permission  permission to tell a caller title, place and state of any case; "" for nobody
    readable  grants → the cases whose words are read; those of the life-cycle's `visible` by default
    related   what is read with a case, as for `select_related`
    at_work   states in which the queue shows a case; those that are not done by default
    roles     parts of the work that stand in the queue; passes_on  parts that give no place in lists
    states    the states offered as filters of the list; by_district  it may be narrowed to a district too
    search    words → the cases that tell of them
    facts, main, side   templates: under the title, above the timeline, in the side column
    pane      template above the timeline beside the queue: what somebody must see before a step is taken there
    context   (case, shown) → what they need besides `case` and `seen`
    place     (case, words) → the place in words; marks  what else must be seen at once
    describe  (history, row, step, entry, …) → the entry of the timeline
    clock_label, clock_note   words of a clock other than the usual ones; "" for those
    """

    lifecycle: Lifecycle
    work: str
    lists: tuple[str, ...]
    reads: tuple[str, ...]
    acts: tuple[Act, ...]
    columns: tuple[Column, ...] = ()
    filters: tuple[Filter, ...] = ()
    search: Callable[[str], Q] | None = None
    facts: str = "casework/facts.html"
    main: str = ""
    side: str = ""
    pane: str = ""
    context: Callable[[Case, Shown], Mapping[str, Any]] | None = None
    tabs: tuple[Tab, ...] = ()
    texts: Texts = USUAL
    codes: tuple[str, ...] = ()
    opens: Callable[[CaseParty], str] | None = None
    opening: tuple[str, ...] = ()
    party: str = "pihak"
    purposes: tuple[tuple[str, Any], ...] = ()
    caller_permission: str = ""
    readable: Callable[[Grants], Q] | None = None
    related: tuple[str, ...] = ()
    at_work: frozenset[str] = frozenset()
    roles: tuple[str, ...] = (LEAD.name,)
    passes_on: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    by_district: bool = False
    place: Callable[[Case, bool], str] | None = None
    marks: Callable[[Case], Iterable[Tag]] | None = None
    describe: DescribeEntry = entry_unchanged
    clock_label: Callable[[Case, CaseClock], Any] | None = None
    clock_note: Callable[[Case, CaseClock, Sequence[CaseClock]], str] | None = None
    by_act: dict[str, Act] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_act", {act.step: act for act in self.acts})
        if not self.at_work:
            object.__setattr__(self, "at_work", self.lifecycle.undone)

    @property
    def kind(self) -> str:
        return self.lifecycle.kind

    @property
    def readers(self) -> tuple[str, ...]:
        """Every permission with which a case is seen, words or codes."""
        return (*self.reads, *self.codes)

    def url(self, name: str, *args: Any) -> str:
        """An address of this desk."""
        return reverse(self.name_of(name), args=args)

    def name_of(self, name: str) -> str:
        """The name of an address of this desk, beside the page of a case that the life-cycle names."""
        return f"{self.lifecycle.url_name.rpartition(':')[0]}:{name}"

    def in_box(self, audience: Audience) -> Act | None:
        """The act whose words go to that audience."""
        return next((act for act in self.acts if act.box and act.box.audience == audience), None)

    @property
    def bulk_acts(self) -> tuple[Act, ...]:
        return tuple(act for act in self.acts if act.bulk)
