"""Charges, their payments, and the double-entry ledger.

Amounts are whole rupiah in bigint. The ledger (`Entry`, `Line`) is append-only: the database balances each entry when
its transaction ends, and refuses any change; a mistake is taken back by an entry of its own.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.models import Agency, Person, Position
from kotacerdas.foundation.payments.purposes import purposes
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.keyring import keyring
from kotacerdas.kernel.texts import clean_line

PAYER_LABEL = "payments.payment.payer"


class Account(models.Model):
    """An account of the ledger. Data of the pack; `role` says for what this room uses it.

    role  cash | clearing (with the provider) | bank | receivable | fee | difference | "" (named by a charge)
    """

    class Kind(models.TextChoices):
        ASSET = "asset", _("assets")
        LIABILITY = "liability", _("liability")
        INCOME = "income", _("income")
        EXPENSE = "expense", _("expense")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name_id = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    role = models.CharField(max_length=12, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("role",), condition=~Q(role=""), name="one_account_per_role"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_en if (get_language() or "id").startswith("en") else self.name_id


class Entry(models.Model):
    """One entry of the ledger: what happened, and when. Its lines sum to zero.

    cause     what it stands for: ("charge" | "payment" | "refund" | "settlement" | "closing" | "deposit" | "reversal", row)
    reverses  the entry that this one takes back, whole; each is taken back once
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    cause_kind = models.CharField(max_length=16)
    cause_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    journal_id = models.UUIDField()

    class Meta:
        indexes = (
            models.Index(fields=("cause_kind", "cause_id"), name="entry_cause"),
            models.Index(fields=("occurred_at",), name="entry_when"),
        )

    def __str__(self) -> str:
        return f"{self.cause_kind} {self.id}"


