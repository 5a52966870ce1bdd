"""Starting: the whole system under a supervisor, or one role of it in this process."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request

from kotacerdas.config import prepare, rights, stamps, store
from kotacerdas.config.environment import door_url
from kotacerdas.config.processes import set_when_orphaned, stop_on_signals
from kotacerdas.config.supervisor import Child, supervise

_WEB_SECONDS = 60.0
_PAGE_FIRST_SECONDS = 2.0  # the first page has the processors to itself


def run(given: argparse.Namespace) -> int:
    """`--role` runs that role here; without it everything runs, and this process only watches."""
    if given.role:
        return one_role(given.role, given.host, given.port)
    stop = threading.Event()
    stop_on_signals(stop)
    with store.held():
        store.wait()
        prepare.refuse_strange_store()
        if prepare.is_due():
            prepare.in_a_child()
        threading.Thread(target=_announce, args=(given.host, given.port, stop), daemon=True).start()
        supervise(_children(given.host, given.port), stop, store.start)
    return 0


def one_role(name: str, host: str, port: int) -> int:
    """Run web, quiet or a declared role until told to stop."""
    if "KOTACERDAS_SUPERVISOR" in os.environ:  # it holds the store, and has chosen the database role
        return _run_here(name, host, port)
    with store.held():
        store.wait()
        os.environ["KOTACERDAS_DB_ROLE"] = _db_role(name)  # first: the settings read it once
        prepare.refuse_strange_store()
        prepare.refuse_older_store()
        return _run_here(name, host, port)


def _run_here(name: str, host: str, port: int) -> int:
    if name == "web":
        from kotacerdas.config import web

        return web.run(host, port)
    from kotacerdas.config import quiet

    stop = threading.Event()
    stop_on_signals(stop)
    set_when_orphaned(stop, "KOTACERDAS_SUPERVISOR")
    return quiet.run(name, stop)


def _children(host: str, port: int) -> list[Child]:
    command = [sys.executable, "-m", "kotacerdas.config", "--host", host, "--port", str(port), "--role"]
    found = [
        Child(name, [*command, name], {"KOTACERDAS_DB_ROLE": _db_role(name)}) for name in rights.children()
    ]
    for child in found[1:]:
        child.not_before = time.monotonic() + _PAGE_FIRST_SECONDS
    return found


def _db_role(name: str) -> str:
    """The rights of a process role, where their database role exists; else the owner's."""
    return os.environ.get("KOTACERDAS_DB_ROLE") or rights.of_process(name)


def _announce(host: str, port: int, stop: threading.Event) -> None:
    address = door_url(host, port)
    until = time.monotonic() + _WEB_SECONDS
    while not stop.is_set() and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310 (our own address)
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    else:
        return
    lines = [f"Kota Cerdas: {address}/"]
    for sign_in in json.loads((stamps.in_store() or {}).get("sign_ins", "[]")):
        lines.append("  " + (sign_in if isinstance(sign_in, str) else "  ".join(map(str, sign_in))))
    if len(lines) == 1 and os.environ.get("KOTACERDAS_SMS_SENDER", "outbox") == "outbox":
        lines.append(
            "  Messages are kept, not sent: set KOTACERDAS_SMS_SENDER; read them: ./run messages outbox"
        )
    lines.append("Ctrl-C stops it. ./run --help lists the rest.")
    print("\n".join(lines), flush=True)
