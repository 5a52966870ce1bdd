"""The table of doors: every address × method × role, and what each answers.

A new address without a line here fails `test_permissions.py`. `TABLE` maps the name of an address to who gets
in; everybody else gets what `others` says: a stranger to a staff page is sent to the sign-in page (302), staff
without the right finds nothing there (404).
"""

from __future__ import annotations

from dataclasses import dataclass

ROLES = (
    "stranger",  # nobody signed in
    "citizen",  # signed in by phone: Asep
    "officer",  # Rudi of the agency that leads the case
    "other_officer",  # an officer of an agency that has no part in it
    "head",
    "liaison",
    "coordinator",  # Sari
    "phone_agent",  # Dewi
    "duty_officer",
    "planner",
    "evaluator",
)
STAFF = frozenset(ROLES) - {"stranger", "citizen"}
WORKERS = frozenset({"officer", "head", "liaison"})  # of the case's own agency
ALL = frozenset(ROLES)


@dataclass(frozen=True, kw_only=True)
class Door:
    """Who may GET and who may POST; None: the method is not there (405 for whoever gets in at all)."""

    get: frozenset[str] | None = None
    post: frozenset[str] | None = None
    public: bool = False


def open_to_all(*, post: bool = False, get: bool = True) -> Door:
    return Door(get=ALL if get else None, post=ALL if post else None, public=True)


def staff(get: frozenset[str] | None = None, post: frozenset[str] | None = None) -> Door:
    return Door(get=get, post=post)
