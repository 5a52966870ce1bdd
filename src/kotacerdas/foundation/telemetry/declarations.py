"""What a program declares in its `telemetry.py`: kinds of devices (DEVICE_KINDS) and rules (RULES)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kotacerdas.kernel.discover import discover

if TYPE_CHECKING:
    from kotacerdas.foundation.cases.models import Case
    from kotacerdas.foundation.telemetry.models import Alert


@dataclass(frozen=True, kw_only=True)
class StreamSpec:
    """A datastream that comes with a new device of a kind."""

    code: str
    name: Any
    unit: str = ""
    shape: str = "number"
    low: float | None = None
    high: float | None = None
    every_s: int = 60


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A number that each device of a kind may have of its own, and what holds where it has none."""

    name: str
    label: Any
    unit: Any = ""
    default: float | None = None


@dataclass(frozen=True, kw_only=True)
class DeviceKind:
    """A kind of device: its words, its usual datastreams, and what a rule may ask of each one."""

    name: str
    label: Any
    icon: str
    streams: tuple[StreamSpec, ...] = ()
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RuleSpec:
    """A rule that a program brings; it is live from the first day.

    kind, params  as a rule made in the interface has them: see `rules.params`
    open_case     opens the program's own kind of case for an alert; None: a case of `telemetry` itself
    recover       what happens to that case when the alert is over
    """

    code: str
    name: Any
    kind: str
    params: Mapping[str, Any]
    open_case: Callable[[Alert], Case] | None = None
    recover: Callable[[Alert], None] | None = None
    version: int = 1
    more: Mapping[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=1)
def device_kinds() -> dict[str, DeviceKind]:
    """All declared kinds by name. Raises LookupError when two apps declare one."""
    found: dict[str, DeviceKind] = {}
    for module in discover("telemetry"):
        for kind in getattr(module, "DEVICE_KINDS", ()):
            if kind.name in found:
                raise LookupError(f"the kind of device {kind.name} is declared twice")
            found[kind.name] = kind
    return found


@lru_cache(maxsize=1)
def declared_rules() -> dict[str, RuleSpec]:
    """All declared rules by code. Raises LookupError when two apps declare one."""
    found: dict[str, RuleSpec] = {}
    for module in discover("telemetry"):
        for rule in getattr(module, "RULES", ()):
            if rule.code in found:
                raise LookupError(f"the rule {rule.code} is declared twice")
            found[rule.code] = rule
    return found
