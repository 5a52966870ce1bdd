"""Small pieces, drawn without a template: a queue shows hundreds of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kotacerdas.foundation.ui import formats
from kotacerdas.foundation.ui.icons import icon as draw_icon
from kotacerdas.foundation.ui.icons import mark as draw_mark
from kotacerdas.foundation.ui.shapes import Badge, Chip, Tag
from kotacerdas.kernel import clock

from .registry import register
from .words import ago, daytime, hundredths, language, number

_STYLESHEET = "kotacerdas/css/kotacerdas.css"
_CLOCK_ICON = {"overdue": "triangle-alert", "paused": "pause", "kept": "check", "broken": "x"}


@register.simple_tag(name="icon")
def icon_tag(name: str, size: int = 24, label: str = "") -> SafeString:
    """A lucide icon; a word stands beside it, else give a label."""
    return draw_icon(name, size=size, label=label)


@register.simple_tag(name="mark")
def mark_tag(kind: str = "waves") -> SafeString:
    """The house's mark."""
    return draw_mark(kind)


@register.simple_tag
def asset(path: str) -> str:
    """Address of a static file; also where the manifest is broken, since the page of error 500 asks for it."""
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


@register.simple_tag
def stylesheet_url() -> str:
    """Address of the one stylesheet."""
    return asset(_STYLESHEET)


@register.simple_tag
def clock_badge(badge: Badge) -> SafeString:
    """A clock in one of six states; each has its own shape, not only its colour."""
    shape = _CLOCK_ICON.get(badge.state)
    drawn = draw_icon(shape, size=16) if shape else _ring(badge.share)
    due = format_html(' title="{}"', _("Due %(at)s") % {"at": daytime(badge.due)}) if badge.due else ""
    detail = format_html(" <i>{}</i>", badge.detail) if badge.detail else ""
    return format_html(
        '<span class="clock {}"{}>{}<b>{}</b>{}</span>', badge.state, due, drawn, badge.text, detail
    )


@register.simple_tag
def state_tag(tag: Tag) -> SafeString:
    """A state: word and icon in a rectangle."""
    drawn = draw_icon(tag.icon, size=14) if tag.icon else ""
    return format_html('<span class="tag {}">{}{}</span>', tag.tone, drawn, tag.text)


@register.simple_tag
def chip(shape: Chip) -> SafeString:
    """A filter: a link that knows whether it is on."""
    count = (
        format_html(' <span class="num">{}</span>', number(shape.count)) if shape.count is not None else ""
    )
    cross = draw_icon("x", size=14, label=_("remove")) if shape.removable else ""
    current = mark_safe(' aria-current="true"') if shape.on else ""
    return format_html(
        '<a class="chip{}" href="{}"{}>{}{}{}</a>',
        " on" if shape.on else "",
        shape.url,
        current,
        shape.text,
        count,
        cross,
    )


@register.simple_tag
def avatar(name: str) -> SafeString:
    """The first letter in a disc; one of four quiet colours that stays with the name."""
    return format_html(
        '<span class="avatar a{}" aria-hidden="true">{}</span>', sum(map(ord, name)) % 4, name[:1].upper()
    )


@register.simple_tag
def holder(name: str) -> SafeString:
    """Who holds a part of the work, else that nobody does."""
    if not name:
        return format_html(
            '<span><span class="nobody"></span><span class="cut" title="{0}">{0}</span></span>',
            pgettext("column", "Nobody"),
        )
    return format_html(
        '<span>{}<span class="cut" title="{}" dir="auto">{}</span></span>', avatar(name), name, name
    )


@register.simple_tag
def cell(shape: Any) -> SafeString:
    """What a column shows: a word, perhaps with an icon before it and a smaller word under it."""
    small = format_html("<small>{}</small>", shape.small) if shape.small else ""
    if not shape.icon:
        return format_html("{}{}", shape.text, small)
    return format_html(
        '<span class="channel">{}{}</span>{}', draw_icon(shape.icon, size=16), shape.text, small
    )


@register.simple_tag
def now_line() -> SafeString:
    """The present day and time, long."""
    at = clock.now()
    words = formats.long_daytime(at, language(), clock.local_zone())
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), words)


@register.simple_tag
def now_ms() -> str:
    """The present instant in milliseconds since 1970: the anchor of the page's ticking ages."""
    return str(int(clock.now().timestamp() * 1000))


@register.simple_tag
def age(at: datetime | None) -> SafeString | str:
    """Relative time that goes on ticking where there is script."""
    if at is None:
        return ""
    return format_html(
        '<time datetime="{}" data-age title="{}">{}</time>', at.isoformat(), daytime(at), ago(at)
    )


@register.simple_tag
def keycap(letter: str) -> SafeString:
    """The key inside the button it presses; screen readers get it from `aria-keyshortcuts`."""
    return format_html('<kbd aria-hidden="true">{}</kbd>', letter.upper()) if letter else SafeString("")


def _ring(share: float) -> SafeString:
    used = hundredths(share)
    return format_html(
        '<svg class="ring" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">'
        '<circle cx="8" cy="8" r="6"/><circle cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="{} 100"/></svg>',
        used,
    )
