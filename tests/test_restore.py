"""A backup comes back whole: on another machine, with its serving role, and never under running roles."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from trials import machines as ready_machines
from trials.house import free_port

SETTINGS = {"KOTACERDAS_WEB_WORKERS": "1"}
SQL = """
import sys
from kotacerdas.config import store
with store.held() as where:
    import psycopg
    with psycopg.connect(**store.address(sys.argv[2]).conninfo()) as link:
        print(link.execute(sys.argv[1]).fetchone()[0])
"""


def environment(var: Path, **more: str) -> dict[str, str]:
    return ready_machines.environment(var, **SETTINGS | more)


def run(var: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kotacerdas.config", *words]
    return subprocess.run(
        command, check=False, env=environment(var, **more), capture_output=True, text=True, timeout=120
    )


def ask(var: Path, query: str, role: str = "owner") -> str:
    command = [sys.executable, "-c", SQL, query, role]
    asked = subprocess.run(command, check=False, env=environment(var), capture_output=True, text=True)
    return asked.stdout.strip() or asked.stderr.strip().splitlines()[-1]


def tell(var: Path, *statements: str) -> None:
    """Statements of a superuser of that machine's own store."""
    lines = "\n".join(f"    link.execute({one!r})" for one in statements)
    script = (
        "import psycopg; from kotacerdas.config import store\n"
        f"with store.held() as where, psycopg.connect(**where.conninfo()) as link:\n{lines}"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env=environment(var))


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Path]:
    """A folder for machines; what lies outside it goes too."""
    yield tmp_path
    for note in tmp_path.rglob("store.home"):
        shutil.rmtree(note.read_text().strip(), ignore_errors=True)


@pytest.fixture
def first(machines: Path) -> Path:
    """A machine with an account, a journal row of it, and a photo; backed up."""
    var = machines / "first"
    ready_machines.copy_ready(var)
    assert run(var, "staff", "open", "sari", "Sari").returncode == 0
    sealed = (
        "import django; django.setup(); from kotacerdas.foundation.journal import sealer; sealer.seal_batch()"
    )
    held = f"from kotacerdas.config import store\nwith store.held():\n    {sealed}"
    given = environment(var, DJANGO_SETTINGS_MODULE="kotacerdas.config.settings")
    subprocess.run([sys.executable, "-c", held], check=True, env=given)
    (var / "files" / "ab").mkdir(parents=True)
    (var / "files" / "ab" / "abcd.webp").write_bytes(b"photo")
    done = run(var, "backup", str(machines / "backup"))
    assert done.returncode == 0, done.stderr
    return var


def test_a_backup_comes_back_on_another_machine_and_serves(first: Path, machines: Path) -> None:
    second = machines / "second"
    second.mkdir()
    shutil.copy(first / "keys.json", second / "keys.json")
    done = run(second, "restore", str(machines / "backup"))
    assert done.returncode == 0, done.stderr
    assert ask(second, "SELECT count(*) FROM parties_user WHERE username = 'sari'") == "1"
    assert ask(second, "SELECT current_user", "serve") == "kotacerdas_serve"
    refused = ask(second, "UPDATE journal_row SET verb = '' RETURNING 1", "serve")
    assert "permission denied" in refused
    assert (second / "files" / "ab" / "abcd.webp").read_bytes() == b"photo"
    head = done.stdout.split("--head ")[1].split(",")[0]
    verified = run(second, "journal", "verify", "--head", head)
    assert verified.stdout.startswith("OK: 1 rows"), verified.stdout + verified.stderr
    port = free_port()
    web = subprocess.Popen(
        [sys.executable, "-m", "kotacerdas.config", "--port", str(port), "--role", "web"],
        env=environment(second),
    )
    try:
        assert ready(port)
    finally:
        web.terminate()
        web.wait(30)