class Line(models.Model):
    """One side of an entry: debit is positive, credit negative."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    amount = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("account", "entry"), name="line_account"),)
        constraints = (models.CheckConstraint(condition=~Q(amount=0), name="a_line_has_an_amount"),)

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount}"


class Charge(models.Model):
    """What somebody owes for a subject: a desludging, an order, a levy.

    subject  (kind, id) of what it is for; `title` is the code of a declared purpose, never free text
    income   the account that earns it
    """

    class State(models.TextChoices):
        OPEN = "open", _("to be paid")
        PAID = "paid", _("paid")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    number = models.CharField(max_length=32, unique=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    title = models.CharField(max_length=60)
    basis = models.CharField(max_length=200, blank=True, help_text="article of the tariff")
    amount = models.BigIntegerField()
    paid = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="charges")
    income = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="charges")
    payer = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="charges")
    opened_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("subject_kind", "subject_id"), name="charge_subject"),
            models.Index(fields=("expires_at",), condition=Q(state="open"), name="charge_expiring"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0, paid__gte=0), name="charge_is_positive"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("paid")), name="no_more_refunded_than_paid"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def owed(self) -> int:
        """Whole rupiah that are still to be paid."""
        return self.amount - self.paid

    @property
    def purpose(self) -> str:
        """The words of what it is for; the code itself where its program is gone."""
        known = purposes().get(self.title)
        return str(known.label) if known else self.title


class Payment(models.Model):
    """One try to pay a charge: by a QRIS code of a provider, or in cash at a desk.

    reference  our own, by which the provider names it; receipt  its number once it is settled
    payer      who handed the cash over, where the desk wrote it down; sealed in the store
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SETTLED = "settled", _("paid")
        EXPIRED = "expired", _("expired")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="payments")
    method = models.CharField(max_length=8)  # qris | cash
    provider = models.CharField(max_length=16, blank=True)
    reference = models.CharField(max_length=40, unique=True)
    provider_id = models.CharField(max_length=80, blank=True)
    amount = models.BigIntegerField()
    refunded = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    qris = models.TextField(blank=True)
    receipt = models.CharField(max_length=40, blank=True)
    payer_sealed = models.TextField(blank=True)
    taken_by = models.ForeignKey(Position, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when the provider was last asked")

    class Meta:
        indexes = (models.Index(fields=("asked_at",), condition=Q(state="pending"), name="payment_pending"),)
        constraints = (
            models.UniqueConstraint(fields=("receipt",), condition=~Q(receipt=""), name="one_receipt_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("amount")), name="no_more_back_than_came"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def payer(self) -> str:
        return keyring().open(PAYER_LABEL, self.id, self.payer_sealed)

    def set_payer(self, text: str) -> None:
        self.payer_sealed = keyring().seal(PAYER_LABEL, self.id, clean_line(text))


class Refund(models.Model):
    """Money given back, whole or in part, by the way it came."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=40)
    provider_id = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=8, default="asked")  # asked | done | refused
    given_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_positive"),)

    def __str__(self) -> str:
        return f"{self.amount} of {self.payment_id}"


class Notice(models.Model):
    """A provider's notice that was verified, once by its digest, with what came of it. No payer's data is kept.

    outcome  settled | repeat | older | expired | failed | amount | unknown | late | surplus
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    provider = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    reference = models.CharField(max_length=80)
    status = models.CharField(max_length=24)
    amount = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("provider", "digest"), name="a_notice_counts_once"),)

    def __str__(self) -> str:
        return f"{self.provider} {self.reference} {self.outcome}"


class Difference(models.Model):
    """Two sides of money that do not agree, as the case that somebody must explain.

    ours, theirs  whole rupiah on either side; None where one side knows nothing of it
    """

    class Kind(models.TextChoices):
        AMOUNT = "amount", _("another amount was paid")
        UNKNOWN = "unknown", _("paid, and nothing of it is known here")
        LATE = "late", _("paid after it had ended")
        SURPLUS = "surplus", _("paid twice")
        MISSING = "missing", _("settled here, and not in the provider's file")
        CASH = "cash", _("the counted cash differs")

    case = models.OneToOneField(
        "cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="difference"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    ours = models.BigIntegerField(null=True)
    theirs = models.BigIntegerField(null=True)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="differences")
    reference = models.CharField(max_length=80, blank=True)
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def gap(self) -> int:
        """What was found less what is recorded here, in whole rupiah."""
        return (self.theirs or 0) - (self.ours or 0)


class Closing(models.Model):
    """A desk's cash of a day, counted by denomination and closed."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="closings")
    day = models.DateField()
    counted = models.JSONField()  # {"100000": 3, ...}: notes and coins of each value
    expected = models.BigIntegerField()
    total = models.BigIntegerField()
    closed_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("agency", "day"), name="a_day_is_closed_once"),)

    def __str__(self) -> str:
        return f"{self.agency_id} {self.day}"

    @property
    def denominations(self) -> list[tuple[int, int]]:
        """Value and number of notes or coins, the largest value first."""
        return sorted(((int(value), count) for value, count in self.counted.items()), reverse=True)


class Deposit(models.Model):
    """A desk's counted cash on its way into the regency's treasury account, by a numbered slip (*surat tanda setoran*).

    due_at        the end of the working day after the one that was closed
    deposited_at  when the bank had it; reference  the bank's own number on its proof
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    number = models.CharField(max_length=32, unique=True)
    closing = models.OneToOneField(Closing, on_delete=models.PROTECT, related_name="deposit")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="deposits")
    day = models.DateField()
    amount = models.BigIntegerField()
    due_at = models.DateTimeField()
    made_at = models.DateTimeField(default=clock.now)
    deposited_at = models.DateTimeField(null=True, blank=True)
    deposited_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40, blank=True)
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-day",)
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_is_positive"),)

    def __str__(self) -> str:
        return self.number


class SettlementLine(models.Model):
    """A line of a provider's settlement file: what it paid out for one payment, and its fee."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    provider = models.CharField(max_length=16)
    reference = models.CharField(max_length=80)
    day = models.DateField()
    gross = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=10)  # matched | amount | unknown
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("provider", "reference"), name="one_settlement_line"),)

    def __str__(self) -> str:
        return f"{self.provider} {self.reference}"


class Counter(models.Model):
    """The last number used in a series of a year; without gaps, since receipts are counted by them."""

    series = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("series", "year"), name="one_counter_per_series"),)

    def __str__(self) -> str:
        return f"{self.series} {self.year}"


def balances(rows: Any) -> dict[str, int]:
    """Account code → balance of a queryset of lines, debit positive."""
    summed = rows.order_by().values("account__code").annotate(total=models.Sum("amount"))
    return dict(summed.values_list("account__code", "total"))
