"""How an app declares a process role: `ROLES = (Role(...), ...)` in its `roles.py`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Role:
    """Something that runs as long as the system does. Safe to run twice; started again when it dies.

    name    `sealer` makes `./run --role sealer`
    run     works until the given event is set; what it raises is logged and it is run again
    quiet   on one machine shares a process with the other quiet roles; else it has one of its own
    rights  in the store: serve (whoever listens to the outside), follow, seal or owner; literals, as the
            supervisor reads them without importing
    """

    name: str
    run: Callable[[threading.Event], None]
    quiet: bool = True
    rights: str = "follow"
