"""The tags and filters, by kind; `templatetags/ui.py` gathers them into one library."""

from __future__ import annotations

from . import figures, large, small, words
from .registry import register

__all__ = ["figures", "large", "register", "small", "words"]
