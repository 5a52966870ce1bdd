"""What a program says a call may become: `BECOMES = (Becomes(...),)` in its `becomes.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from kotacerdas.foundation.cases.models import Case
from kotacerdas.kernel.discover import discover
from kotacerdas.kernel.errors import Words

if TYPE_CHECKING:
    from kotacerdas.foundation.calls.forms import CallForm


def _no_context(_request: HttpRequest, _value: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _no_frame(_topics: Iterable[str]) -> dict[str, Any]:
    return {}


def _lead(case: Case) -> str:
    return case.lead_agency.short_name if case.lead_agency is not None else ""


@dataclass(frozen=True, kw_only=True)
class Becomes:
    """One kind of case that a call may become.

    words      what the desk calls it; open_words  leads to the stored one
    form       its questions: those of every call and its own
    template   extends `calls/desk.html`; context  what it needs besides, from what is typed so far
    run        (actor, desk, form, language) → the case: the action, which asks for the right to take calls
    place      where it is, in words, for the page that says its number; by default at the agency that leads
    at_work    states in which an emergency counts as open
    frame      the header of the desk's pages, with the live stream of these topics
    """

    kind: str
    words: Words
    open_words: Words
    form: type[CallForm]
    template: str
    run: Callable[..., Case]
    place: Callable[[Case], str] = _lead
    at_work: frozenset[str] = frozenset()
    context: Callable[[HttpRequest, Mapping[str, Any]], dict[str, Any]] = _no_context
    frame: Callable[[Iterable[str]], dict[str, Any]] = _no_frame


@lru_cache(maxsize=1)
def becomes() -> dict[str, Becomes]:
    """All that a call may become, by kind of case, from each app's `becomes.py`."""
    found: dict[str, Becomes] = {}
    for module in discover("becomes"):
        for one in getattr(module, "BECOMES", ()):
            if one.kind in found:
                raise LookupError(f"a call becomes {one.kind} twice")
            found[one.kind] = one
    return found
