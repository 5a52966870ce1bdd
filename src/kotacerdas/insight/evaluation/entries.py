"""A target as it is typed and written: numbers in the language of the page, every wrong field told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol
from django.utils.translation import gettext as _

from kotacerdas.foundation.ui.tags.words import language
from kotacerdas.insight.evaluation.actions import faults
from kotacerdas.insight.evaluation.models import IndicatorSheet
from kotacerdas.kernel.errors import Invalid

EXAMPLES = {  # of a target, by the kind of its indicator: what is allowed there
    "ratio": (Decimal("95"), Decimal("94.5")),
    "duration": (Decimal("8"), Decimal("7.5")),
}
COUNTS = (Decimal("95"), Decimal("1500"))
WEIGHTS = (Decimal("2"), Decimal("1.5"))


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a form of a target says. `value` None: nothing was typed."""

    value: Decimal | None
    weight: Decimal | None
    basis: str


def entry_of(sheet: IndicatorSheet, typed: Mapping[str, str]) -> Entry:
    """Read a form. Raises Invalid with all fields that are wrong."""
    wrong: dict[str, str] = {}
    value = _number(typed.get("value", ""), wrong, "value", EXAMPLES.get(sheet.kind, COUNTS))
    weight = _number(typed.get("weight", ""), wrong, "weight", WEIGHTS)
    basis = typed.get("basis", "").strip()
    wrong = {**faults(sheet, value, weight, basis), **wrong}
    if wrong:
        raise Invalid(_("The target was not stored."), fields=wrong)
    return Entry(value=value, weight=weight, basis=basis)


def read(text: str, spoken: str) -> Decimal:
    """A number as that language writes it: `1.234,5` in Indonesian, `1,234.5` in English; a share may have its %.

    Raises ValueError for all else: what another language would read otherwise is not guessed.
    """
    group, point = re.escape(get_group_symbol(spoken)), re.escape(get_decimal_symbol(spoken))
    form = rf"[-−]?(?:[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+|[0-9]+)(?:{point}[0-9]+)?"
    bare = text.strip().removesuffix("%").rstrip()
    if not re.fullmatch(form, bare):
        raise ValueError(f"no number in {spoken}: {text}")
    plain = bare.replace("−", "-").replace(get_group_symbol(spoken), "")
    return Decimal(plain.replace(get_decimal_symbol(spoken), "."))


def written(value: Decimal | None, spoken: str = "") -> str:
    """A stored number as its input shows it, in full; "" for none. `read` understands it."""
    if value is None:
        return ""
    return str(format_decimal(value, "#,##0.####", locale=spoken or language()))


def hint(examples: tuple[Decimal, Decimal]) -> str:
    """How to write a number in the language of the page."""
    one, other = (written(example) for example in examples)
    return _("Write a number, for example %(one)s or %(other)s.") % {"one": one, "other": other}


def _number(text: str, wrong: dict[str, str], name: str, examples: tuple[Decimal, Decimal]) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return read(text, language())
    except ValueError:
        wrong[name] = hint(examples)
        return None
