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

    at_once   whether it goes at any hour: codes, alarms, and what answers to what the recipient did a moment ago. All
              else waits for the hours at which people may be written to. A function of the same arguments where it
              depends on what it is about, as an emergency.
    """

    name: str
    compose: Callable[[UUID, Mapping[str, Any]], Words | None]
    at_once: bool | Callable[[UUID, Mapping[str, Any]], bool]

    def goes_at_once(self, recipient: UUID, args: Mapping[str, Any]) -> bool:
        """Whether a message by this template goes at any hour."""
        return self.at_once if isinstance(self.at_once, bool) else self.at_once(recipient, args)


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
