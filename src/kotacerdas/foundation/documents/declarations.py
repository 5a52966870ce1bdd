"""What an app declares of its papers: `KINDS = (DocumentKind(...), ...)` in its `document_kinds.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kotacerdas.kernel.discover import discover


@dataclass(frozen=True, kw_only=True)
class DocumentKind:
    """One kind of paper.

    code        `<app>.<kind>`; the pack may lay its own template at `documents/<code>.typ`
    template    the default template, a file beside the declaration
    prefix      between number and year: `000123/KWT/BKD/2026`
    proves      what the check page says is proven by a genuine paper; unproven what is not
    sample      data for the preview of a template, invented and marked
    """

    code: str
    label: Any
    template: Path
    prefix: str
    proves: Any
    unproven: Any
    sample: Callable[[], Mapping[str, Any]]


@lru_cache(maxsize=1)
def kinds() -> dict[str, DocumentKind]:
    """All declared kinds by code. Raises LookupError when two share one, or a template is missing."""
    found: dict[str, DocumentKind] = {}
    for module in discover("document_kinds"):
        for kind in getattr(module, "KINDS", ()):
            if kind.code in found:
                raise LookupError(f"document kind {kind.code} is declared twice")
            if not kind.template.is_file():
                raise LookupError(f"document kind {kind.code} has no template {kind.template}")
            found[kind.code] = kind
    return found
