"""One bill at the treasurer's desk: what is owed, cash taken for it, and what is given back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kotacerdas.foundation.casework.views_subject import history_url
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.subjects import seen
from kotacerdas.foundation.payments import present, queries
from kotacerdas.foundation.payments.charges import cash_take, payment_refund
from kotacerdas.foundation.payments.forms import CashForm, RefundForm
from kotacerdas.foundation.payments.models import Charge, Payment
from kotacerdas.foundation.payments.permissions import REFUND, TAKE_CASH, VIEW_LEDGER
from kotacerdas.foundation.payments.subjects import CHARGE
from kotacerdas.foundation.ui.tags.words import rupiah
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Missing


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW_LEDGER)
def charge(request: HttpRequest, number: str) -> HttpResponse:
    """One charge: what is owed, its payments, and cash taken at the desk."""
    found = _found(request, number)
    payer = found.payer.name if found.payer is not None else ""
    form = CashForm(request.POST or None, initial={"payer": payer})
    problem: KotaError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            paid = cash_take(
                actor=acting(request, TAKE_CASH, agencies=[found.agency_id]),
                charge=found,
                amount=form.cleaned_data["amount"] or 0,
                key=form.cleaned_data["key"],
                payer=form.cleaned_data["payer"],
            )
            notice = _("%(amount)s was taken in cash. Receipt %(number)s is ready.")
            messages.success(request, notice % {"amount": rupiah(paid.amount), "number": paid.receipt})
            return _back(found)
        except (Invalid, Conflict) as error:
            problem = error
            _note(form, error)
    token, grants = queries.pay_token(found), grants_for(request)
    context = {
        "charge": found,
        "tag": present.charge_tag(found),
        "thing": seen(grants, [(found.subject_kind, found.subject_id)]).get(found.subject_id),
        "history_url": history_url(CHARGE, found.id),
        "owed": found.amount - found.paid,
        "payments": present.payment_lines(
            found.payments.select_related("charge").prefetch_related("refunds").order_by("began_at")
        ),
        "pay_url": request.build_absolute_uri(reverse("payments:pay", args=[token])),
        "form": form,
        "problem": problem,
        "may_take": grants.may(TAKE_CASH, agencies=[found.agency_id]) and found.state == "open",
        "may_refund": grants.may(REFUND, agencies=[found.agency_id]),
        "crumbs": present.crumbs((found.number, "")),
    }
    return render(request, "payments/charge.html", context, status=_status(problem, form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(REFUND)
def refund(request: HttpRequest, number: str, payment: UUID) -> HttpResponse:
    """Give a payment back, whole or in part, by the way it came."""
    found = _found(request, number)
    paid = found.payments.filter(id=payment, state=Payment.State.SETTLED).first()
    if paid is None:
        raise Missing(
            _("There is no such payment here."), remedy=_("Look at the bill: it says what was paid.")
        )
    left = paid.amount - paid.refunded
    form = RefundForm(request.POST or None, initial={"amount": rupiah(left)})
    problem: KotaError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = payment_refund(
                actor=acting(request, REFUND, agencies=[found.agency_id]),
                payment=paid,
                amount=form.cleaned_data["amount"] or 0,
                reason=form.cleaned_data["reason"],
                key=form.cleaned_data["key"],
            )
            notice = (
                _("%(amount)s is given back.") if made.state == "done" else _("%(amount)s was asked back.")
            )
            messages.success(request, notice % {"amount": rupiah(made.amount)})
            return _back(found)
        except (Invalid, Conflict) as error:
            problem = error
            _note(form, error)
    context = {
        "charge": found,
        "payment": paid,
        "left": left,
        "form": form,
        "problem": problem,
        "crumbs": present.crumbs(
            (found.number, reverse("payments:charge", args=[found.number])), (_("Give money back"), "")
        ),
    }
    return render(request, "payments/refund.html", context, status=_status(problem, form))


def _found(request: HttpRequest, number: str) -> Charge:
    """The charge of that number at the desks that one sees. Raises Missing."""
    known = queries.charges_for(grants_for(request)).filter(number=number.strip().upper())
    found = known.select_related("agency", "income", "payer").first()
    if found is None:
        raise Missing(_("There is no such bill here."), remedy=_("Look in the list of the day."))
    return found


def _back(found: Charge) -> HttpResponse:
    return HttpResponseRedirect(reverse("payments:charge", args=[found.number]))


def _note(form: CashForm | RefundForm, error: KotaError) -> None:
    for name, words in getattr(error, "fields", {}).items():
        form.add_error(name if name in form.fields else None, words)


def _status(problem: KotaError | None, form: CashForm | RefundForm) -> int:
    return problem.status if problem else 422 if form.errors else 200
