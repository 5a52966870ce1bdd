"""A provider's settlement file by the import of tables: line by line, once, and what differs becomes a case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from trials.cast import client_of, seat

from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.payments import ledger
from kotacerdas.foundation.payments.charges import payment_begin, payment_settle
from kotacerdas.foundation.payments.closing import FileLine, file_reconcile
from kotacerdas.foundation.payments.models import Difference, SettlementLine
from kotacerdas.foundation.payments.sheets import SHEETS
from kotacerdas.foundation.payments.tests.test_ledger import at_commit
from kotacerdas.foundation.tables import actions, running
from kotacerdas.foundation.tables.models import Problem, Upload
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]
[SETTLEMENT] = SHEETS
State = Upload.State


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def paid(charge):
    """Settles a charge of that many rupiah by the provider."""

    def settled(amount: int):
        return payment_settle(payment=payment_begin(charge=charge(amount)))

    return settled


def read(actor, *lines: str) -> Upload:
    data = "Order ID;Tanggal;Nominal;MDR\n" + "".join(f"{line}\n" for line in lines)
    upload, _is_new = actions.upload_open(
        actor=actor, sheet=SETTLEMENT, file_name="midtrans.csv", data=data.encode()
    )
    running.read_upload(str(upload.id))
    upload.refresh_from_db()
    return upload


def take(actor, upload: Upload) -> str:
    actions.upload_take(actor=actor, upload=upload, wrong=upload.wrong)
    running.take_upload(str(upload.id))
    upload.refresh_from_db()
    return str(upload.state)


def line(payment, gross: str, fee: str = "700") -> str:
    return f"{payment.reference};{clock.today():%d/%m/%Y};{gross};{fee}"


def test_a_file_is_reconciled_line_by_line(treasurer, paid):
    one, two, three = paid(100_000), paid(90_000), paid(50_000)
    upload = read(
        treasurer, line(one, "Rp 100.000"), line(two, "95.000"), f"KC-LAIN;{clock.today():%d/%m/%Y};5.000;"
    )
    assert (upload.state, upload.new, upload.wrong) == (State.READY, 3, 0)
    assert not SettlementLine.objects.exists()
    assert take(treasurer, upload) == State.TAKEN
    at_commit()
    found = set(Difference.objects.values_list("kind", "payment__reference"))
    assert found == {("amount", two.reference), ("unknown", None), ("missing", three.reference)}
    assert ledger.balance(ledger.account_for("bank")) == 99_300


def test_what_differs_stands_on_the_day_of_the_money_and_the_page_leads_there(treasurer, paid):
    one, two = paid(100_000), paid(90_000)
    day, given = clock.today(), line(one, "95.000")
    with clock.frozen(clock.now() + timedelta(days=2)):
        upload = read(treasurer, given)
        take(treasurer, upload)
        page = client_of(treasurer.user).get(reverse("tables:upload", args=[upload.sheet, upload.id]))
        assert f'href="{reverse("payments:day")}">' in page.content.decode().split("<main")[1]
    found = {one.payment_id: one.day for one in Difference.objects.all()}
    assert found == {one.id: day, two.id: day}


def test_the_same_lines_again_change_nothing_and_another_amount_is_refused_by_cell(treasurer, paid):
    one = paid(100_000)
    take(treasurer, read(treasurer, line(one, "100.000")))
    again = read(treasurer, line(one, "100.000"), "")
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    other = read(treasurer, line(one, "120.000"))
    assert other.wrong == 1
    assert "100.000" in str(Problem.objects.get(upload=other).words)
    assert SettlementLine.objects.count() == 1


def test_odd_lines_are_told_by_cell(treasurer, paid):
    one = paid(100_000)
    upload = read(treasurer, line(one, "100.000", "100.001"), "KC-1;1/1/2099;5.000;0", "KC-2;x;12,5;0")
    wrong = set(Problem.objects.filter(upload=upload).values_list("line", "column"))
    assert {(2, "fee"), (3, "day"), (4, "day"), (4, "gross")} <= wrong
    assert upload.good == 0


def test_nobody_but_the_treasurer_gives_one(cast):
    with pytest.raises((Refused, Missing)):
        read(staff(seat("rudi", "PU", "officer")), "KC-1;1/1/2026;5.000;0")


def test_a_reference_is_booked_once_whatever_day_it_comes_with(treasurer, paid):
    one = paid(100_000)
    take(treasurer, read(treasurer, line(one, "100.000")))
    yesterday = clock.today() - timedelta(days=1)
    other = read(treasurer, f"{one.reference};{yesterday:%d/%m/%Y};100.000;700")
    assert (other.new, other.wrong) == (0, 1)
    file_reconcile(
        provider="simulator",
        lines=[FileLine(reference=one.reference, day=yesterday, gross=100_000)],
        agency=one.charge.agency,
    )
    assert ledger.balance(ledger.account_for("bank")) == 99_300
    assert ledger.balance(ledger.account_for("clearing")) == 0


def test_another_desks_payment_is_refused_by_cell_and_never_missing_here(treasurer, charge, cast, paid):
    own = paid(50_000)
    theirs = payment_settle(payment=payment_begin(charge=charge(90_000, agency=cast.agency("BAPPEDA"))))
    upload = read(treasurer, line(own, "50.000"), line(theirs, "90.000"))
    assert set(Problem.objects.filter(upload=upload).values_list("line", "column")) == {(3, "reference")}
    take(treasurer, upload)
    at_commit()
    assert not Difference.objects.exists()


def test_a_line_that_was_left_out_makes_no_missing_payment(treasurer, paid):
    one, two = paid(100_000), paid(90_000)
    upload = read(treasurer, line(one, "100.000"), line(two, "90.000", "90.001"))
    assert upload.wrong == 1
    take(treasurer, upload)
    at_commit()
    assert not Difference.objects.exists()
