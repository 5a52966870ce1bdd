"""The page of one case: its story, photos, joined reports, feedback and journal; and its printed sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kotacerdas.foundation.parties.access import desk, grants_for
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.programs.iceta.desk import evidence
from kotacerdas.programs.iceta.desk.forms import PURPOSES
from kotacerdas.programs.iceta.desk.joined import merged_entries, merged_into
from kotacerdas.programs.iceta.desk.pages import case_context, frame, page
from kotacerdas.programs.iceta.desk.photos import pair_of, photo
from kotacerdas.programs.iceta.desk.present import calendar_limit, clock_bars, parts_of
from kotacerdas.programs.iceta.desk.queries import case_for
from kotacerdas.programs.iceta.desk.story import entries
from kotacerdas.programs.iceta.desk.way import way_of
from kotacerdas.programs.iceta.permissions import OVERSEE, VERIFY, VIEW, WORK
from kotacerdas.programs.iceta.ratings import FACES, rated

TAB, CHECK = "tab", "periksa"


@require_safe
@desk(VIEW, WORK, VERIFY, OVERSEE)
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case, one of its tabs."""
    return page(request, "iceta/desk/case.html", case_page(request, number))


def case_page(request: HttpRequest, number: str, **given: Any) -> dict[str, Any]:
    """What the case page shows; `given` goes to `case_context` (a form to show again, a number opened)."""
    context = case_context(request, number, **given)
    seen, told = context["seen"], context["told"]
    tab = request.GET.get(TAB, "") if request.method == "GET" else ""
    offered, way = (
        _tabs(context, merged_into(seen.case, grants_for(request)).count()),
        way_of(grants_for(request), context["origin"], seen.number),
    )
    tab = tab if any(one["name"] == tab for one in offered) else ""
    may_queue = grants_for(request).may(WORK)
    home = (reverse("iceta:queue"), _("My work")) if may_queue else (reverse("desk_home"), _("Desk"))
    return {
        **frame([f"subject:{seen.case.id}"]),
        **context,
        "crumbs": (
            Crumb(text=home[1], url=way.back if way else home[0]),
            *(
                (Crumb(text=_("Agency reports"), url=reverse("iceta:agency")),)
                if may_queue and not way
                else ()
            ),
            Crumb(text=seen.number),
        ),
        "way": way,
        "tab": tab,
        "tabs": offered,
        "pair": pair_of(seen.case) if context["reads"] and not tab else None,
        "bars": clock_bars(seen),
        "calendar_limit": calendar_limit(seen),
        "parts": parts_of(seen),
        "support_url": f"{context['origin'].form_url('support')}#langkah",
        "purposes": PURPOSES,
        **_tab_context(request, tab, context, told),
    }


@require_safe
@desk(VIEW, WORK, VERIFY, OVERSEE)
def evidence_pack(request: HttpRequest, number: str) -> HttpResponse:
    """The sealed rows of a case with their proofs, to be checked without this system."""
    found = case_for(grants_for(request), number)
    response = JsonResponse(evidence.pack(found), json_dumps_params={"indent": 1})
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}-bukti.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@desk(VIEW, WORK, VERIFY)
def print_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The case on paper, without inside notes and with the number masked."""
    context = case_context(request, number)
    context["entries"] = entries(context["told"], words=context["reads"], inside=False)
    context["seal"] = evidence.last_seal(context["case"])
    context["bars"] = clock_bars(context["seen"])
    return page(request, "iceta/desk/print.html", context)


def _tabs(context: dict[str, Any], merged: int) -> list[dict[str, Any]]:
    case, told = context["case"], context["told"]
    files = sum(len(some) for some in told.files.values())
    story = ("", _("Timeline"), len(context["entries"]))
    words = (
        ("foto", _("Photos"), files),
        ("gabungan", _("Joined reports"), merged),
        ("umpan", _("Feedback"), case.feedback.count()),
    )
    journal = ("jurnal", _("Journal"), len(told.rows))
    page = context["origin"].case(case.number)
    return [
        {"name": name, "label": label, "count": count, "url": page.with_value(TAB, name).url}
        for name, label, count in (story, *(words if context["reads"] else ()), journal)
    ]


def _tab_context(request: HttpRequest, tab: str, context: dict[str, Any], told: Any) -> dict[str, Any]:
    case = context["case"]
    if tab == "foto":
        moments = {"before": _("Before"), "after": _("After"), "other": _("Others")}
        files = [one for some in told.files.values() for one in some]
        return {
            "albums": [
                (label, [(photo(one), one.is_inside) for one in files if one.moment == name])
                for name, label in moments.items()
                if any(one.moment == name for one in files)
            ]
        }
    if tab == "gabungan":
        return {"merged": merged_entries(list(merged_into(case, grants_for(request))))}
    if tab == "umpan":
        return {
            "feedback": [
                (FACES[one.rating].icon, rated(one.rating), told.name_of(one.party_id), one)
                for one in case.feedback.order_by("at")
            ]
        }
    if tab == "jurnal":
        check = context["origin"].with_value(TAB, tab).with_value(CHECK, "1").url
        return {
            "journal": evidence.journal_of(case, told.posts),
            "asked_check": CHECK in request.GET,
            "check_url": check,
        }
    return {}
