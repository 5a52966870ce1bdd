"""The desk's navigation, declared by each app: `NAV = (NavEntry(...), ...)` in its `nav.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kotacerdas.foundation.parties.access import grants_for
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import NavItem, NavSection
from kotacerdas.kernel.discover import discover


@dataclass(frozen=True, kw_only=True)
class NavEntry:
    """One place of the desk. Shown to whoever holds one of the permissions; none named: to all staff.

    section   title of the group ("" is the first, untitled one); order sorts within the whole
    count     grants → the figure beside it, or None
    demo_only for accounts of the demo alone
    """

    label: Any
    icon: str
    url_name: str
    section: Any = ""
    order: int = 100
    permissions: tuple[str, ...] = ()
    count: Callable[[Grants], int | None] | None = None
    primary: bool = False
    demo_only: bool = False


@lru_cache(maxsize=1)
def entries() -> tuple[NavEntry, ...]:
    """All declared entries, in order."""
    found = [entry for module in discover("nav") for entry in getattr(module, "NAV", ())]
    return tuple(sorted(found, key=lambda entry: entry.order))


def nav_for(request: HttpRequest) -> tuple[NavSection, ...]:
    """The navigation of a user: only what they may open, with their own counts."""
    grants, is_demo = grants_for(request), getattr(request.user, "is_demo", False)
    groups: dict[str, list[NavItem]] = {}
    shown = [
        (entry, reverse(entry.url_name))
        for entry in entries()
        if (not entry.permissions or any(grants.may(name) for name in entry.permissions))
        and (is_demo or not entry.demo_only)
    ]
    here = _place_of(request.path, [url for _, url in shown])
    for entry, url in shown:
        groups.setdefault(str(entry.section), []).append(
            NavItem(
                label=entry.label,
                icon=entry.icon,
                url=url,
                count=entry.count(grants) if entry.count else None,
                on=url == here,
                under=request.path != url,
                primary=entry.primary,
            )
        )
    return tuple(NavSection(title=title, items=tuple(items)) for title, items in groups.items())


def _place_of(path: str, urls: list[str]) -> str:
    """The navigation entry of a page: the one with the longest matching address."""
    return max((url for url in urls if path.startswith(url)), key=len, default="")


def home_of(grants: Grants) -> str:
    """The first page after signing in: for staff the first entry they may open, for others the front page."""
    for entry in entries():
        if entry.permissions and any(grants.may(name) for name in entry.permissions):
            return reverse(entry.url_name)
    return "/"
