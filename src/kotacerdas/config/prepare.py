"""What a start makes ready, each step only when its stamp says that something changed.

catalogs and static files on disk; migrations, the serving role, the pack and the demo in the store.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from kotacerdas.config import belonging, stamps, store
from kotacerdas.config.environment import programs
from kotacerdas.config.paths import PACK, ROOT, VAR
from kotacerdas.kernel.commands import commands

_SOURCES = ROOT / "src" / "kotacerdas"
_LOCK_ID = 0x4B4F5442


def is_due() -> bool:
    """Whether any step has something to do. Cheap: no Django."""
    return bool(stale_catalogs()) or _static_due() or _checks_due() or bool(_store_due())


def in_a_child() -> None:
    """Run the steps in a process of their own, so that the one that supervises stays small."""
    done = subprocess.run(
        [sys.executable, "-m", "kotacerdas.config", "prepare"],
        check=False,
        env={**os.environ, "KOTACERDAS_DB_ROLE": "owner"},
        stdout=sys.stderr,
    )
    if done.returncode:
        raise store.StoreError("The start stops here; the reason stands above.")


def refuse_strange_store() -> None:
    """Raises StoreError for another regency's store, an unnamed pack outside the demo, and a demo in production."""
    belonging.refuse_strange(stamps.in_store() or {}, may_show=_may_show())


def refuse_older_store() -> None:
    """Raises StoreError when this code has migrations that the store lacks.

    The stamp settles it in most starts; else Django's own list, so that a store migrated by hand and an older
    process beside a newer store are both let through.
    """
    if (stamps.in_store() or {}).get("migrations") == migrations_stamp():
        return
    import django
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    executor = MigrationExecutor(connection)
    lacking = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not connection.in_atomic_block:
        connection.close()  # processes may be forked from this one
    if lacking:
        raise store.StoreError(
            "The store is empty or older than this code: ./run prepare brings it up to date, as each ./run does."
        )


def run(_given: argparse.Namespace | None = None) -> int:
    """All steps that are due. Two machines that start at once take turns at the store."""
    from django.db import connection

    refuse_strange_store()
    if _checks_due():
        declarations()
    files()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK_ID])
        try:
            for name in _store_due():
                _STEPS[name]()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_ID])
    return 0


def declarations() -> None:
    """The start-up checks, where code changed since. Raises StoreError for what does not hold together."""
    from django.core.checks import run_checks

    found = run_checks()
    wrong = [str(one) for one in found if one.is_serious()]
    if wrong:
        raise store.StoreError("\n".join(["What is declared does not hold together:", *wrong]))
    for one in found:
        if str(one.id).startswith("kotacerdas."):
            sys.stderr.write(f"{one}\n")
    stamps.mark_on_disk("checks", _checks_stamp())


