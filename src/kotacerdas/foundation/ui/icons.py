"""Inline SVG of the installed `lucide` icons, and the house's own two marks."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_BETWEEN_TAGS = re.compile(r">\s+<")
_SVG = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class UnknownIcon(LookupError):
    """The installed icon set has no icon of that name."""


def icon(name: str, *, size: int = 24, label: str = "") -> SafeString:
    """The icon drawn at `size` px. Without a label it is hidden from screen readers: a word stands beside it.

    Raises UnknownIcon, so that a misspelt name fails in the first test that renders it.
    """
    return (
        _unsaid(name, size)
        if not label
        else _drawn(name, size, format_html('role="img" aria-label="{}"', label))
    )


@lru_cache(maxsize=512)
def _unsaid(name: str, size: int) -> SafeString:
    return _drawn(name, size, mark_safe('aria-hidden="true"'))


def _drawn(name: str, size: int, label: str) -> SafeString:
    return format_html(
        '<svg class="icon" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" {}>{}</svg>',
        size,
        size,
        label,
        mark_safe(inner(name)),
    )


@cache
def _archive() -> ZipFile:
    """In memory, some 2 MB: reading the list of its files anew for each icon takes ten times as long as the icon."""
    return ZipFile(BytesIO((files("lucide") / "lucide.zip").read_bytes()))


@lru_cache(maxsize=512)
def inner(name: str) -> str:
    """What stands inside the icon's svg element. Raises UnknownIcon."""
    try:
        source = _archive().read(f"{name}.svg").decode()
    except KeyError as error:
        raise UnknownIcon(f"lucide has no icon {name!r}") from error
    found = _SVG.search(source)
    if found is None:
        raise UnknownIcon(f"{name!r} is not the SVG it was taken for")
    return _BETWEEN_TAGS.sub("><", found.group(1).strip()).replace(" />", "/>")


# A mango over two waves (citizens) and the mango alone (desks, wall). Drawn on a grid of 32.
_LEAF = '<path class="mark-leaf" d="M16.4 8.2c.3-3.4 2.9-5.6 6.4-5.8-.2 3.5-2.8 5.9-6.4 5.8z"/>'
_OVER_WAVES = (
    _LEAF
    + '<path class="mark-mango" d="M4 18.6C4 12.6 9 8.8 16 8.8s12 3.8 12 9.8c-2 1.3-4 1.3-6 0s-4-1.3-6 0-4 1.3-6 0-4-1.3-6 0z"/>'
    '<path class="mark-wave" d="M5 23.2c1.7-1.2 3.6-1.1 5.4 0s3.8 1.2 5.6 0 3.8-1.1 5.6 0 3.7 1.1 5.4 0"/>'
    '<path class="mark-wave" d="M9.4 27.8c1.1-.6 2.2-.5 3.3.1s2.2.6 3.3 0 2.2-.6 3.3 0 2.2.5 3.3-.1"/>'
)
_ALONE = (
    _LEAF
    + '<path class="mark-mango" d="M15.6 8.4c6.6-1.6 12 2.4 12 9.4 0 7.4-6 12.4-13 12-6-.4-10.2-4.4-10.2-10 0-6.2 5-9.9 11.2-11.4z"/>'
    '<path class="mark-shine" d="M9.4 20.4c0-3.6 2-6 5-7.2"/>'
)


def mark(kind: str = "waves") -> SafeString:
    """The house's mark, `waves` or `mango`; the name always stands beside it."""
    drawn = _ALONE if kind == "mango" else _OVER_WAVES
    return format_html('<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">{}</svg>', mark_safe(drawn))
