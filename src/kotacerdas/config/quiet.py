"""The roles that serve nobody directly: worker, clocks, sealer. On one machine they share a process."""

from __future__ import annotations

import os
import sys
import threading

from kotacerdas.kernel.roles import Role

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


def declared() -> dict[str, Role]:
    """The roles of the installed apps by name. Raises LookupError when two share one."""
    from kotacerdas.kernel.discover import discover

    found: dict[str, Role] = {}
    for module in discover("roles"):
        for role in getattr(module, "ROLES", ()):
            if isinstance(role, Role):
                if role.name in found or role.name in ("web", "quiet"):
                    raise LookupError(f"the process role {role.name} is declared twice")
                found[role.name] = role
    return found


def run(name: str, stop: threading.Event) -> int:
    """Run one role, or all quiet ones, until the event is set. The exit status is 2 for an unknown name."""
    import django

    django.setup()
    known = declared()
    chosen = [role for role in known.values() if role.quiet] if name == "quiet" else [known.get(name)]
    if None in chosen:
        print(f"There is no role {name}: choose web, quiet, {', '.join(sorted(known))}.", file=sys.stderr)
        return 2
    threads = [
        threading.Thread(target=_keep, args=(role, stop), name=role.name, daemon=True)
        for role in chosen
        if role
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join(10)
    if any(thread.is_alive() for thread in threads):
        os._exit(1)  # a role that does not end must not keep the machine from stopping
    return 0


def _keep(role: Role, stop: threading.Event) -> None:
    import structlog
    from django.db import connections

    log = structlog.get_logger(__name__)
    pause = _FIRST_PAUSE
    from kotacerdas.config import rights

    while not stop.is_set():
        try:
            rights.take(role.rights)
            role.run(stop)
            pause = _FIRST_PAUSE
        except Exception:
            log.exception("role_failed", role=role.name, again_in=pause)
        finally:
            connections.close_all()
        if not stop.wait(pause):
            pause = min(pause * 2, _LONGEST_PAUSE)
