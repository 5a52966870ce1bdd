"""All declared desks by kind, and the page of a case whatever its kind."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse

from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.kernel.discover import discover


@lru_cache(maxsize=1)
def desks() -> dict[str, Desk]:
    """The desks that each app's `desks.py` declares as DESKS, by kind. LookupError when one is declared twice."""
    found: dict[str, Desk] = {}
    for module in discover("desks"):
        for desk in getattr(module, "DESKS", ()):
            if desk.kind in found:
                raise LookupError(f"the desk of {desk.kind} is declared twice")
            found[desk.kind] = desk
    return found


def page_of(case: Case) -> str:
    """The address of a case at its own desk."""
    return reverse(lifecycle_of(case).url_name, args=[case.number])


def flaws(desk: Desk) -> list[str]:
    """What is wrong with a declaration, in words: acts and states that the life-cycle does not have."""
    steps, states = desk.lifecycle.by_step, desk.lifecycle.by_state
    found = [f"there is no step {act.step} to act" for act in desk.acts if act.step not in steps]
    if len(desk.by_act) != len(desk.acts):
        found.append("a step has two acts")
    unknown = (desk.at_work | frozenset(desk.states)) - states.keys()
    found += [f"there is no state {name}" for name in sorted(unknown)]
    unknown = frozenset((*desk.roles, *desk.passes_on)) - desk.lifecycle.by_role.keys()
    return found + [f"there is no part of the work {name}" for name in sorted(unknown)]
