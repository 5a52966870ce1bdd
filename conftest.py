"""One migrated template per state of the migrations; every worker clones it instead of migrating."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from trials.house import House, free_port

from kotacerdas.config import prepare, stamps
from kotacerdas.config.environment import programs
from kotacerdas.config.paths import VAR

HAS_TOY = "toy.library" in os.environ.get("KOTACERDAS_PROGRAMS", "")
pytest_plugins = ["toy.fixtures"] if HAS_TOY else []
collect_ignore_glob = (
    [] if HAS_TOY else ["*/test_toy_*.py"]
)  # what rooms promise of the toy: docs/contributing.md
PREFIX = "kotacerdas_template_"
settings.register_profile("house", deadline=None)  # what is measured is benchmarked, not timed in a test
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever talks to the house needs the test database, even without a query of its own."""
    for item in items:
        if "house" in getattr(item, "fixturenames", ()) and item.get_closest_marker("django_db") is None:
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker) -> None:
    """Let the test database be cloned from the template, which the first worker makes."""
    from django.db import connection

    with (VAR / "template.lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        prepare.files()  # what the browser loads, where it is not collected yet
        connection.settings_dict["TEST"]["TEMPLATE"] = template()


def template() -> str:
    """The name of the template for the present migrations; made when it is not there.

    Programs that are chosen beside the usual ones are added to the template of those, where it is there.
    """
    from django.db import connection

    prefix, name = _names()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("KOTACERDAS_PROGRAMS", raising=False)
        _prefix, usual = _names()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        known = {row[0] for row in cursor.fetchall()}
        if name in known:
            return name
        for old in known:
            if old.startswith(prefix):
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
        begun = f'TEMPLATE "{usual}"' if usual in known else ""
        cursor.execute(f'CREATE DATABASE "{name}_new" {begun}')
    _migrate(f"{name}_new")
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return name


def _names() -> tuple[str, str]:
    """What the templates of the chosen programs begin with, and the name of the present one."""
    prefix = PREFIX + hashlib.sha256(" ".join(programs()).encode()).hexdigest()[:6] + "_"
    return prefix, prefix + prepare.migrations_stamp()[:16]


def _migrate(database: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from kotacerdas.config import grants

    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        call_command("migrate", interactive=False, verbosity=0)
        grants.apply()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KOTACERDAS_DATABASE_NAME", database)
            # A door of the tests starts at once.
            stamps.mark_in_store("migrations", prepare.migrations_stamp())
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_quickly() -> Iterator[None]:
    """After a test that commits, only tables with rows are emptied: TRUNCATE of all takes a second, this 0.02 s."""
    from django.test import TransactionTestCase
    from trials import saved_rows

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: saved_rows.empty_tables())
        yield


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_hashed_cheaply() -> Iterator[None]:
    """A good hash takes a sixth of a second, at each sign-in; here it is the same one with the least of work."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    with pytest.MonkeyPatch.context() as patch:
        for name, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            patch.setattr(Argon2PasswordHasher, name, least)
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once() -> Iterator[None]:
    """Each test client has a WhiteNoise of its own, which reads the folder anew: a twentieth of a room's time."""
    from whitenoise.base import WhiteNoise

    listed: dict[str, dict[str, Any]] = {}
    read = WhiteNoise.update_files_dictionary

    def remember(noise: WhiteNoise, root: str, prefix: str) -> None:
        if not listed.get(root):
            read(noise, root, prefix)
            listed[root] = dict(noise.files)
        noise.files.update(listed[root])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", remember)
        yield


@pytest.fixture(scope="session")
def house(django_db_setup) -> Iterator[House]:
    """The front door over this worker's test database; use it together with `transactional_db`.

    `house.url` is its address. `house.start("quiet")` adds worker, clocks and sealer.
    """
    from django.db import connection

    with (VAR / "files.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        prepare.files()
    running = House(connection.settings_dict["NAME"], free_port())
    running.start("web")
    yield running
    running.stop()


@pytest.fixture
def in_indonesian() -> Iterator[None]:
    """Words as most people read them."""
    from django.utils import translation

    with translation.override("id"):
        yield
