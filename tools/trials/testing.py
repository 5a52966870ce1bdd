"""A pytest plugin (`-p trials.testing`): a store of the tests' own, ready before the settings.

It lies in `<var>/test` and does not wait for the disk. With KOTACERDAS_DATABASE_URL the named server is
used; Django makes its test databases there. The pack of all tests is the invented one: nothing in the code
may need a real regency.
"""

from __future__ import annotations

import contextlib
import os

from kotacerdas.config import paths

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
        paths.PACK = paths.ROOT / os.environ["KOTACERDAS_PACK"]


def pytest_unconfigure(config: object) -> None:
    """Let the store go; the last process stops it."""
    _held.close()


_move_var()
from kotacerdas.config import prepare, store  # noqa: E402 (they read the paths)

if "PYTEST_XDIST_WORKER" not in os.environ:
    prepare.compile_catalogs()  # a fresh clone has none, and English where Indonesian is promised

_held.enter_context(store.held(**_HURRIED))
