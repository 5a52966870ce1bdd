"""`{% load pieces %}`: the shared look. Each tag takes a shape of `pieces.shapes`; words are escaped here."""

from __future__ import annotations

from kotacerdas.foundation.pieces.tags import register

__all__ = ["register"]
