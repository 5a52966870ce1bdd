"""What a program declares of its field work: `RECORDS`, `FORMS` and `SURVEYS` in its `field.py`.

A record is something that a phone keeps and shows without network; a form is a command that is filled in on the phone
and waits there until it is sent. Neither needs JavaScript of the program's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.fields import Field
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel.discover import discover

MOST_RECORDS = 500  # of one kind on one phone


@dataclass(frozen=True, kw_only=True)
class Item:
    """One record as a phone shows it, in the active language. Values are JSON: texts, numbers, lists, mappings.

    title, small   its first two lines; state  a word with its tone and icon
    due            when it must be done (ISO 8601), by which today's work is ordered; order  where a route says so
    phone          the number to call; lat, lng  where it is
    facts          label and text of what else is shown; words  a longer text
    qr             a text that is shown as a code, for somebody to scan from this phone
    codes          what a scanned or typed code names it by, as a `code` field has it: the form then shows the record
    inside         id and title of the record that it belongs in: a form for another one says so
    forms          names of the forms that may be filled in for it now
    values         the stored answers of a form that changes the record: name of the field to value
    """

    id: UUID
    title: str
    small: str = ""
    state: tuple[str, str, str] = ("", "", "")
    due: str = ""
    order: int = 0
    phone: str = ""
    lat: float | None = None
    lng: float | None = None
    facts: tuple[tuple[str, str], ...] = ()
    words: str = ""
    qr: str = ""
    codes: tuple[str, ...] = ()
    inside: tuple[str, str] = ("", "")
    forms: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def as_fields(self) -> dict[str, Any]:
        """What differs from an empty item, by name; a stored answer as `=<name>`."""
        plain = {
            "title": self.title,
            "small": self.small,
            "state": list(self.state) if self.state[0] else None,
            "due": self.due,
            "order": self.order,
            "phone": self.phone,
            "at": [round(self.lat, 6), round(self.lng, 6)]
            if self.lat is not None and self.lng is not None
            else None,
            "facts": [list(one) for one in self.facts],
            "words": self.words,
            "qr": _drawn(self.qr) if self.qr else None,
            "codes": list(self.codes),
            "inside": list(self.inside) if self.inside[0] else None,
            "forms": list(self.forms),
        }
        found = {name: value for name, value in plain.items() if value}
        return found | {f"={name}": value for name, value in self.values.items()}


def _drawn(text: str) -> list[Any]:
    """A text as a QR code: modules on a side with the margin, and the lines of an SVG path."""
    import segno  # by the few kinds of records that have one

    code = segno.make(text, error="m", micro=False)
    lines = re.search(r' d="([^"]*)"', code.svg_inline(border=2))
    return [code.symbol_size(border=2)[0], lines.group(1) if lines else ""]


@dataclass(frozen=True)
class Found:
    """A record on its way to a phone: its id, and what makes its item. An error in `make` stops this record alone."""

    id: UUID
    make: Callable[[], Item]


@dataclass(frozen=True, kw_only=True)
class Records:
    """One kind of record that phones keep.

    name        `<app>.<noun>`
    permission  who keeps them on a phone
    rows        actor → their records; the first 500 are kept
    is_today    they are today's work, not a list to look things up in
    personal    words or names of citizens stand in them: a phone that keeps them needs a PIN
    """

    name: str
    label: Any
    icon: str
    permission: str
    rows: Callable[[Actor], Iterable[Found]]
    is_today: bool = True
    personal: bool = False


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A form as it was filled in: the record it is for, and the clean answers.

    base  what the phone had of the stored answers when they were changed; empty for what is no change
    """

    item: UUID | None
    values: Mapping[str, Any]
    base: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FieldForm:
    """A form of the field: a command with its fields. Its name is the command's.

    fields   a function where the choices are data of the pack
    command  its input is `Filled`; it is called as run(actor=, given=Filled)
    on       the kind of record that it is for; "" for one that begins something new
    attach   called with actor, refs of the command, the field's name and the stored file, for each photo that
             arrives after the record; needed where the form has photos or a signature
    button   the word on the button that sends it
    at_once  what the phone shows on the record until the answer is there: `state`, as in `Item`
    goes_on  more is to be done on the record after it: it keeps its place among today's work
    again    when it is saved it opens anew, for the next one
    danger   ends or endangers something: its button is quiet and asks once more
    """

    command: Command[Filled]
    label: Any
    icon: str
    fields: tuple[Field, ...] | Callable[[], tuple[Field, ...]]
    button: Any
    on: str = ""
    attach: Callable[..., None] | None = None
    at_once: tuple[Any, str, str] | None = None
    goes_on: bool = False
    again: bool = False
    danger: bool = False

    @property
    def name(self) -> str:
        return self.command.name

    @property
    def asked(self) -> tuple[Field, ...]:
        """The questions as they are today."""
        return self.fields() if callable(self.fields) else self.fields


Attach = Callable[[Actor, Refs, str, StoredFile, datetime], None]


@lru_cache(maxsize=1)
def records() -> dict[str, Records]:
    """All declared kinds of records by name. LookupError when two share one."""
    return _by_name("RECORDS")


@lru_cache(maxsize=1)
def forms() -> dict[str, FieldForm]:
    """All declared forms by name. LookupError when two share one."""
    return _by_name("FORMS")


@lru_cache(maxsize=1)
def surveys() -> dict[str, Any]:
    """All declared surveys by name. LookupError when two share one."""
    return _by_name("SURVEYS")


def _by_name(what: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in discover("field"):
        for one in _declared(module, what):
            if one.name in found:
                raise LookupError(f"{one.name} is declared twice for the field")
            found[one.name] = one
    return found


def _declared(module: Any, what: str) -> Iterator[Any]:
    """What a module declares, with the records and forms that its surveys bring."""
    declared = getattr(module, what, ())
    yield from declared() if callable(declared) else declared
    for survey in getattr(module, "SURVEYS", ()):
        if what == "RECORDS":
            yield survey.records()
        if what == "FORMS":
            yield from survey.forms()
