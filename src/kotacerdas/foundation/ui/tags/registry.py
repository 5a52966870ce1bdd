"""The one library all tags register with."""

from __future__ import annotations

from django import template

register = template.Library()
TEMPLATES = "kotacerdas/ui/"
