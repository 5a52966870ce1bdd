"""`{% load ui %}`: the shared look. Each tag takes a shape of `ui.shapes`; words are escaped here."""

from __future__ import annotations

from kotacerdas.foundation.ui.tags import register

__all__ = ["register"]
