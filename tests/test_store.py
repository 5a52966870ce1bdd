"""The store: where it is looked for, how it is started, and that it comes back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from trials.house import may_serve

from kotacerdas.config import prepare, stamps, start, store

TRY = """
import sys
from kotacerdas.config import prepare, stamps, start, store
with store.held() as where:
    import psycopg
    with psycopg.connect(**where.conninfo()) as link:
        print(link.execute(sys.argv[1]).fetchone()[0])
        {more}
"""


def ask(var: Path, query: str, more: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a query in a process of its own, over a store of its own."""
    given = {key: value for key, value in os.environ.items() if not key.startswith("KOTACERDAS_")}
    given |= {"KOTACERDAS_VAR": str(var), **environment}
    return subprocess.run(
        [sys.executable, "-c", TRY.format(more=more), query],
        check=False,
        env=given,
        capture_output=True,
        text=True,
    )


def home(var: Path) -> Path:
    return Path((var / "store.home").read_text().strip())


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A folder for a store; what lies outside it goes too."""
    yield tmp_path / "var"
    for note in tmp_path.rglob("store.home"):
        shutil.rmtree(note.read_text().strip(), ignore_errors=True)


def test_an_empty_folder_becomes_a_store_and_keeps_what_it_got(var: Path) -> None:
    made = ask(var, "SELECT 1", "link.execute('CREATE TABLE kept AS SELECT 42 AS n')")
    assert made.stdout.strip() == "1", made.stderr
    assert ask(var, "SELECT n FROM kept").stdout.strip() == "42"


def test_the_last_one_out_stops_the_server(var: Path) -> None:
    ask(var, "SELECT 1")
    assert not (home(var) / "data" / "postmaster.pid").exists()


def test_a_deep_checkout_still_has_a_short_socket(var: Path) -> None:
    deep = var / ("d" * 60) / ("e" * 60)
    assert ask(deep, "SELECT 1").stdout.strip() == "1"


def test_only_the_owner_enters_where_the_data_lie(var: Path) -> None:
    ask(var, "SELECT 1")
    assert home(var).stat().st_mode & 0o077 == 0
    assert (var / "keys.json").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that nobody cannot enter")
def test_root_keeps_the_data_elsewhere_when_nobody_cannot_enter(var: Path) -> None:
    closed = var.parent / "closed"
    closed.mkdir(mode=0o700)
    assert ask(closed / "var", "SELECT 1").stdout.strip() == "1"
    assert not home(closed / "var").is_relative_to(var.parent)


def test_a_killed_server_comes_back_with_what_was_committed(var: Path) -> None:
    kill = (
        "link.execute('CREATE TABLE kept AS SELECT 7 AS n'); link.commit();"
        "import os, signal; from kotacerdas.config import store, postgres;"
        "pid = int((store._server().data / 'postmaster.pid').read_text().split()[0]);"
        "os.kill(pid, signal.SIGKILL); store.start(); store.wait()"
    )
    assert ask(var, "SELECT 1", kill).returncode == 0
    assert ask(var, "SELECT n FROM kept").stdout.strip() == "7"


def test_a_stale_process_id_does_not_keep_the_store_from_starting(var: Path) -> None:
    ask(var, "SELECT 1")
    stale = home(var) / "data" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{home(var) / 'data'}\n1\n5432\n/nowhere\n\n")
    assert ask(var, "SELECT 1").stdout.strip() == "1"


def test_two_that_start_at_once_share_one_server(var: Path) -> None:
    code = TRY.format(more="import time; time.sleep(1)")
    given = {key: value for key, value in os.environ.items() if not key.startswith("KOTACERDAS_")}
    given["KOTACERDAS_VAR"] = str(var)
    query = "SELECT pg_postmaster_start_time()"
    both = [
        subprocess.Popen([sys.executable, "-c", code, query], env=given, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = {process.communicate(timeout=60)[0] for process in both}
    assert len(said) == 1
    assert said != {""}


def test_a_named_server_that_does_not_answer_is_said_in_one_line(var: Path) -> None:
    code = "from kotacerdas.config import store; store.wait(0.1)"
    given = {
        **os.environ,
        "KOTACERDAS_DATABASE_URL": "postgresql://a:geheim@127.0.0.1:1/b",
        "KOTACERDAS_VAR": str(var),
    }
    said = subprocess.run(
        [sys.executable, "-c", code], check=False, env=given, capture_output=True, text=True
    ).stderr
    assert "does not answer" in said.splitlines()[-1]
    assert "geheim" not in said


def test_a_wrong_address_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOTACERDAS_DATABASE_URL", "mysql://x/y")
    with pytest.raises(store.StoreError, match="postgresql://"):
        store.address()


@pytest.mark.django_db
class TestTheServingRole:
    """What requests may do in the store."""

    @pytest.fixture
    def serving(self) -> Iterator[psycopg.Connection]:
        if not may_serve(connection.settings_dict["NAME"]):
            pytest.skip("the owner of this server may make no roles, so there is none that serves")
        where = store.address("serve")
        with psycopg.connect(**where.conninfo(dbname=connection.settings_dict["NAME"])) as link:
            yield link
            link.rollback()

    @pytest.mark.parametrize(
        "statement", ["UPDATE journal_row SET verb = ''", "DELETE FROM journal_row", "TRUNCATE journal_row"]
    )
    def test_it_cannot_change_the_journal(self, serving: psycopg.Connection, statement: str) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            serving.execute(statement)

    @pytest.mark.parametrize("table", ["journal_block", "journal_sealed", "django_migrations"])
    def test_it_cannot_write_what_is_sealed(self, serving: psycopg.Connection, table: str) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            serving.execute(f"DELETE FROM {table}")

    def test_it_cannot_alter_a_table(self, serving: psycopg.Connection) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            serving.execute("ALTER TABLE journal_row DISABLE TRIGGER ALL")

    def test_it_reads_and_writes_the_rest(self, serving: psycopg.Connection) -> None:
        serving.execute("INSERT INTO django_session VALUES ('k', 'd', now())")
        assert serving.execute("SELECT count(*) FROM django_session").fetchone() == (1,)


@pytest.mark.parametrize("words", [["clock", "show"], ["journal", "verify"], ["--role", "web"]])
def test_an_empty_store_is_named_with_the_way_out(var: Path, words: list[str]) -> None:
    given = {key: value for key, value in os.environ.items() if not key.startswith("KOTACERDAS_")}
    asked = subprocess.run(
        [sys.executable, "-m", "kotacerdas.config", *words],
        check=False,
        env={**given, "KOTACERDAS_VAR": str(var)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert asked.returncode == 1
    assert "./run prepare" in asked.stderr
    assert "Traceback" not in asked.stderr


@pytest.mark.django_db
def test_a_store_that_lacks_a_migration_is_refused_and_one_without_a_stamp_is_not() -> None:
    prepare.refuse_older_store()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'journal'")
    with pytest.raises(store.StoreError, match="older than this code"):
        prepare.refuse_older_store()


@pytest.mark.parametrize(
    ("role", "served_as"),
    [
        ("web", "serve"),
        ("worker", "serve"),
        ("sealer", "seal"),
        ("months", "owner"),
        ("ingest", "serve"),
        ("clocks", "follow"),
    ],
)
def test_a_role_started_alone_looks_at_the_store_as_the_one_it_serves_as(
    monkeypatch: pytest.MonkeyPatch, role: str, served_as: str
) -> None:
    """Settings are read once: whoever looks as the owner would serve as the owner."""
    seen: list[str | None] = []

    def look(*_given: object) -> int:
        seen.append(os.environ.get("KOTACERDAS_DB_ROLE"))
        return 0

    monkeypatch.setenv("KOTACERDAS_DB_ROLE", "")
    monkeypatch.delenv("KOTACERDAS_SUPERVISOR", raising=False)
    monkeypatch.setattr(stamps, "in_store", lambda: {"serving": "yes", "rights": "follow,seal,serve"})
    monkeypatch.setattr(prepare, "refuse_older_store", look)
    monkeypatch.setattr(start, "_run_here", look)
    start.one_role(role, "127.0.0.1", 1)
    assert seen == [served_as, served_as]
