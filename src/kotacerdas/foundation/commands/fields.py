"""The field vocabulary: a form is declared once, for the phone, the JSON body and the Django form of one command.

    FIELDS = (
        Field(name="access", type="choice", label=_("Access"), choices=(Choice("car", _("by car")), …)),
        Field(name="litres", type="integer", label=_("Sludge pumped"), unit="liter", least=100, most=6000, step=100),
        Field(name="reason", type="text", label=_("Why not?"), shown_if=When("litres", "at_most", 0)),
    )
    checked = check(FIELDS, body)

`check` gives the same verdict as `static/commands/fields.js`: the vectors in `tests/vectors.json` run on both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Literal

from django.utils.translation import get_language, override

Type = Literal[
    "text",  # str: NFC, without control and invisible characters, trimmed; lines > 1 keeps line breaks
    "integer",  # int within ±(2^53 - 1); typed texts are read in Indonesian notation ("1.500")
    "decimal",  # canonical text ("12.5"), at most `places` digits after the comma; "1.234,5" is read
    "boolean",  # True or False
    "choice",  # the name of one choice
    "choices",  # a list of names, in the order of the declaration, each once
    "date",  # "2026-11-30"; "30/11/2026" is read
    "time",  # "14:05"; "14.05" is read
    "moment",  # "2026-11-30T14:05:00+07:00": a date and time with its offset
    "phone",  # "+6281234567890", as `kernel.phones.normal` stores it
    "position",  # {"lat": float, "lng": float, "accuracy": metres or None}
    "code",  # a scanned or typed code: letters, figures and dashes, upper case, without spaces
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

    A field that is itself not asked counts as empty. `in` takes a tuple.
    """

    field: str
    op: Op
    value: Any = None


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a form.

    least, most      bounds of a number, of a date ("today" is allowed), of how many choices, photos or rows
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
    too_many, date, time, phone, position, code, number.
    """

    code: str
    _: KW_ONLY
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """The verdict over a form: the clean values of the fields that are asked, and the problems by path.

    A path is a field's name, or `group.2.name` for a field in the third row of a group. Values at which a problem
    stands are not in `clean`; fields without an answer are not in it either.
    """

    clean: dict[str, Any]
    problems: dict[str, Problem]


def check(fields: tuple[Field, ...], given: Mapping[str, Any], *, today: str) -> Checked:
    """Check the answers to a form. `today` is the local day ("2026-11-30") of whoever answers.

    Never raises for what a client sends: every value that is no answer is a Problem.
    """
    raise NotImplementedError


def problem_words(found: Problem, asked: Field) -> str:
    """The words for a problem in the active language, with the way out."""
    raise NotImplementedError


def as_json(fields: tuple[Field, ...], language: str) -> list[dict[str, Any]]:
    """The declaration for the phone in one language: only what differs from the defaults. For `fields.js`."""
    with override(language):
        raise NotImplementedError


def flaws(fields: tuple[Field, ...]) -> Iterator[str]:
    """What is wrong with a declaration, in words, for the start-up checks and the pack's check."""
    raise NotImplementedError
