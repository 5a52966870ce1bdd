"""The words that decided, marked in the story."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kotacerdas.kernel.stems import stems

_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


def marked(text: str, phrases: Iterable[str]) -> SafeString:
    """The text, escaped, with every phrase in <mark>; matched as the suggestion matches, on stems."""
    words = [(found.start(), found.end(), stems(found.group())) for found in _WORD.finditer(text)]
    with_stem = [(start, end, stem[0]) for start, end, stem in words if stem]
    wanted = [parts for phrase in phrases if (parts := stems(phrase))]
    spans = sorted(
        {
            (with_stem[at][0], with_stem[at + len(parts) - 1][1])
            for parts in wanted
            for at in range(len(with_stem) - len(parts) + 1)
            if tuple(stem for _start, _end, stem in with_stem[at : at + len(parts)]) == parts
        }
    )
    return _wrap(text, spans)


def _wrap(text: str, spans: list[tuple[int, int]]) -> SafeString:
    parts, done = [], 0
    for start, end in spans:
        if start < done:
            continue
        parts += [escape(text[done:start]), format_html("<mark>{}</mark>", text[start:end])]
        done = end
    return mark_safe("".join([*parts, escape(text[done:])]))
