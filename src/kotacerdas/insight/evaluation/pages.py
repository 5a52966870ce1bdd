"""What the evaluation's pages share: crumbs, numbers in words, a form that comes again with what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.access import grants_for
from kotacerdas.foundation.ui.shapes import Crumb, Stage, Tag, Tone
from kotacerdas.foundation.ui.tags.words import language, number
from kotacerdas.insight.evaluation.entries import read
from kotacerdas.insight.evaluation.instruments.arithmetic import rounded
from kotacerdas.insight.evaluation.models import Item, Round
from kotacerdas.insight.evaluation.models.rounds import Mark
from kotacerdas.kernel.errors import Conflict, Invalid, Missing

Again = Callable[[dict[str, Any], int], HttpResponse]
MARKS: dict[str, tuple[Tone, str]] = {
    Mark.PROVEN: ("padi", "circle-check"),
    Mark.CLAIMED: ("kunyit", "circle-dashed"),
    Mark.MISSING: ("terasi", "circle-x"),
}
STATES: dict[str, tuple[Tone, str]] = {
    Item.State.INVITED: ("plain", "circle-dashed"),
    Item.State.SUBMITTED: ("laut", "inbox"),
    Item.State.RETURNED: ("kunyit", "undo-2"),
    Item.State.VERIFIED: ("padi", "circle-check"),
}


def mark_tag(mark: str) -> Tag:
    """proven, claimed or missing: word, icon and colour."""
    tone, icon = MARKS[mark]
    return Tag(text=Mark(mark).label, tone=tone, icon=icon)


def state_tag(item: Item) -> Tag:
    """Where an item stands."""
    tone, icon = STATES[item.state]
    return Tag(text=item.get_state_display(), tone=tone, icon=icon)


def round_tag(round: Round) -> Tag:
    """Where a round stands."""
    closed = round.state == Round.State.CLOSED
    return Tag(
        text=round.get_state_display(),
        tone="padi" if closed else "laut",
        icon="lock" if closed else "circle-dot",
    )


def stages(round: Round) -> tuple[Stage, ...]:
    """The way of a round, and where it is."""
    order = list(Round.State)
    here = order.index(Round.State(round.state))
    done = round.state == Round.State.CLOSED
    return tuple(
        Stage(label=one.label, state="done" if n < here or done else "now" if n == here else "next")
        for n, one in enumerate(order)
    )


def crumbs(round: Round | None = None, *more: tuple[str, str]) -> tuple[Crumb, ...]:
    """Rounds › this round › …, or what is given alone; the last of them without an address."""
    found: list[tuple[str, str]] = []
    if round is not None:
        found.append((_("Rounds"), reverse("evaluation:rounds")))
        found.append((round_name(round), reverse("evaluation:round", args=[round.slug])))
    found += more
    return tuple(
        Crumb(text=text, url="" if n == len(found) - 1 else url) for n, (text, url) in enumerate(found)
    )


def round_name(round: Round) -> str:
    """ "Round 2026", with its stage where a year has two."""
    if round.stage == 1:
        return _("Round %(year)s") % {"year": round.year}
    return _("Round %(year)s, stage %(stage)s") % {"year": round.year, "stage": round.stage}


def shown(value: Fraction | Decimal | str | None, places: int = 2) -> str:
    """A score as people read it ("3,25"); "" for none."""
    if value is None or value == "":
        return ""
    return str(number(rounded(Fraction(value), places, "half_up"), places))


def index_shown(round: Round) -> str:
    """A closed round's index as its instrument rounds it; "" while there is none."""
    if not round.index:
        return ""
    tool = round.instrument
    return str(number(rounded(Fraction(round.index), tool.places, tool.rounding), tool.places))


def exact(value: Fraction | None, places: int = 6) -> str:
    """A result in full where its digits end, else with six places and an ellipsis."""
    if value is None:
        return ""
    found = rounded(value, places, "down")
    text = str(
        number(
            found.normalize() if found else Decimal(0), max(2, -int(found.normalize().as_tuple().exponent))
        )
    )
    return text if Fraction(found) == value else f"{text}…"


def step_words(value: Fraction | Decimal) -> str:
    """A value of the scale without needless zeros: "3" or "2,5"."""
    whole = Fraction(value)
    return str(number(int(whole) if whole.denominator == 1 else Decimal(whole.numerator) / whole.denominator))


def typed_number(text: str, name: str, wrong: dict[str, str]) -> Decimal | None:
    """A number as the page's language writes it; None for nothing, with words in `wrong` for what is none."""
    if not text.strip():
        return None
    try:
        return read(text, language())
    except ValueError:
        wrong[name] = _("Write a number, without letters.")
        return None


def chosen(text: str) -> Decimal | None:
    """A value of the scale from a button ("2.5"); None for anything else."""
    try:
        return Decimal(text) if len(text) <= 8 and text.replace(".", "", 1).isdigit() else None
    except ArithmeticError:
        return None


def answered(
    request: HttpRequest, act: Callable[[], object], again: Again, *, to: str, notice: str, name: str = ""
) -> HttpResponse:
    """Do what a form asks; wrong or overtaken, its page comes again with what was typed and why."""
    try:
        act()
    except (Invalid, Conflict) as error:
        fields: Mapping[str, Any] = getattr(error, "fields", {})
        typed = {key: request.POST.get(key, "") for key in request.POST}
        wrong = {"act": name, "words": str(error), "fields": dict(fields), "typed": typed}
        return again(wrong, error.status)
    messages.success(request, notice)
    return HttpResponseRedirect(to)


def only(request: HttpRequest, permission: str) -> None:
    """Raise Missing for whoever may read a page, but not send its form: for them the form is not there."""
    if not grants_for(request).may(permission):
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))


def plain(value: float) -> str:
    """A number as SVG wants it, whatever the language."""
    return f"{value:.1f}"
