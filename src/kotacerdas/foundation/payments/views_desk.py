"""The treasurer's day: what was charged and paid, the count, and what does not agree."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kotacerdas.foundation.cases.queries import visible_case, visible_to
from kotacerdas.foundation.casework.rows import state_tag
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.payments import present, queries
from kotacerdas.foundation.payments.cash_book import cash_book
from kotacerdas.foundation.payments.charges import cash_box
from kotacerdas.foundation.payments.closing import cash_expected, day_close, open_days
from kotacerdas.foundation.payments.differences import difference_explain
from kotacerdas.foundation.payments.forms import CountForm, ExplainForm
from kotacerdas.foundation.payments.lifecycles import KIND
from kotacerdas.foundation.payments.models import Closing, Deposit, Difference
from kotacerdas.foundation.payments.permissions import CLOSE_DAY, EXPLAIN, VIEW_LEDGER
from kotacerdas.foundation.ui.tags.words import day as day_words
from kotacerdas.foundation.ui.tags.words import rupiah
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Missing

SHOWN = 100


@never_cache
@require_safe
@desk(VIEW_LEDGER)
def day(request: HttpRequest) -> HttpResponse:
    """A desk's day: the sums, its payments, and the differences that wait; a bill that is looked for by its number."""
    grants = grants_for(request)
    agency, wanted = queries.desk_of(grants), present.day_asked(request.GET.get("hari", ""))
    sought = "".join(request.GET.get("tagihan", "").upper().split())[:32]
    if sought and queries.charges_for(grants).filter(number=sought).exists():
        return HttpResponseRedirect(reverse("payments:charge", args=[sought]))
    context = {
        "agency": agency,
        "day": queries.day_of(agency, wanted),
        "is_today": wanted == clock.today(),
        "neighbours": present.neighbours(wanted),
        "sought": sought,
        "differences": _differences(request),
        "ledger": queries.ledger_of(agency),
        "to_close": grants.may(CLOSE_DAY, agencies=[agency.id]) and wanted in open_days(agency),
        "may_import": grants.may(CLOSE_DAY, agencies=[agency.id]),
        "expected": cash_expected(agency, wanted),
        "waiting": cash_box(agency)[1],
        "may_print": wanted < clock.today()
        and Closing.objects.filter(agency=agency, day__gte=wanted).exists(),
        "book": present.book_rows(cash_book(agency, wanted)),
        "deposits": present.deposit_rows(_deposits(grants, agency, wanted)),
        **_lists(grants, agency, wanted),
    }
    return render(request, "payments/day.html", context)


def _lists(grants: Grants, agency: Agency, wanted: date) -> dict[str, Any]:
    first, end = queries.bounds_of(wanted)
    settled = queries.payments_for(grants).filter(
        charge__agency=agency, state="settled", settled_at__gte=first, settled_at__lt=end
    )
    waiting = queries.charges_for(grants).filter(agency=agency, state="open")
    return {
        "payments": present.payment_lines(settled.order_by("-settled_at")),
        "open_charges": waiting.order_by("opened_at")[:SHOWN],
    }


def _deposits(grants: Grants, agency: Agency, wanted: date) -> QuerySet[Deposit]:
    """What is still to be deposited, of any day, and what was closed or deposited on this one."""
    first, end = queries.bounds_of(wanted)
    of_the_day = Q(day=wanted) | Q(deposited_at__gte=first, deposited_at__lt=end)
    found = queries.deposits_for(grants).filter(agency=agency)
    return found.filter(Q(deposited_at=None) | of_the_day).order_by("day")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(CLOSE_DAY)
def close(request: HttpRequest) -> HttpResponse:
    """Count the cash by denomination and close the day."""
    agency = queries.desk_of(grants_for(request))
    form = CountForm(request.POST or None, initial={"day": present.day_asked(request.GET.get("hari", ""))})
    problem: KotaError | None = None
    gap = _gap(agency, form) if request.method == "POST" and form.is_valid() else 0
    if gap and not form.cleaned_data["sure"]:
        words = _("The count is %(gap)s off. Count again; a difference is written down and explained.")
        form.add_error("sure", words % {"gap": rupiah(gap)})
    if request.method == "POST" and form.is_valid():
        try:
            closing = day_close(
                actor=acting(request, CLOSE_DAY, agencies=[agency.id]),
                agency=agency,
                day=form.cleaned_data["day"],
                counted=form.counted,
            )
            messages.success(request, _("%(day)s is closed.") % {"day": day_words(closing.day)})
            return HttpResponseRedirect(f"{reverse('payments:day')}?hari={closing.day}")
        except Invalid as error:
            problem = error
            for name, words in error.fields.items():
                form.add_error(name if name in form.fields else f"n{name}", words)
        except Conflict as error:
            problem = error
    context = {
        "agency": agency,
        "form": form,
        "days": [(one, cash_expected(agency, one)) for one in open_days(agency)],
        "waiting": cash_box(agency)[1],
        "asks": bool(gap),
        "chosen": str(form["day"].value()),
        "problem": problem,
        "crumbs": present.crumbs((_("Count and close the day"), "")),
    }
    status = problem.status if problem else 422 if form.errors else 200
    return render(request, "payments/close.html", context, status=status)


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
            messages.success(request, _("The difference is explained."))
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
        "may_explain": grants_for(request).may(EXPLAIN, agencies=[case.lead_agency_id]),
        "tag": state_tag(case),
        "crumbs": present.crumbs((case.number, "")),
    }
    status = problem.status if problem else 422 if form.errors else 200
    return render(request, "payments/difference.html", context, status=status)


def _gap(agency: Agency, form: CountForm) -> int:
    """How many rupiah were counted more (or, below 0, less) than are recorded."""
    total = sum(value * count for value, count in form.counted.items())
    return total - cash_expected(agency, form.cleaned_data["day"])


def _differences(request: HttpRequest) -> list[Difference]:
    cases = visible_to(grants_for(request), kinds=[KIND]).filter(closed_at=None)
    return cast(
        "list[Difference]", list(Difference.objects.filter(case__in=cases).select_related("case")[:SHOWN])
    )
