"""Charges, payments and the closing of a day as subjects of rows and papers."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.subjects import Subject
from kotacerdas.foundation.payments.deposits import DEPOSIT
from kotacerdas.foundation.payments.models import Closing
from kotacerdas.foundation.payments.papers import SUBJECT as PAYMENT
from kotacerdas.foundation.payments.permissions import VIEW_LEDGER
from kotacerdas.foundation.payments.queries import charges_for, deposits_for, payments_for

CHARGE, CLOSING = "payments.charge", "payments.closing"


def _closings(grants: Grants) -> QuerySet[Closing]:
    scope = grants.scope(VIEW_LEDGER)
    found = Closing.objects.select_related("agency")
    return found if scope.everywhere else found.filter(agency__in=scope.agencies)


def _closing_words(closing: Closing) -> str:
    return f"{closing.agency.short_name}, {date_format(closing.day)}"


SUBJECTS = (
    Subject(
        kind=CHARGE,
        label=_("Charge"),
        visible=charges_for,
        words=lambda charge: str(charge.number),
        url=lambda charge: reverse("payments:charge", args=[charge.number]),
        find=lambda text: Q(number__icontains=text),
        acts={
            "open": _("Charged"),
            "pay": _("Paid"),
            "refund": _("Given back"),
            "cancelled": _("Cancelled"),
            "expired": _("Expired"),
        },
    ),
    Subject(
        kind=PAYMENT,
        label=_("Payment"),
        visible=payments_for,
        words=lambda payment: str(payment.receipt or payment.charge.number),
        url=lambda payment: reverse("payments:charge", args=[payment.charge.number]),
    ),
    Subject(
        kind=DEPOSIT,
        label=_("Deposit"),
        visible=deposits_for,
        words=lambda deposit: str(deposit.number),
        url=lambda deposit: reverse("payments:deposit", args=[deposit.number]),
        find=lambda text: Q(number__icontains=text),
        acts={"open": _("Slip made"), "bank": _("Deposited")},
    ),
    Subject(
        kind=CLOSING,
        label=_("Day's closing"),
        visible=_closings,
        words=_closing_words,
        url=lambda closing: f"{reverse('payments:day')}?hari={closing.day}",
        acts={"close": _("Closed")},
    ),
)
