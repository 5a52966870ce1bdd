"""A pytest plugin (`-p trials.testing`): a store of the tests' own, ready before the settings.

It lies in `<var>/test` and does not wait for the disk. With KOTACERDAS_DATABASE_URL the named server is
used; Django makes its test databases there. The pack of all tests is the invented one: nothing in the code
may need a real regency.

A run of the tests of programs from elsewhere (`./test tests/toy`, or a room's `test_toy_*.py`) has these beside
ICeta, and the invented pack with what they ask of a pack: see `elsewhere.py`. No other run knows of them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from kotacerdas.config import paths
from trials import elsewhere

_HURRIED = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "100"}
_held = contextlib.ExitStack()


def _move_var() -> None:
    """Once, in the process that starts the tests; its workers inherit it."""
    if os.environ.get("KOTACERDAS_TESTING") != "1":
        os.environ["KOTACERDAS_VAR"] = str(paths.VAR / "test")
        os.environ["KOTACERDAS_TESTING"] = "1"
        os.environ.pop("KOTACERDAS_KEYS_FILE", None)
        paths.VAR = paths.VAR / "test"
        paths.KEYS_FILE = paths.VAR / "keys.json"
        os.environ["KOTACERDAS_PACK"] = "tests/packs/telukmelati"
        home = next(filter(None, map(elsewhere.home_of, _asked())), None)
        if home is not None:
            _choose(home)
        paths.PACK = paths.ROOT / os.environ["KOTACERDAS_PACK"]


def _asked() -> list[Path]:
    """The files and folders that were asked for."""
    return [Path(given.split("::")[0]).absolute() for given in sys.argv[1:] if not given.startswith("-")]


def _choose(home: Path) -> None:
    """Choose the programs of a folder beside ICeta, for this process and all that it starts."""
    os.environ["KOTACERDAS_PACK"] = str(elsewhere.write_pack(home, paths.VAR / "packs" / home.name))
    os.environ["KOTACERDAS_PROGRAMS"] = ",".join(("iceta", "gopal", "lada", *elsewhere.programs_in(home)))
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(home.parent), os.environ.get("PYTHONPATH"))))
    sys.path.insert(0, str(home.parent))


def pytest_unconfigure(config: object) -> None:
    """Let the store go; the last process stops it."""
    _held.close()


_move_var()
from kotacerdas.config import prepare, store  # noqa: E402 (they read the paths)

if "PYTEST_XDIST_WORKER" not in os.environ:
    prepare.compile_catalogs()  # a fresh clone has none, and English where Indonesian is promised

_held.enter_context(store.held(**_HURRIED))
