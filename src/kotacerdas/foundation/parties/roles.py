"""Roles: named sets of permissions, declared in code by each app in its `permissions.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kotacerdas.kernel.discover import discover


@dataclass(frozen=True, kw_only=True)
class Permission:
    """`<program>.<verb>_<noun>`, with words for people (a lazy translation)."""

    name: str
    label: Any


@dataclass(frozen=True, kw_only=True)
class Role:
    """A named set of permissions. `everywhere` roles are not narrowed to the agency of the post."""

    name: str
    label: Any
    permissions: frozenset[str]
    everywhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Declared:
    permissions: dict[str, Permission] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)


@lru_cache(maxsize=1)
def declared() -> Declared:
    """All permissions and roles of the installed apps.

    An app's `permissions.py` holds PERMISSIONS and ROLES. Roles of one name from several apps add up,
    so that a program can extend a post that the foundation knows. Raises LookupError for a role that
    names a permission nobody declares.
    """
    found = Declared()
    for module in discover("permissions"):
        for permission in getattr(module, "PERMISSIONS", ()):
            if permission.name in found.permissions:
                raise LookupError(f"permission {permission.name} is declared twice")
            found.permissions[permission.name] = permission
        for role in getattr(module, "ROLES", ()):
            known = found.roles.get(role.name)
            found.roles[role.name] = _joined(known, role) if known else role
    for role in found.roles.values():
        if unknown := role.permissions - found.permissions.keys():
            raise LookupError(f"role {role.name} names unknown permissions {sorted(unknown)}")
    return found


def roles_giving(permissions: Iterable[str]) -> list[str]:
    """Names of the roles that give one of these permissions."""
    wanted = frozenset(permissions)
    return sorted(one.name for one in declared().roles.values() if one.permissions & wanted)


def _joined(known: Role, more: Role) -> Role:
    return Role(
        name=known.name,
        label=known.label,
        permissions=known.permissions | more.permissions,
        everywhere=known.everywhere or more.everywhere,
    )
