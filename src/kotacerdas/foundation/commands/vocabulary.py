"""What a form is declared with: `Field` and its parts, and what a check answers. Use it by `fields`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Literal

from django.utils.translation import get_language

Type = Literal[
    "text",  # str: NFC, without control and invisible characters, trimmed; lines > 1 keeps line breaks
    "integer",  # int within ±(2^53 - 1); typed texts are read in Indonesian notation ("1.500")
    "decimal",  # number (12.5), at most `places` digits after the comma, 15 in all; "1.234,5" is read, "1.5" is not
    "boolean",  # True or False
    "choice",  # the name of one choice
    "choices",  # a list of names, in the order of the declaration, each once
    "date",  # "2026-11-30"; "30/11/2026" is read
    "time",  # "14:05"; "14.05" and "9.05" are read; a day ends at 23:59
    "moment",  # "2026-11-30T14:05:00+07:00": a date and time with its offset; parts of a second are dropped
    "phone",  # "+6281234567890", as `kernel.phones.normal` stores it; Indonesian ones of 8 to 13 digits
    "position",  # {"lat": float, "lng": float, "accuracy": metres or None}
    "code",  # a scanned or typed code: letters, figures and dashes, upper case; of an address its last part
    "photos",  # a list of ids of uploads that follow the record
    "signature",  # the id of an upload (PNG)
    "group",  # a list of mappings, each checked by `fields`
]
Op = Literal["is", "is_not", "in", "at_least", "at_most", "filled", "empty"]
Merge = Literal["ask", "last", "add"]
UPLOADS = frozenset({"photos", "signature"})


@dataclass(frozen=True)
class Words:
    """A text in both languages, where it does not come from the catalogs (data of a pack)."""

    id: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "id").startswith("en") else self.id


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from."""

    name: str
    label: Any


@dataclass(frozen=True)
class When:
    """A condition on another field of the same level: a field with it is asked only where it holds.

    A field that is itself not asked, or at which a problem stands, counts as empty; what is empty is `is_not` anything
    and holds no other condition than that and `empty`. `in` takes a tuple. Of a list, `is`, `is_not` and `in` look at
    whether one of its members is meant, `at_least` and `at_most` at how many it has.
    """

    field: str
    op: Op
    value: Any = None


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a form.

    least, most      bounds of a number, of a date ("today" is allowed) or time, of how many choices, photos or rows
    shortest, longest   bounds of a text, in characters
    step             a number is a multiple of it; places  digits after the comma
    unit             written after the number
    quick            numbers offered as buttons
    lines            rows of a text's box; one line by default
    fields           what a row of a group consists of
    shown_if         asked only where this holds; what was typed before it ceased to hold is dropped
    merge            when two people changed it: ask a person, the later one wins, or both changes of a number count
    personal         holds personal data: sealed on the phone and never in a list
    """

    name: str
    type: Type
    label: Any
    hint: Any = ""
    required: bool = True
    unit: Any = ""
    least: int | float | str | None = None
    most: int | float | str | None = None
    shortest: int = 0
    longest: int = 500
    step: int | float | None = None
    places: int = 2
    quick: tuple[int | float, ...] = ()
    lines: int = 1
    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()
    shown_if: When | None = None
    merge: Merge = "ask"
    personal: bool = False


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer: a stable code, and the figures its words need.

    Codes: required, unknown, type, too_short, too_long, too_small, too_big, step, places, choice, too_few,
    too_many, date, time, moment, phone, position, code, number. `unknown` is a question that the form does not have.
    """

    code: str
    _: KW_ONLY
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """The verdict over a form: the clean values of the fields that are asked, and the problems by path.

    A path is a field's name, or `group.2.name` for a field in the third row of a group. What belongs to no
    field stands at the row's path, of the form itself at "". Values at which a problem stands are not in `clean`;
    fields without an answer are not in it either. `clean` checked again is the same.
    """

    clean: dict[str, Any]
    problems: dict[str, Problem]
