"""One failure stops one thing."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection

from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.jobs.models import SetAside

pytestmark = pytest.mark.django_db


def fail(fence: Fence, item: str) -> None:
    with fence.around(item):
        SetAside.objects.create(loop="half", item="written", error="", first_at=_now(), last_at=_now())
        raise ValueError("Wati, 0812-3456-7890")


def _now() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def make_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_set_aside SET next_at = clock_timestamp() - interval '1 second'")


def test_what_an_item_raises_undoes_that_item_alone():
    fence = Fence("toys")
    fail(fence, "1")
    with fence.around("2"):
        SetAside.objects.create(loop="whole", item="2", error="", first_at=_now(), last_at=_now())
    assert set(SetAside.objects.values_list("loop", "item")) == {("toys", "1"), ("whole", "2")}
    assert fence.waiting() == ["1"]


def test_the_row_names_the_error_and_never_quotes_it():
    fail(Fence("toys"), "1")
    row = SetAside.objects.get()
    assert row.error.startswith("ValueError at foundation/jobs/tests/test_fence.py:")
    assert "Wati" not in row.error


def test_the_wait_doubles_up_to_the_longest_and_ends_with_success():
    fence = Fence("toys", longest_seconds=60)
    waits = []
    for _ in range(5):
        fail(fence, "1")
        row = SetAside.objects.get()
        waits.append(round((row.next_at - row.last_at).total_seconds()))
    assert waits == [10, 20, 40, 60, 60]
    make_due()
    assert fence.waiting() == []
    with fence.around("1"):
        pass
    assert not SetAside.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_nobodys_failure():
    fence = Fence("toys")
    with pytest.raises(OperationalError), fence.around("1"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    assert fence.waiting() == []
