"""The ledger balances whoever writes it, and nothing of it changes."""

from __future__ import annotations

import pytest
from django.db import Error, IntegrityError, connection, transaction

from kotacerdas.foundation.payments import ledger
from kotacerdas.foundation.payments.models import Account, Entry, Line
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid

pytestmark = pytest.mark.django_db
BIG = 3_000_000_000  # more than a 32-bit whole number holds


def account(role: str) -> Account:
    return ledger.account_for(role)


def entry(amount: int = 1000) -> Entry:
    lines = {account("cash"): amount, account("receivable"): -amount}
    return ledger.post(cause=("payment", ids.new_id()), lines=lines, journal_id=ids.new_id())


def at_commit() -> None:
    """What the database checks when the transaction ends, checked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def bare_entry() -> Entry:
    return Entry.objects.create(
        cause_kind="payment", cause_id=ids.new_id(), occurred_at=clock.now(), journal_id=ids.new_id()
    )


def line(of: Entry, amount: int, role: str = "cash") -> None:
    Line.objects.bulk_create([Line(entry=of, account=account(role), amount=amount)])


def test_an_entry_in_balance_is_kept_and_counted(regency):
    entry(BIG)
    at_commit()
    assert ledger.balance(account("cash")) == BIG
    assert ledger.balance(account("receivable")) == -BIG


@pytest.mark.parametrize(
    "sides", [{"cash": 5}, {"cash": 5, "receivable": -4}, {"cash": 0, "receivable": 0}, {}]
)
def test_the_code_refuses_sides_that_do_not_agree(regency, sides):
    lines = {account(role): amount for role, amount in sides.items()}
    with pytest.raises(Invalid):
        ledger.post(cause=("payment", ids.new_id()), lines=lines, journal_id=ids.new_id())
    assert not Entry.objects.exists()


class TestByAllWays:
    """What the ORM and SQL offer to whoever may write the tables."""

    def refused(self, act) -> None:
        def whole() -> None:
            with transaction.atomic():
                act()
                at_commit()

        with pytest.raises(Error):
            whole()

    def test_an_entry_without_lines(self, regency):
        self.refused(bare_entry)

    def test_one_line_alone(self, regency):
        self.refused(lambda: line(bare_entry(), 5))

    def test_two_lines_that_do_not_agree(self, regency):
        def act() -> None:
            one = bare_entry()
            line(one, 5)
            line(one, -4, "receivable")

        self.refused(act)

    def test_a_line_more_after_the_check_was_passed(self, regency):
        def act() -> None:
            one = entry()
            at_commit()
            line(one, 7)

        self.refused(act)

    def test_lines_added_to_an_entry_of_before(self, regency):
        one = entry()
        at_commit()
        with connection.cursor() as cursor:  # as if another transaction had written it
            cursor.execute("ALTER TABLE payments_entry DISABLE TRIGGER USER")
            cursor.execute("UPDATE payments_entry SET written_by = '3'::xid8")
            cursor.execute("ALTER TABLE payments_entry ENABLE TRIGGER USER")

        def act() -> None:
            line(one, 7)
            line(one, -7, "receivable")

        self.refused(act)

    def test_another_transactions_id_given_by_hand(self, regency):
        def act() -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO payments_entry (id, cause_kind, cause_id, occurred_at, recorded_at, journal_id, written_by) "
                    "VALUES (%s, 'payment', %s, now(), now(), %s, '3'::xid8)",
                    [ids.new_id(), ids.new_id(), ids.new_id()],
                )

        self.refused(act)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE payments_line SET amount = amount + 1",
            "UPDATE payments_entry SET occurred_at = now()",
            "DELETE FROM payments_line",
            "DELETE FROM payments_entry",
        ],
    )
    def test_changing_or_removing_what_stands(self, regency, statement):
        entry()
        at_commit()

        def act() -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement)

        self.refused(act)
        assert Line.objects.count() == 2

    def test_the_orm_changes_nothing_either(self, regency):
        one = entry()
        at_commit()
        self.refused(lambda: Line.objects.filter(entry=one).update(amount=9))
        self.refused(one.delete)
        self.refused(one.save)


def test_an_entry_is_taken_back_once_by_one_of_its_own(regency):
    one = entry(700)
    back = ledger.reverse(one, journal_id=ids.new_id())
    at_commit()
    assert ledger.balance(account("cash")) == 0
    with pytest.raises(Conflict):
        ledger.reverse(one, journal_id=ids.new_id())
    with pytest.raises(Conflict):
        ledger.reverse(back, journal_id=ids.new_id())


def test_two_at_once_cannot_both_take_it_back(regency):
    one = entry(700)
    ledger.reverse(one, journal_id=ids.new_id())
    at_commit()
    lines = {account("cash"): -700, account("receivable"): 700}
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.post(cause=("reversal", one.id), lines=lines, journal_id=ids.new_id(), reverses=one)


def test_the_serving_role_may_only_add(regency):
    from kotacerdas.config import grants, store

    if not grants.apply():
        pytest.skip("no serving role here")
    serving = store.address("serve").user
    with connection.cursor() as cursor:
        for table in ("payments_entry", "payments_line"):
            cursor.execute(
                "SELECT has_table_privilege(%s, %s, 'INSERT'), has_table_privilege(%s, %s, 'UPDATE'), "
                "has_table_privilege(%s, %s, 'DELETE'), has_table_privilege(%s, %s, 'TRUNCATE')",
                [serving, table] * 4,
            )
            assert cursor.fetchone() == (True, False, False, False)