def test_numbers_of_transactions_are_older_than_any_on_the_new_machine(first: Path, machines: Path) -> None:
    """A mark both followed, one that the rules have yet to follow, one that nobody has; and an entry of the ledger."""
    tell(
        first,
        "INSERT INTO telemetry_batch (xid, at, streams, minutes) SELECT x::text::xid8, now(), '{1}', ARRAY[x] "
        "FROM generate_series(900001, 900003) x",
        "UPDATE telemetry_cursor SET xid = CASE name WHEN 'rules' THEN '900001' ELSE '900002' END::xid8",
        "SET session_replication_role = replica",
        "INSERT INTO payments_entry (id, cause_kind, cause_id, occurred_at, recorded_at, journal_id, written_by) "
        "VALUES (gen_random_uuid(), 'payment', gen_random_uuid(), now(), now(), gen_random_uuid(), '900001')",
    )
    assert run(first, "backup", str(machines / "later")).returncode == 0
    second = machines / "second"
    second.mkdir()
    shutil.copy(first / "keys.json", second / "keys.json")
    done = run(second, "restore", str(machines / "later"))
    assert done.returncode == 0, done.stderr
    waiting = (
        "SELECT string_agg(c.name || (b.minutes[1] - 900000), ' ' ORDER BY c.name, b.minutes[1]) "
        "FROM telemetry_cursor c JOIN telemetry_batch b ON b.xid > c.xid WHERE b.xid < pg_snapshot_xmin(pg_current_snapshot())"
    )
    assert ask(second, waiting) == "rollups3 rules2 rules3"
    assert ask(second, "SELECT written_by FROM payments_entry") == "0"
    assert "payments_never_changes" in ask(second, "DELETE FROM payments_entry RETURNING 1")


def test_what_stood_there_stays_under_another_name(first: Path, machines: Path) -> None:
    assert run(first, "staff", "open", "rudi", "Rudi").returncode == 0
    done = run(first, "restore", str(machines / "backup"))
    assert done.returncode == 0, done.stderr
    assert ask(first, "SELECT count(*) FROM parties_user WHERE username = 'rudi'") == "0"
    found = "SELECT count(*) FROM pg_database WHERE datname = 'kotacerdas_before_restore'"
    assert ask(first, found) == "1"
    assert run(first, "restore", str(machines / "backup")).returncode == 0


def test_a_restore_under_running_roles_is_refused_and_changes_nothing(first: Path, machines: Path) -> None:
    for role in ("web", "sealer"):
        command = [sys.executable, "-m", "kotacerdas.config", "--port", str(free_port()), "--role", role]
        running = subprocess.Popen(command, env=environment(first))
        time.sleep(3)
        refused = run(first, "restore", str(machines / "backup"))
        running.send_signal(signal.SIGTERM)
        running.wait(30)
        assert refused.returncode == 1
        assert "stop" in refused.stderr
    assert ask(first, "SELECT count(*) FROM pg_database WHERE datname LIKE '%restore%'") == "0"


def test_what_cannot_be_restored_is_refused_in_words(first: Path, machines: Path) -> None:
    other = machines / "other"
    no_keys = run(other, "restore", str(machines / "backup"))
    assert no_keys.returncode == 1
    assert "keys.json is not that of the backup" in no_keys.stderr
    strange = run(first, "restore", str(machines / "backup"), KOTACERDAS_PACK="packs/indramayu")
    assert strange.returncode == 1
    assert "belongs to TML" in strange.stderr
    assert "is no backup" in run(first, "restore", str(machines)).stderr
    assert "is not empty" in run(first, "backup", str(machines / "backup")).stderr


def test_a_store_restored_by_hand_gets_its_serving_role_at_the_next_start(first: Path) -> None:
    """A dump has no roles: it was restored with pg_restore alone, and the pages did not open."""
    lose = (
        "import psycopg; from kotacerdas.config import store\n"
        "with store.held() as where, psycopg.connect(**where.conninfo(), autocommit=True) as link:\n"
        "    link.execute('DROP OWNED BY kotacerdas_serve'); link.execute('DROP ROLE kotacerdas_serve')"
    )
    subprocess.run([sys.executable, "-c", lose], check=True, env=environment(first))
    assert "kotacerdas_serve" in ask(first, "SELECT 1", "serve")
    assert run(first, "prepare").returncode == 0
    assert ask(first, "SELECT current_user", "serve") == "kotacerdas_serve"


def ready(port: int) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=3) as answer:
                return answer.status == 200
        except OSError:
            time.sleep(0.2)
    return False
