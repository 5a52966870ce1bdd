"""The treasurer's day: what was charged and paid, cash at the desk, the count, and what does not agree."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kotacerdas.foundation.cases.queries import visible_case, visible_to
from kotacerdas.foundation.casework.views_subject import history_url
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.subjects import seen
from kotacerdas.foundation.payments import queries
from kotacerdas.foundation.payments.charges import cash_take
from kotacerdas.foundation.payments.closing import cash_expected, day_close
from kotacerdas.foundation.payments.differences import difference_explain
from kotacerdas.foundation.payments.forms import CashForm, CountForm, ExplainForm
from kotacerdas.foundation.payments.lifecycles import KIND
from kotacerdas.foundation.payments.models import Difference
from kotacerdas.foundation.payments.permissions import CLOSE_DAY, EXPLAIN, TAKE_CASH, VIEW_LEDGER
from kotacerdas.foundation.payments.subjects import CHARGE
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Missing

SHOWN = 100
FIRST_DAY = date(2020, 1, 1)


@never_cache
@require_safe
@desk(VIEW_LEDGER)
def day(request: HttpRequest) -> HttpResponse:
    """A desk's day: the sums, its payments, and the differences that wait."""
    grants = grants_for(request)
    agency, wanted = queries.desk_of(grants), _day(request.GET.get("hari", ""))
    first, end = queries.bounds_of(wanted)
    settled = queries.payments_for(grants).filter(
        charge__agency=agency, state="settled", settled_at__gte=first, settled_at__lt=end
    )
    context = {
        "agency": agency,
        "day": queries.day_of(agency, wanted),
        "is_today": wanted == clock.today(),
        "payments": settled.order_by("-settled_at"),
        "open_charges": queries.charges_for(grants)
        .filter(agency=agency, state="open")
        .order_by("opened_at")[:SHOWN],
        "differences": _differences(request),
        "ledger": queries.ledger_of(agency),
        "may_close": grants.may(CLOSE_DAY, agencies=[agency.id]),
    }
    return render(request, "payments/day.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(CLOSE_DAY)
def close(request: HttpRequest) -> HttpResponse:
    """Count the cash by denomination and close the day."""
    agency = queries.desk_of(grants_for(request))
    form = CountForm(request.POST or None, initial={"day": clock.today()})
    problem: KotaError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            day_close(
                actor=acting(request, CLOSE_DAY, agencies=[agency.id]),
                agency=agency,
                day=form.cleaned_data["day"],
                counted=form.counted,
            )
            return HttpResponseRedirect(f"{reverse('payments:day')}?hari={form.cleaned_data['day']}")
        except Invalid as error:
            problem = error
            for name, words in error.fields.items():
                form.add_error(name if name in form.fields else f"n{name}", words)
        except Conflict as error:
            problem = error
    context = {
        "agency": agency,
        "form": form,
        "expected": cash_expected(agency, clock.today()),
        "problem": problem,
    }
    return render(
        request,
        "payments/close.html",
        context,
        status=problem.status if problem else 422 if form.errors else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW_LEDGER)
def charge(request: HttpRequest, number: str) -> HttpResponse:
    """One charge: what is owed, its payments, and cash taken at the desk."""
    grants = grants_for(request)
    found = (
        queries.charges_for(grants)
        .filter(number=number.strip().upper())
        .select_related("agency", "income")
        .first()
    )
    if found is None:
        raise Missing(_("There is no such bill here."), remedy=_("Look in the list of the day."))
    form = CashForm(request.POST or None)
    problem: KotaError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            cash_take(
                actor=acting(request, TAKE_CASH, agencies=[found.agency_id]),
                charge=found,
                amount=form.cleaned_data["amount"] or 0,
                key=form.cleaned_data["key"],
            )
            return HttpResponseRedirect(reverse("payments:charge", args=[found.number]))
        except Invalid as error:
            problem = error
            for name, words in error.fields.items():
                form.add_error(name if name in form.fields else None, words)
        except Conflict as error:
            problem = error
    token = queries.pay_token(found)
    context = {
        "charge": found,
        "thing": seen(grants, [(found.subject_kind, found.subject_id)]).get(found.subject_id),
        "history_url": history_url(CHARGE, found.id),
        "token": token,
        "owed": found.amount - found.paid,
        "payments": found.payments.order_by("began_at"),
        "pay_url": request.build_absolute_uri(reverse("payments:pay", args=[token])),
        "form": form,
        "problem": problem,
        "may_take": grants.may(TAKE_CASH, agencies=[found.agency_id]) and found.state == "open",
    }
    return render(
        request,
        "payments/charge.html",
        context,
        status=problem.status if problem else 422 if form.errors else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW_LEDGER)
def difference(request: HttpRequest, number: str) -> HttpResponse:
    """Both sides of a difference, and the words that explain it."""
    case = visible_case(grants_for(request), number)
    found = Difference.objects.select_related("payment__charge").filter(case=case).first()
    if case.kind != KIND or found is None:
        raise Missing(_("There is no such case here."), remedy=_("Look in the list of the day."))
    form = ExplainForm(request.POST or None, initial={"seen_version": case.version})
    problem: KotaError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            difference_explain(
                actor=acting(request, EXPLAIN, agencies=[case.lead_agency_id]),
                case=case,
                body=form.cleaned_data["body"],
                seen_version=form.cleaned_data["seen_version"],
            )
            return HttpResponseRedirect(reverse("payments:day"))
        except (Conflict, Invalid) as error:
            problem = error
    context = {
        "case": case,
        "difference": found,
        "notes": case.notes.order_by("created_at"),
        "form": form,
        "problem": problem,
        "is_open": case.closed_at is None,
    }
    return render(request, "payments/difference.html", context, status=problem.status if problem else 200)


def _differences(request: HttpRequest) -> list[Difference]:
    cases = visible_to(grants_for(request), kinds=[KIND]).filter(closed_at=None)
    return cast(
        "list[Difference]", list(Difference.objects.filter(case__in=cases).select_related("case")[:SHOWN])
    )


def _day(text: str) -> date:
    """The day asked for; today for none, or for one that is still to come or out of all reason."""
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return wanted if FIRST_DAY <= wanted <= clock.today() else clock.today()
