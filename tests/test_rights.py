"""The owner's rights are split by name: what each narrow role may do in the store, and which process has which."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from trials.house import may_serve

from kotacerdas.config import quiet, rights, store


@pytest.fixture
def link(request: pytest.FixtureRequest, db: None) -> Iterator[psycopg.Connection]:
    """A connection with the rights of that name."""
    name = connection.settings_dict["NAME"]
    if not may_serve(name, request.param):
        pytest.skip("the owner of this server may make no roles")
    with psycopg.connect(**store.address(request.param).conninfo(dbname=name)) as found:
        yield found
        found.rollback()


SEALED = ("journal_block", "journal_sealed", "journal_key")


@pytest.mark.parametrize("link", ["serve", "follow"], indirect=True)
@pytest.mark.parametrize("table", [*SEALED, "journal_row", "journal_pending", "django_migrations"])
def test_who_serves_or_follows_cannot_touch_what_is_sealed(link, table):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("link", ["serve", "follow", "seal"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE x (y int)",
        "DROP TABLE journal_row",
        "ALTER TABLE telemetry_observation ADD x int",
        "TRUNCATE telemetry_observation",
    ],
)
def test_no_narrow_role_changes_a_table(link, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute(statement)


@pytest.mark.parametrize("link", ["seal"], indirect=True)
@pytest.mark.parametrize("table", ["parties_user", "cases_case", "telemetry_credential"])
def test_the_sealer_reads_nobodys_data(link, table):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute(f"SELECT * FROM {table}")


@pytest.mark.parametrize("link", ["serve"], indirect=True)
@pytest.mark.parametrize(
    "table", ["telemetry_minute", "telemetry_day", "telemetry_latest", "telemetry_rulestate"]
)
def test_who_listens_to_the_outside_changes_no_figure_of_the_followers(link, table):
    assert link.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("link", ["follow"], indirect=True)
def test_a_follower_writes_its_figures(link):
    assert link.execute("DELETE FROM telemetry_minute").rowcount == 0
    assert link.execute("UPDATE cases_case SET version = version").rowcount == 0


def test_what_the_supervisor_reads_as_text_is_what_the_roles_declare():
    read = {one.name: (one.quiet, one.rights) for one in rights.declared()}
    assert read == {name: (role.quiet, role.rights) for name, role in quiet.declared().items()}
    assert rights.children() == ["web", "quiet", "ingest"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["serve", "follow", "seal"])
def test_a_thread_takes_the_rights_of_its_role_alone(name):
    if not may_serve(connection.settings_dict["NAME"], name):
        pytest.skip("the owner of this server may make no roles")
    seen: list[str] = []

    def look() -> None:
        rights.take(name)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            seen.append(cursor.fetchone()[0])
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [store.NARROW[name]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == store.OWNER
