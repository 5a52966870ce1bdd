"""What apps declare: texts of messages (`messages.py`) and how to reach people (`contacts.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from kotacerdas.kernel.discover import discover


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How somebody can be reached now. Empty strings: not by this channel."""

    phone: str = ""
    email: str = ""
    language: str = "id"


@dataclass(frozen=True, kw_only=True)
class Words:
    """A composed message; `subject` is used by e-mail alone."""

    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Template:
    """A message's text by name. `compose(recipient_id, args)` runs in the recipient's language, at sending.

    It returns None when there is nothing to say any more (the case is gone).
    """

    name: str
    compose: Callable[[UUID, Mapping[str, Any]], Words | None]


@lru_cache(maxsize=1)
def templates() -> dict[str, Template]:
    """All message texts, from each app's `messages.py` (TEMPLATES). Raises LookupError on a double name."""
    found: dict[str, Template] = {}
    for module in discover("messages"):
        for template in getattr(module, "TEMPLATES", ()):
            if template.name in found:
                raise LookupError(f"message {template.name} is declared twice")
            found[template.name] = template
    return found


@lru_cache(maxsize=1)
def resolvers() -> dict[str, Callable[[UUID], Contact | None]]:
    """Recipient kind → how to reach it, from each app's `contacts.py` (RESOLVERS)."""
    found: dict[str, Callable[[UUID], Contact | None]] = {}
    for module in discover("contacts"):
        found.update(getattr(module, "RESOLVERS", {}))
    return found
