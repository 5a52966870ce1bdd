"""Notices of providers: they may come in any order and repeatedly; only genuine ones that agree are believed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import F

from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.payments import providers
from kotacerdas.foundation.payments.charges import charge_end, payment_settle
from kotacerdas.foundation.payments.differences import difference_open
from kotacerdas.foundation.payments.models import Charge, Notice, Payment, Refund
from kotacerdas.foundation.payments.providers.port import Facts
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict
from kotacerdas.kernel.regency import regency

ASK_AFTER, ASK_EVERY = timedelta(minutes=1), timedelta(minutes=2)
GIVE_UP_AFTER = timedelta(hours=2)  # after the code ended, once the provider has answered
LAST_ASKED_AFTER = timedelta(
    days=2
)  # after the code ended; a notice that still comes settles it all the same
_AT_ONCE = 50
log = structlog.get_logger(__name__)
_ASKING, _ENDING = Fence("payments asked"), Fence("charges expired")
_REFUNDS = Fence("refunds")


def notice_take(provider: str, headers: Mapping[str, str], body: bytes) -> str:
    """Process a notice; the result. The same notice again gets the first answer and changes nothing.

    Raises Forged for one that is not the provider's: nothing of it is stored.
    """
    facts = providers.provider_of(provider).read_notice(headers, body)
    digest = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        with connection.cursor() as cursor:  # of two equal notices at once the second waits for the first
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [digest])
        if Notice.objects.filter(provider=provider, digest=digest).exists():
            return "repeat"
        outcome = facts_take(provider, facts)
        Notice.objects.create(
            provider=provider,
            digest=digest,
            reference=facts.reference[:80],
            status=facts.status,
            amount=facts.amount,
            outcome=outcome,
            at=clock.now(),
        )
    log.info("payment_notice", provider=provider, outcome=outcome)
    return outcome


def facts_take(provider: str, facts: Facts) -> str:
    """Update a payment to what the provider says of it, in the caller's transaction; the result."""
    payment = (
        Payment.objects.select_for_update(of=("self",))
        .select_related("charge__agency")
        .filter(provider=provider, reference=facts.reference)
        .first()
    )
    if payment is None:
        if facts.status != "settled":
            return "unknown"
        difference_open(
            kind="unknown", agency=_treasury(), ours=None, theirs=facts.amount, reference=facts.reference
        )
        return "unknown"
    if facts.status == "settled":
        return _settled(payment, facts)
    if facts.status == "pending" or payment.state != Payment.State.PENDING:
        return "older"
    payment.state = Payment.State.EXPIRED if facts.status == "expired" else Payment.State.FAILED
    payment.save(update_fields=["state"])
    return facts.status


def _settled(payment: Payment, facts: Facts) -> str:
    if payment.state == Payment.State.SETTLED:
        return "repeat" if facts.amount in (None, payment.amount) else _differs("amount", payment, facts)
    if facts.amount != payment.amount:
        return _differs("amount", payment, facts)
    try:
        with transaction.atomic():
            payment_settle(payment=payment)
    except Conflict:
        late = payment.charge.state != Charge.State.PAID
        return _differs("late" if late else "surplus", payment, facts)
    return "settled"


def _differs(kind: str, payment: Payment, facts: Facts) -> str:
    difference_open(
        kind=kind,
        agency=payment.charge.agency,
        ours=payment.amount,
        theirs=facts.amount,
        payment=payment,
        reference=payment.reference,
    )
    return kind


def ask_providers(until: float) -> None:
    """Ask providers about payments without a notice, until a `time.monotonic()`. Nothing is locked meanwhile.

    A payment whose code is over for long is given up, and so is one whose code was never made.
    """
    now = clock.now()
    pending = Payment.objects.filter(state=Payment.State.PENDING, method="qris", began_at__lt=now - ASK_AFTER)
    pending = pending.exclude(asked_at__gt=now - ASK_EVERY).exclude(id__in=_ASKING.waiting())
    for payment in list(pending.order_by(F("asked_at").asc(nulls_first=True))[:_AT_ONCE]):
        if time.monotonic() > until:
            return
        Payment.objects.filter(id=payment.id).update(asked_at=now)
        with _ASKING.around(str(payment.id), in_transaction=False):
            _ask(payment, now)


def _ask(payment: Payment, now: datetime) -> None:
    ended = payment.expires_at or now
    if payment.qris and ended > now - LAST_ASKED_AFTER:
        facts = providers.provider_of(payment.provider).ask(payment)
        if facts is not None:
            with transaction.atomic():
                facts_take(payment.provider, facts)
    if ended < now - GIVE_UP_AFTER:
        Payment.objects.filter(id=payment.id, state="pending").update(state=Payment.State.EXPIRED)


def expire_charges() -> None:
    """Let charges expire whose time is over and that have no payment under way."""
    over = Charge.objects.filter(state=Charge.State.OPEN, paid=0, expires_at__lt=clock.now())
    over = over.exclude(payments__state=Payment.State.PENDING).exclude(id__in=_ENDING.waiting())
    for charge in list(over.order_by("expires_at")[:_AT_ONCE]):
        with _ENDING.around(str(charge.id)):
            charge_end(actor=SYSTEM, charge=charge, state=Charge.State.EXPIRED)


def send_refunds(until: float) -> None:
    """Send the requested refunds to providers, until a `time.monotonic()`.

    One that cannot is tried again under the same key, and stands on the operator's page.
    """
    asked = (
        Refund.objects.filter(state="asked")
        .exclude(payment__method="cash")
        .exclude(id__in=_REFUNDS.waiting())
    )
    for refund in list(asked.select_related("payment").order_by("at")[:_AT_ONCE]):
        if time.monotonic() > until:
            return
        with _REFUNDS.around(str(refund.id), in_transaction=False):
            provider_id = providers.provider_of(refund.payment.provider).refund(refund)
            Refund.objects.filter(id=refund.id).update(state="done", provider_id=provider_id[:80])


def _treasury() -> Agency:
    """The agency to which unexpected money is booked: the one that the pack names for planning."""
    return Agency.objects.get(code=regency().desks.planning_agency)
