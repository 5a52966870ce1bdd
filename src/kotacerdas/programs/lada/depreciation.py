"""Depreciation, pure: straight line by semester from rules of the pack, each figure with the lines that explain it.

The semester of acquisition counts whole. In every semester the book value is divided by the semesters that are left,
whole rupiah, and the last one takes the rest. What changes on the way (an overhaul, a correction, another code or a new
version of the rules) is spread over what is left; nothing that was locked is reckoned again. An opening continues from
its audited figure. Sources of rules: the pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from kotacerdas.programs.lada import events

MONTHS = 6  # of a semester
WHOLE = 10_000  # hundredths of a percent


@dataclass(frozen=True, order=True)
class Semester:
    """Half a year of the books."""

    year: int
    half: int

    @property
    def first(self) -> date:
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self) -> date:
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def place(self) -> int:
        """Its place in a row of semesters; two of them are subtracted by it."""
        return self.year * 2 + self.half - 1

    @property
    def next(self) -> Semester:
        return at(self.place + 1)

    def __str__(self) -> str:
        return f"{self.year}/{self.half}"


def semester(day: date) -> Semester:
    """The semester of a day."""
    return Semester(day.year, 1 if day.month <= 6 else 2)


def at(place: int) -> Semester:
    """The semester at a place."""
    return Semester(place // 2, place % 2 + 1)


@dataclass(frozen=True, kw_only=True)
class Life:
    """How long goods of a code last; 0 months: never depreciated."""

    valid_from: date
    code: str
    months: int
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Band:
    """What an overhaul adds, by its cost in hundredths of a percent of the acquisition value."""

    valid_from: date
    code: str
    from_bp: int
    to_bp: int
    add_months: int
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Least:
    """From how many rupiah on goods of a code are capitalised."""

    valid_from: date
    code: str
    least: int
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All rules of the pack. Of the versions that hold on a day, the longest matching code counts, then the newest."""

    lives: Sequence[Life] = ()
    bands: Sequence[Band] = ()
    thresholds: Sequence[Least] = ()
    _found: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def life(self, code: str, day: date) -> Life | None:
        """The life of goods of a code by the rules of a day; None where no rule says it."""
        found: Life | None = self._chosen("life", self.lives, code, day)
        return found

    def threshold(self, code: str, day: date) -> Least | None:
        """From when on goods of a code are capitalised."""
        found: Least | None = self._chosen("least", self.thresholds, code, day)
        return found

    def is_intra(self, code: str, value: int, day: date) -> bool:
        """Whether a good of that value is capitalised; where no threshold is set it is."""
        rule = self.threshold(code, day)
        return rule is None or value >= rule.least

    def band(self, code: str, share_bp: int, day: date) -> Band | None:
        """The band of an overhaul; a share beyond the last band is in the last one. None where no table says it."""
        rule: Band | None = self._chosen("band", self.bands, code, day)
        if rule is None:
            return None
        table = self._tables[(rule.valid_from, rule.code)]
        return next((one for one in table if one.from_bp <= share_bp < one.to_bp), table[-1])

    @cached_property
    def _tables(self) -> dict[tuple[date, str], list[Band]]:
        found: dict[tuple[date, str], list[Band]] = {}
        for one in sorted(self.bands, key=lambda one: one.from_bp):
            found.setdefault((one.valid_from, one.code), []).append(one)
        return found

    def _chosen(self, what: str, rules: Sequence[Any], code: str, day: date) -> Any:
        key = (what, code, day)
        if key not in self._found:
            fit = (one for one in rules if one.valid_from <= day and _is_within(code, one.code))
            self._found[key] = max(fit, key=lambda one: (len(one.code), one.valid_from), default=None)
        return self._found[key]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The depreciation of one good in one semester.

    amount       in this semester; accumulated  with it; book  value less accumulated
    lines        what explains it: `{"what": code, …figures}`; words are made by `depreciation_words`
    is_ruled     False where no rule of the pack says how long the good lasts
    """

    amount: int
    accumulated: int
    book: int
    value: int
    lines: tuple[dict[str, Any], ...] = ()
    is_ruled: bool = True


@dataclass(frozen=True)
class Brought:
    """Accumulated depreciation up to a semester that is locked: where the next one goes on."""

    semester: Semester
    accumulated: int


def counting(ledger: Iterable[events.Event], until: date) -> tuple[list[events.Event], events.State | None]:
    """The events of a good that count on a day, and its state then: what was taken back by then is not among them."""
    stack: list[tuple[events.Event, events.State | None]] = []
    state: events.State | None = None
    for one in ledger:
        if one.on > until:
            break
        state = events.step(stack, state, one)
    return [one for one, _before in stack], state


def begins(first: events.Event) -> Semester:
    """The first semester that is reckoned here: of an opening the one after its audited day, else the one of its day.

    What was split off goes on where its whole was at the beginning of the semester.
    """
    found, is_audited = semester(first.on), first.kind == "opening" and first.data.get("origin") != "split"
    return found.next if is_audited and first.on == found.last else found


def history(
    ledger: Sequence[events.Event], rules: Rules, until: Semester, brought: Brought | None = None
) -> dict[Semester, Figure]:
    """The figures of a good from its beginning, or from after a locked semester, up to a semester.

    A semester at whose end the good is not in the books has no figure.
    """
    if not ledger:
        return {}
    start = begins(ledger[0])
    here = max(start, brought.semester.next) if brought is not None else start
    before = brought.accumulated - _carried(ledger, brought.semester.last) if brought is not None else 0
    found: dict[Semester, Figure] = {}
    for place in range(here.place, until.place + 1):
        one = at(place)
        counted, state = counting(ledger, one.last)
        if state is None or not state.is_active:
            continue
        found[one] = reckoned(one, counted, state, rules, before + state.accumulated)
        before += found[one].amount
    return found


def figure(
    ledger: Sequence[events.Event], rules: Rules, one: Semester, brought: Brought | None = None
) -> tuple[events.State | None, Figure | None]:
    """The state of a good at the end of a semester and its figure; no figure where it is not in the books then."""
    counted, state = counting(ledger, one.last)
    if state is None or not state.is_active:
        return state, None
    if one < begins(ledger[0]):  # an opening of its last day: what was audited, and nothing more
        lines = _head(counted, state.value, state.accumulated)
        book = state.value - state.accumulated
        return state, Figure(
            amount=0, accumulated=state.accumulated, book=book, value=state.value, lines=lines
        )
    return state, history(ledger, rules, one, brought)[one]


def reckoned(
    one: Semester, counted: Sequence[events.Event], state: events.State, rules: Rules, so_far: int
) -> Figure:
    """The figure of one semester.

    counted  events that count at its end; state  the good then; so_far  accumulated before this semester
    """
    value, book = state.value, state.value - so_far
    head = _head(counted, value, so_far)
    life = rules.life(state.goods_code, one.last)
    if life is None or life.months == 0 or not state.is_intra:
        why = "extra" if not state.is_intra else "no_rule" if life is None else "never"
        lines = (*head, {"what": why, "code": state.goods_code, "source": life.source if life else ""})
        ruled = life is not None or not state.is_intra
        return Figure(amount=0, accumulated=so_far, book=book, value=value, lines=lines, is_ruled=ruled)
    assert state.acquired_on is not None
    whole = _semesters(life.months)
    used = max(0, one.place - semester(state.acquired_on).place)
    end, added = _end(counted, rules, whole, semester(state.acquired_on))
    left = end - one.place
    amount = book if left <= 1 or book <= 0 else book // left
    lines = (
        *head,
        {"what": "life", "code": life.code, "months": life.months, "n": whole, "source": life.source},
        *added,
        {"what": "used", "n": used},
        {"what": "left", "n": max(left, 0)},
        {
            "what": "amount" if left > 1 and book > 0 else "rest",
            "n": amount,
            "book": book,
            "left": max(left, 1),
        },
        {"what": "book", "n": book - amount},
    )
    return Figure(amount=amount, accumulated=so_far + amount, book=book - amount, value=value, lines=lines)


def _head(counted: Sequence[events.Event], value: int, so_far: int) -> tuple[dict[str, Any], ...]:
    """Price, what was added to it, and what was depreciated before."""
    first, *later = counted
    found: list[dict[str, Any]] = [{"what": "price", "n": first.amount, "day": first.on.isoformat()}]
    if first.kind == "opening":
        found.append({"what": "audited", "n": first.accumulated, "day": first.on.isoformat()})
    found += [{"what": one.kind, "n": one.amount, "day": one.on.isoformat()} for one in later if one.amount]
    if len(found) > 1 and value != first.amount:
        found.append({"what": "value", "n": value})
    return (*found, {"what": "so_far", "n": so_far}, {"what": "book_before", "n": value - so_far})


def _end(
    counted: Sequence[events.Event], rules: Rules, whole: int, acquired: Semester
) -> tuple[int, list[dict[str, Any]]]:
    """The place after the last semester of a life, with what overhauls added (never beyond the whole life), and the lines that say so."""
    end, lines, code, base = acquired.place + whole, [], "", 0
    months = counted[0].data.get("months_left") if counted[0].kind == "opening" else None
    if months is not None and not any(one.kind == "reclassify" for one in counted):
        end = begins(counted[0]).place + _semesters(int(months))
        lines.append({"what": "audited_left", "n": _semesters(int(months)), "months": int(months)})
    for one in counted:
        code = one.data.get("goods_code") or code
        if one.kind != "capitalise":
            base += one.amount
            continue
        share = one.amount * WHOLE // base if base > 0 else WHOLE
        band = rules.band(code, share, one.on)
        add = band.add_months if band is not None else 0
        here = semester(one.on).place
        left = max(0, end - here)
        after = max(left, min(whole, left + _semesters(add)))
        end = here + after
        line = {"what": "overhaul", "n": one.amount, "base": base, "share": share, "months": add}
        bounds = {"from": band.from_bp, "to": band.to_bp, "code": band.code} if band is not None else {}
        lines.append({**line, **bounds, "left": left, "after": after, "day": one.on.isoformat()})
    return end, lines


def _semesters(months: int) -> int:
    """Whole semesters of a number of months, one that has begun counts."""
    return -(-months // MONTHS)


def _carried(ledger: Sequence[events.Event], day: date) -> int:
    """What events brought in or took out of the accumulated depreciation by a day."""
    _counted, state = counting(ledger, day)
    return state.accumulated if state is not None else 0


def _is_within(code: str, rule: str) -> bool:
    """Whether a goods code is of the level that a rule names."""
    return code == rule or code.startswith(f"{rule}.")
