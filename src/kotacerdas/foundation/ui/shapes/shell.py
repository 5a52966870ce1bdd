"""Shapes of what stands round a page: brand, navigation, the person, the way out."""

from __future__ import annotations

from dataclasses import dataclass

from kotacerdas.kernel.errors import Words


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A place to go. `primary` items are the (at most four) of the phone's bottom bar.

    on     one is there, at the very address or, if `under`, on a page that lies under it
    """

    label: Words
    icon: str
    url: str
    count: int | None = None
    on: bool = False
    under: bool = False
    primary: bool = False


@dataclass(frozen=True, kw_only=True)
class NavSection:
    """A titled group of the desk's navigation."""

    items: tuple[NavItem, ...]
    title: Words = ""


@dataclass(frozen=True, kw_only=True)
class Crumb:
    """One step of the breadcrumb; the last has no url."""

    text: Words
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """A link that does something: the way out of an empty state, a heading's button."""

    label: Words
    url: str
    icon: str = ""
    key: str = ""
    primary: bool = False


@dataclass(frozen=True, kw_only=True)
class Empty:
    """Nothing to show, and what to do about it."""

    icon: str
    title: Words
    text: Words = ""
    action: Action | None = None


@dataclass(frozen=True, kw_only=True)
class Brand:
    """What the pack calls itself. Context variable `brand` of every page.

    name        of the citizens' service; region under it; government in the footer and on prints
    wall        title of the command center's wall
    home_url    the citizens' front page
    """

    name: Words
    region: Words
    government: Words
    wall: Words = ""
    home_url: str = "/"


@dataclass(frozen=True, kw_only=True)
class EmergencyLine:
    """A number to call: `number` as dialled (only digits and +), `shown` as read. Context `emergency`: a tuple."""

    label: Words
    number: str
    shown: str = ""
    note: Words = ""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who is signed in, in which position. Context `person` of the desks."""

    name: str
    position: Words = ""
    sign_out_url: str = ""
    links: tuple[Action, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Bell:
    """Unread messages. Context `bell` of the desks."""

    url: str
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class Search:
    """Where the header's search goes, by GET with `q`. Context `search` of the desks."""

    url: str
    placeholder: Words = ""
    query: str = ""