def files() -> None:
    """Catalogs and static files."""
    from django.core.management import call_command

    compile_catalogs()
    if _static_due():
        _say("Collecting static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamps.mark_on_disk("static", _static_stamp())


def from_elsewhere() -> list[Path]:
    """The folders of chosen programs that are no part of the house. Raises StoreError for one that is no package."""
    found = []
    for name in (one for one in programs() if not one.startswith("kotacerdas.")):
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise store.StoreError(f"KOTACERDAS_PROGRAMS names {name}, whose folder has no __init__.py.")
        found.append(Path(spec.origin).parent)
    return found


def catalogs() -> list[Path]:
    """Every Django catalog of the house and of its programs."""
    folders = [_SOURCES, *from_elsewhere()]
    own = [file for folder in folders for file in folder.rglob("locale/*/LC_MESSAGES/django.po")]
    return sorted([*own, *(ROOT / "locale").rglob("django.po")])


def stale_catalogs() -> list[Path]:
    """Catalogs newer than what was compiled from them."""
    found = []
    for catalog in catalogs():
        made = catalog.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < catalog.stat().st_mtime:
            found.append(catalog)
    return found


def compile_catalogs() -> None:
    """Babel writes the .mo files; GNU gettext is not needed. Raises StoreError for a broken catalog.

    This process reads them too, though it may have said something before: the demo keeps words in both languages.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po
    from django.utils.translation.reloader import translation_file_changed

    for catalog in stale_catalogs():
        try:
            with catalog.open("rb") as source:
                words = read_po(source, locale=catalog.parents[1].name, abort_invalid=True)
        except PoFileError as error:
            raise store.StoreError(f"The catalog {catalog} cannot be read: {error}") from error
        draft = catalog.with_suffix(".mo.new")
        with draft.open("wb") as made:
            write_mo(made, words)
        translation_file_changed(None, draft.replace(catalog.with_suffix(".mo")))


def _static_stamp() -> str:
    """A fingerprint of the files, and of what joins, strips and packs them."""
    folders = [_SOURCES, *from_elsewhere()]
    own = [file for folder in folders for file in folder.rglob("static/**/*") if file.is_file()]
    making = [
        *_SOURCES.rglob("statics.py"),
        *_SOURCES.rglob("finders.py"),
        ROOT / "requirements" / "core.txt",
    ]
    return stamps.digest([*own, *making], str(ROOT))


def _static_due() -> bool:
    return (
        stamps.on_disk().get("static") != _static_stamp()
        or not (VAR / "static" / "staticfiles.json").exists()
    )


def _checks_stamp() -> str:
    """A fingerprint of the code that declares, of the house and of its programs."""
    folders = [_SOURCES, *from_elsewhere()]
    own = [file for folder in folders for kind in ("py", "html") for file in folder.rglob(f"*.{kind}")]
    return stamps.digest([*own, ROOT / "requirements" / "core.txt"], *programs())


def _checks_due() -> bool:
    return stamps.on_disk().get("checks") != _checks_stamp()


def migrations_stamp() -> str:
    """A fingerprint of the chosen programs, all migrations, what may be granted, and the installed packages."""
    own = [
        *_SOURCES.rglob("migrations/*.py"),
        *_SOURCES.rglob("grants.py"),
        ROOT / "requirements" / "core.txt",
    ]
    made = [*programs(), stamps.contents(own, ROOT)]
    for folder in from_elsewhere():
        more = [*folder.rglob("migrations/*.py"), *folder.rglob("grants.py")]
        made.append(stamps.contents(more, folder))
    return hashlib.sha256("\0".join(made).encode()).hexdigest()


def _pack_stamp() -> str:
    """A fingerprint of the pack, and of the packages, since the loader asks the library of holidays."""
    own = [file for file in PACK.rglob("*") if file.is_file()] if PACK.exists() else []
    packages = stamps.contents([ROOT / "requirements" / "core.txt"], ROOT)
    return f"{PACK.name} {stamps.contents(own, PACK)} {packages[:16]}"


def _store_due() -> list[str]:
    found = stamps.in_store()
    known = found or {}
    due = []
    if known.get("migrations") != migrations_stamp() or (known.get("serving") == "yes" and not _serves()):
        due.append("migrations")
    if known.get("pack") != _pack_stamp() or belonging.AREA not in known:  # older stores learn whose they are
        due.append("pack")
    if known.get("demo", "" if found else "wanted") == "wanted" and _may_show():
        due.append("demo")
    return due


def _serves() -> bool:
    """Whether the serving role opens the store: roles are no part of a dump, so a restored one may lack it."""
    import psycopg

    try:
        psycopg.connect(**store.address("serve").conninfo(connect_timeout=5)).close()
    except psycopg.OperationalError as error:
        return "authentication failed" not in str(error) and "does not exist" not in str(error)
    return True


def _may_show() -> bool:
    """The demo comes only into an empty store of our own, never into production."""
    refused = os.environ.get("KOTACERDAS_DEMO", "1") == "0" or os.environ.get("KOTACERDAS_PRODUCTION")
    return store.address().own and not refused


def _migrate() -> None:
    from django.core.management import call_command

    from kotacerdas.config import grants

    _say("Bringing the store up to date")
    if stamps.in_store() is None:
        stamps.mark_in_store("demo", "wanted" if _may_show() else "no")
    call_command("migrate", interactive=False, verbosity=0)
    made = grants.apply()
    stamps.mark_in_store("serving", "yes" if "serve" in made else "no")
    stamps.mark_in_store("rights", ",".join(sorted(made)))
    stamps.mark_in_store("migrations", migrations_stamp())


def _load_pack() -> None:
    _say(f"Loading the pack {PACK.name}")
    if _ask("pack", "load"):
        stamps.mark_in_store("pack", _pack_stamp())


def _load_demo() -> None:
    from kotacerdas.kernel.discover import discover

    _say("Loading a living demo")
    if _ask("demo", "load"):
        known = [sign_in for module in discover("demo") for sign_in in getattr(module, "sign_ins", list)()]
        stamps.mark_in_store("sign_ins", json.dumps(known))
        stamps.mark_in_store("demo", "loaded")


def _ask(command: str, *arguments: str) -> bool:
    """Run a declared command; False when no app declares it. Raises StoreError when it fails."""
    for known in commands():
        if known.name == command:
            parser = argparse.ArgumentParser(prog=f"./run {command}")
            known.add_arguments(parser)
            if known.run(parser.parse_args(list(arguments))):
                raise store.StoreError(
                    f"./run {command} {' '.join(arguments)} failed; the reason stands above."
                )
            return True
    return False


def _say(words: str) -> None:
    print(f"{words} ...", file=sys.stderr)


_STEPS: dict[str, Callable[[], None]] = {"migrations": _migrate, "pack": _load_pack, "demo": _load_demo}
