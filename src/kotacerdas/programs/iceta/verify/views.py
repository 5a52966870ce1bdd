"""The verifier's page: a list, one report, a decision; then the next report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kotacerdas.foundation.cases.actions import record_reading
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.casework.forms import StepForm, form_of
from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.casework.queries import agencies_of, case_for, opens_number
from kotacerdas.foundation.casework.views_step import mark, perform
from kotacerdas.foundation.commands.idempotency import CommandRepeated
from kotacerdas.foundation.commands.posted import PostedForm
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Missing, Refused
from kotacerdas.programs.iceta.desks import REPORT_DESK
from kotacerdas.programs.iceta.lifecycles import UNDECIDED
from kotacerdas.programs.iceta.permissions import OPEN_ANONYMOUS, OPEN_IDENTITY, VERIFY
from kotacerdas.programs.iceta.verify import present
from kotacerdas.programs.iceta.verify.acts import DECISIONS, REASONS
from kotacerdas.programs.iceta.verify.forms import DispositionForm, check_codes
from kotacerdas.programs.iceta.verify.page import APART, OPEN, WITH, context, disposition, purpose_form
from kotacerdas.programs.iceta.verify.queries import undecided


@require_safe
@desk(VERIFY)
def verify(request: HttpRequest) -> HttpResponse:
    """The undecided reports, one of them open."""
    return page(request, "iceta/verify/verify.html", context(request, request.GET.get(OPEN, "")))


@require_safe
@desk(VERIFY)
def verify_disposition(request: HttpRequest, number: str) -> HttpResponse:
    """Fragment: the disposition as it stands with what was chosen so far."""
    case = case_for(REPORT_DESK, grants_for(request), number)
    check_codes(request.GET)
    return page(request, "iceta/verify/disposition.html", disposition(case, given=request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@desk(VERIFY)
def verify_decide(request: HttpRequest, number: str) -> HttpResponse:
    """Take the decision, then open the next report. What was not taken is shown again as typed.

    That answer stands at this address, so asking for it leads to the report. The same form once more, because
    its answer was lost, is answered as it was and decides nothing.
    """
    grants = grants_for(request)
    case = case_for(REPORT_DESK, grants, number)
    if request.method != "POST":
        return _to(case)
    step = request.POST.get("step", "")
    if step == "preview":
        check_codes(request.POST)
        return page(request, "iceta/verify/verify.html", context(request, number, given=request.POST))
    if step not in DECISIONS:
        raise Invalid(_("There is no such decision."), fields={"step": _("Choose one of those offered.")})
    command, following = PostedForm.of(request, "iceta.decision", case.number), next_number(request, case)
    act = DECISIONS[step]
    form = form_of(act)(request.POST, case=case)
    try:
        command.check()
        if not form.is_valid():
            return _again(request, case, step, form, None, status=422)
        if asks := _asks(request, case, step):
            return _again(request, case, step, form, None, status=409, asks=asks)
        with command.taking():
            perform(act, acting(request, VERIFY), case, form.cleaned_data)
    except CommandRepeated:
        pass
    except Invalid as error:
        mark(form, error)
        return _again(request, case, step, form, error, status=422)
    except (Conflict, Refused) as error:
        return _again(request, case, step, form, error, status=error.status)
    messages.success(request, f"{case.number}: {act.notice}")
    address = reverse("iceta:verify")
    return HttpResponseRedirect(f"{address}?{urlencode({OPEN: following})}" if following else address)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(VERIFY)
def verify_reporter(request: HttpRequest, number: str) -> HttpResponse:
    """Open a reporter's identity for a stated purpose; the journal has it before the page shows it."""
    case = case_for(REPORT_DESK, grants_for(request), number)
    if request.method != "POST":
        return _to(case)
    party = case.parties.select_related("person", "contact").order_by("since", "id").first()
    if party is None or party.person is None:
        raise Missing(_("Nobody is stored here."))
    _may_open(request, case, party)
    form = purpose_form(case, request.POST)
    if not form.is_valid():
        return page(request, "iceta/verify/verify.html", context(request, number, purpose=form), status=422)
    what, right = ("anonymous_identity", OPEN_ANONYMOUS) if party.is_anonymous else ("phone", OPEN_IDENTITY)
    actor = acting(request, right, agencies=agencies_of(case))
    record_reading(case=case, actor=actor, what=what, purpose=form.cleaned_data["purpose"])
    return page(request, "iceta/verify/verify.html", context(request, number, opened=party))


def next_number(request: HttpRequest, case: Case) -> str:
    """An emergency on top of the list, else the report after this one, else one before; "" when it was the last."""
    rows = list(undecided(grants_for(request)).values_list("number", "priority")[:500])
    numbers = [number for number, _priority in rows]
    urgent = [number for number, priority in rows if priority == "emergency" and number != case.number]
    if urgent:
        return urgent[0]
    if case.number not in numbers:
        return numbers[0] if numbers else ""
    at = numbers.index(case.number)
    rest = [*numbers[at + 1 :], *reversed(numbers[:at])]
    return rest[0] if rest else ""


def _to(case: Case) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('iceta:verify')}?{urlencode({OPEN: case.number})}")


def _may_open(request: HttpRequest, case: Case, party: CaseParty) -> None:
    if not opens_number(REPORT_DESK, grants_for(request), agencies_of(case), party):
        raise Refused(_("You may not open this identity."), remedy=_("Ask the coordinator."))


def _asks(request: HttpRequest, case: Case, step: str) -> list[str]:
    """The flagged twins to be asked about before the report is handed over by itself, by number.

    Nothing is asked where the report was changed meanwhile: that is said first.
    """
    is_current = case.state in UNDECIDED and request.POST.get("seen_version") == str(case.version)
    if step not in ("verify", "assign") or not is_current:
        return []
    found = present.unanswered(grants_for(request), case, request.POST.getlist(APART))
    return [one.case.number for one in found]


def _again(
    request: HttpRequest,
    case: Case,
    step: str,
    form: StepForm,
    error: KotaError | None,
    *,
    status: int,
    asks: Sequence[str] = (),
) -> HttpResponse:
    """The page again with the error or the question in place, what was typed, and the report as it is now."""
    with_number = asks[0] if asks else request.POST.get(WITH, "")
    given: dict[str, Any] = {"error": error, "with_number": with_number, "asks": asks}
    if isinstance(form, DispositionForm):
        given |= {"given": request.POST, "form": form}
    elif step in REASONS:
        given |= {"step": step, "reason_form": form}
    return page(request, "iceta/verify/verify.html", context(request, case.number, **given), status=status)
