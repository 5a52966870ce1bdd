"""The papers of money at the treasurer's desk, and a deposit on its way into the treasury account."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kotacerdas.foundation.casework.views_subject import history_url
from kotacerdas.foundation.documents.responses import document_response
from kotacerdas.foundation.files.actions import store_upload
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.files.urls import signed
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.payments import papers, present, queries
from kotacerdas.foundation.payments.deposits import DEPOSIT, deposit_bank
from kotacerdas.foundation.payments.forms import BankForm
from kotacerdas.foundation.payments.models import Charge, Deposit, Refund
from kotacerdas.foundation.payments.permissions import CLOSE_DAY, VIEW_LEDGER
from kotacerdas.foundation.ui.tags.words import language, rupiah
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Missing


@never_cache
@require_safe
@desk(VIEW_LEDGER)
def bill(request: HttpRequest, number: str) -> HttpResponse:
    """The bill of a charge as PDF."""
    known = queries.charges_for(grants_for(request)).filter(number=number.strip().upper())
    found: Charge | None = known.select_related("agency", "payer").first()
    if found is None:
        raise Missing(_("There is no such bill here."), remedy=_("Look in the list of the day."))
    actor = acting(request, VIEW_LEDGER, agencies=[found.agency_id])
    return document_response(papers.bill_of(actor=actor, charge=found, language=language()))


@never_cache
@require_safe
@desk(VIEW_LEDGER)
def given_back(request: HttpRequest, refund: UUID) -> HttpResponse:
    """The paper of money given back in cash, as PDF."""
    known = Refund.objects.filter(payment__charge__in=queries.charges_for(grants_for(request)), id=refund)
    found = known.select_related("payment__charge__agency", "payment__charge__payer", "given_by").first()
    if found is None:
        raise Missing(
            _("There is no such payment here."), remedy=_("Look at the bill: it says what was paid.")
        )
    actor = acting(request, VIEW_LEDGER, agencies=[found.payment.charge.agency_id])
    return document_response(papers.given_back_of(actor=actor, refund=found, language=language()))


@never_cache
@require_safe
@desk(VIEW_LEDGER)
def book(request: HttpRequest, day: str) -> HttpResponse:
    """The cash book of a closed day, as PDF."""
    agency = queries.desk_of(grants_for(request))
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Missing(_("This day is not closed."), remedy=_("Look in the list of the day.")) from error
    actor = acting(request, VIEW_LEDGER, agencies=[agency.id])
    return document_response(papers.book_of(actor=actor, agency=agency, day=wanted, language=language()))


@never_cache
@require_safe
@desk(VIEW_LEDGER)
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """The slip of a deposit as PDF, which goes to the bank with the money."""
    found = _deposit(request, number)
    actor = acting(request, VIEW_LEDGER, agencies=[found.agency_id])
    return document_response(papers.slip_of(actor=actor, deposit=found, language=language()))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW_LEDGER)
def deposit(request: HttpRequest, number: str) -> HttpResponse:
    """One deposit: what is to be paid in until when; the bank's proof is written down here."""
    found = _deposit(request, number)
    form = BankForm(request.POST or None, request.FILES or None)
    problem: KotaError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = deposit_bank(
                actor=acting(request, CLOSE_DAY, agencies=[found.agency_id]),
                deposit=found,
                reference=form.cleaned_data["reference"],
                proof=_proof(form),
            )
            notice = _("%(amount)s is deposited.") % {"amount": rupiah(made.amount)}
            messages.success(request, notice)
            return HttpResponseRedirect(f"{reverse('payments:day')}?hari={made.day}")
        except (Invalid, Conflict) as error:
            problem = error
            for name, words in getattr(error, "fields", {}).items():
                form.add_error(name if name in form.fields else None, words)
    [row] = present.deposit_rows([found])
    context = {
        "deposit": found,
        "row": row,
        "form": form,
        "problem": problem,
        "proof_url": signed(found.proof) if found.proof is not None else "",
        "history_url": history_url(DEPOSIT, found.id),
        "may_bank": grants_for(request).may(CLOSE_DAY, agencies=[found.agency_id]),
        "crumbs": present.crumbs((found.number, "")),
    }
    status = problem.status if problem else 422 if form.errors else 200
    return render(request, "payments/deposit.html", context, status=status)


def _proof(form: BankForm) -> StoredFile | None:
    sent = form.cleaned_data["proof"]
    if sent is None:
        return None
    try:
        return store_upload(sent.read())
    except Invalid as error:
        raise Invalid(error.message, fields={"proof": error.message}) from error


def _deposit(request: HttpRequest, number: str) -> Deposit:
    found = queries.deposits_for(grants_for(request)).filter(number=number.strip().upper()).first()
    if found is None:
        raise Missing(_("There is no such deposit here."), remedy=_("Look in the list of the day."))
    return found
