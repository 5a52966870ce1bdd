"""Everything the verifier's page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.lifecycle import Step
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.cases.queries import badge, due_badge
from kotacerdas.foundation.casework.forms import PurposeForm, form_of
from kotacerdas.foundation.casework.pages import frame
from kotacerdas.foundation.casework.present import shown
from kotacerdas.foundation.casework.queries import case_for, live_clocks_of
from kotacerdas.foundation.parties.access import grants_for
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.shapes import Action, Empty
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import KotaError
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.desks import REPORT_DESK
from kotacerdas.programs.iceta.lifecycles import REPORT, UNDECIDED, S, title
from kotacerdas.programs.iceta.pack_tables import limits
from kotacerdas.programs.iceta.queries import SIMILAR_DAYS
from kotacerdas.programs.iceta.verify import present
from kotacerdas.programs.iceta.verify.acts import REASONS
from kotacerdas.programs.iceta.verify.forms import (
    CLASSES,
    URGENCIES,
    DispositionForm,
    first_values,
)
from kotacerdas.programs.iceta.verify.queries import SHOWN, returned, undecided, undecided_count

OPEN, WITH, STEP, REPORTER, FLOOD = "tiket", "dengan", "langkah", "pelapor", "kumpulan"
APART = "lain"  # the twins that were found to be another matter


def context(
    request: HttpRequest,
    number: str,
    *,
    given: QueryDict | None = None,
    form: DispositionForm | None = None,
    step: str = "",
    reason_form: forms.Form | None = None,
    error: KotaError | None = None,
    purpose: PurposeForm | None = None,
    opened: CaseParty | None = None,
    with_number: str = "",
    asks: Sequence[str] = (),
) -> dict[str, Any]:
    """The list and the open report (the first one when none is named).

    given, form        a disposition that was posted and not taken, or only previewed
    step, reason_form  a decision that needs a reason, open in the bar
    asks               the flagged twins that are asked about before the report is handed over
    opened             the reporter whose identity was opened in this request, journaled before
    """
    grants = grants_for(request)
    flood_of = ids.normal_ticket(request.GET.get(FLOOD, ""))
    cases = list(undecided(grants, flood_of=flood_of)[:SHOWN])
    rows = _rows(cases)
    number = number or (cases[0].number if cases else "")
    found = {
        **frame({"iceta"}, placeholder=REPORT_DESK.texts.search),
        "rows": rows,
        "total": undecided_count(grants),
        "flood_of": flood_of,
        "opened": number.upper(),
        **_neighbours([one.number for one in cases], number.upper()),
    }
    if not number:
        return {**found, "empty": _nothing()}
    case = case_for(REPORT_DESK, grants, number)
    twins = present.twins(grants, case, with_number or request.GET.get(WITH, ""))
    twin = next((one for one in twins if one.on), None)
    return {
        **found,
        **disposition(case, given=given, form=form),
        **_reason(case, request, step, reason_form),
        "seen": shown(REPORT_DESK, case, grants, opened=opened),
        "story": present.story(case, present.suggested(case).words),
        "photos": present.photos(case),
        "twins": twins,
        "twin": twin,
        "reach": {"metres": limits().similar_within_metres, "days": SIMILAR_DAYS},
        "compared": present.compared(case, twin) if twin else [],
        "error": error,
        "asks": asks,
        "key": ids.new_id(),
        "returned": returned(case) if case.state == S.RETURNED else None,
        "is_open": case.state in UNDECIDED,
        "endings": _endings(case),
        "purpose": purpose or (purpose_form(case) if request.GET.get(STEP) == REPORTER else None),
        "is_opened": opened is not None,
        "here": f"{reverse('iceta:verify')}?{urlencode({OPEN: case.number})}",
    }


def disposition(
    case: Case, *, given: Mapping[str, Any] | None = None, form: DispositionForm | None = None
) -> dict[str, Any]:
    """The right side: what is suggested, what is chosen, and the promise that would apply.

    given  what the page holds so far; a category other than the one it was filled for refills the rest
    """
    suggested = present.suggested(case)
    known = categories()
    if given is None:
        category = suggested.chosen
        value = first_values(case, category)
    else:
        category = known.get(str(given.get("category", "")))
        fits = category is None or given.get("filled_for") == category.code
        value = _posted(given) if fits or form else first_values(case, category)
    codes = {offer.category.code for offer in suggested.offers}
    rest = [(code, title(code)) for code in known if code not in codes]
    return {
        "case": case,
        "suggested": suggested,
        "rest": rest,
        "is_other": category is not None and category.code not in codes,
        "value": value,
        "category": category,
        "form": form,
        "agencies": Agency.objects.filter(closed_on=None),
        "chosen_support": {str(one) for one in value.get("supporting", ()) if one},
        "lead": str(value.get("agency", "")),
        "classes": CLASSES,
        "urgencies": URGENCIES,
        "promises": present.promise_lines(
            category,
            value.get("urgency", ""),
            value.get("report_class", ""),
            bool(value.get("is_oversight")),
        ),
        "main_step": REPORT.by_step["assign" if case.state == S.RETURNED else "verify"],
    }


def purpose_form(case: Case, posted: QueryDict | None = None) -> PurposeForm:
    """The form that asks why an identity is opened."""
    return PurposeForm(posted, case=case, purposes=REPORT_DESK.purposes)


def _posted(given: Mapping[str, Any]) -> dict[str, Any]:
    many = given.getlist("supporting") if isinstance(given, QueryDict) else given.get("supporting", [])
    ticks = ("is_oversight", "publish", "publish_words", "publish_photos")
    known = {"report_class": dict(CLASSES), "urgency": dict(URGENCIES)}
    chosen = {name: str(given.get(name, "")) for name in known}
    return {
        **{name: str(given.get(name, "")) for name in ("category", "agency")},
        **{name: value if value in known[name] else "" for name, value in chosen.items()},
        **{name: bool(given.get(name)) for name in ticks},
        "supporting": many,
    }


def _reason(case: Case, request: HttpRequest, step: str, reason_form: forms.Form | None) -> dict[str, Any]:
    step = step or request.GET.get(STEP, "")
    declared = REPORT.by_step.get(step)
    if step not in REASONS or declared is None or (case.state not in declared.sources and not reason_form):
        return {"step": ""}
    hint = ""
    if step == "postpone":
        hint = _("Once only, at most %(n)d working days.") % {"n": limits().postpone_workdays}
    return {
        "step": step,
        "step_label": declared.label,
        "step_icon": declared.icon,
        "step_hint": hint,
        "reason_form": reason_form or form_of(REASONS[step])(case=case),
    }


def _endings(case: Case) -> list[Step]:
    """The other decisions that are legal now, in the order of the bar; postponing once only."""
    names = [one.name for one in REPORT.steps_from(case.state)]
    if case.report.was_postponed and "postpone" in names:
        names.remove("postpone")
    return [REPORT.by_step[name] for name in ("postpone", "not_ours", "archive", "prank") if name in names]


def _rows(cases: list[Case]) -> list[dict[str, Any]]:
    clocks = live_clocks_of([one.id for one in cases])
    return [{**present.list_row(one), "badge": _badge(one, clocks.get(one.id, []))} for one in cases]


def _badge(case: Case, clocks: list[Any]) -> Any:
    nearest = next((one for one in clocks if one.due_at == case.due_at), None)
    if nearest is not None:
        return badge(nearest)
    return due_badge(case.due_at, clock.now()) if case.due_at else None


def _neighbours(numbers: list[str], number: str) -> dict[str, str]:
    """The reports that J and K lead to."""
    if number not in numbers:
        return {"after": numbers[0] if numbers else "", "before": ""}
    at = numbers.index(number)
    return {"after": "".join(numbers[at + 1 : at + 2]), "before": "".join(numbers[at - 1 : at]) if at else ""}


def _nothing() -> Empty:
    return Empty(
        icon="circle-check",
        title=_("Everything is decided"),
        text=_("New reports appear here by themselves."),
        action=Action(label=_("See the reports of the agency"), url=reverse("iceta:agency")),
    )
