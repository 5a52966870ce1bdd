"""The page of one case: its timeline, photos, journal and the kind's own tabs; and its printed sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.casework import evidence
from kotacerdas.foundation.casework.clock_bars import calendar_limit, clock_bars
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.casework.history import History
from kotacerdas.foundation.casework.neighbours import way_of
from kotacerdas.foundation.casework.pages import case_context, frame, page
from kotacerdas.foundation.casework.papers import papers_of
from kotacerdas.foundation.casework.photos import photo
from kotacerdas.foundation.casework.present import Shown, parts_of
from kotacerdas.foundation.casework.queries import case_for
from kotacerdas.foundation.casework.timeline import entries
from kotacerdas.foundation.parties.access import grants_for
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import Crumb

TAB, CHECK = "tab", "periksa"
PHOTOS, JOURNAL = "foto", "jurnal"


def case(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """One case, one of its tabs."""
    return page(request, "casework/case.html", case_page(request, desk, number))


def case_page(request: HttpRequest, desk: Desk, number: str, **given: Any) -> dict[str, Any]:
    """What the case page shows; `given` goes to `case_context` (a form to show again, a number opened)."""
    context, grants = case_context(request, desk, number, **given), grants_for(request)
    seen: Shown = context["seen"]
    offered, way = _tabs(desk, context, grants), way_of(grants, context["origin"], seen.number)
    tab = request.GET.get(TAB, "") if request.method == "GET" else ""
    tab = tab if any(one["name"] == tab for one in offered) else ""
    stands = context["stands"]
    return {
        **frame([f"subject:{seen.case.id}"], placeholder=desk.texts.search),
        **context,
        "crumbs": _crumbs(desk, grants, seen.number, way.back if way else ""),
        "way": way,
        "tab": tab,
        "tabs": offered,
        "tab_template": _tab_template(desk, tab),
        "bars": clock_bars(desk, seen.case, seen.clocks),
        "calendar_limit": calendar_limit(seen.clocks),
        "parts": parts_of(desk, seen),
        "links": [(act.link, f"{context['origin'].form_url(act.step)}#langkah") for act in stands.links],
        "print_url": desk.url("print", seen.number),
        "evidence_url": desk.url("evidence", seen.number),
        "merged_url": desk.url("case", context["history"].into) if context["history"].into else "",
        **_tab_context(request, desk, tab, context),
    }


def evidence_pack(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The sealed rows of a case with their proofs, to be checked without this system."""
    found = case_for(desk, grants_for(request), number)
    return pack_response(evidence.pack(found.id, case=found.number), found.number)


def pack_response(pack: dict[str, Any], name: str) -> HttpResponse:
    """An evidence pack as a file."""
    response = JsonResponse(pack, json_dumps_params={"indent": 1})
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-bukti.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def print_sheet(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The case on paper, without inside notes and with the number masked."""
    context = case_context(request, desk, number)
    seen: Shown = context["seen"]
    context["entries"] = entries(desk, context["history"], words=context["reads"], inside=False)
    context["seal"] = evidence.last_seal(context["case"])
    context["bars"] = clock_bars(desk, seen.case, seen.clocks)
    context["issue_url"] = desk.url("issue", seen.number, "lembar")
    context["sheet"] = desk.texts.sheet % {"number": seen.number}
    return page(request, "casework/print.html", context)


def _crumbs(desk: Desk, grants: Grants, number: str, back: str) -> tuple[Crumb, ...]:
    """The breadcrumbs: the queue one came from, else one's own work and the list of all cases."""
    works = grants.may(desk.work)
    home = Crumb(text=desk.texts.queue if works else _("Desk"), url=back or reverse("desk_home"))
    if works and not back:
        home = Crumb(text=desk.texts.queue, url=desk.url("queue"))
    listed = (Crumb(text=desk.texts.list, url=desk.url("agency")),) if works and not back else ()
    return (home, *listed, Crumb(text=number))


def _tabs(desk: Desk, context: dict[str, Any], grants: Grants) -> list[dict[str, Any]]:
    case, history = context["case"], context["history"]
    files = sum(len(some) for some in history.files.values())
    story = ("", _("Timeline"), len(context["entries"]))
    words = (
        (PHOTOS, _("Photos"), files),
        *((one.name, one.label, one.count(case, grants)) for one in desk.tabs),
    )
    journal = (JOURNAL, _("Journal"), len(history.rows))
    page = context["origin"].case(case.number)
    return [
        {"name": name, "label": label, "count": count, "url": page.with_value(TAB, name).url}
        for name, label, count in (story, *(words if context["reads"] else ()), journal)
    ]


def _tab_template(desk: Desk, tab: str) -> str:
    if tab == PHOTOS:
        return "casework/albums.html"
    return next((one.template for one in desk.tabs if one.name == tab), "")


def _tab_context(request: HttpRequest, desk: Desk, tab: str, context: dict[str, Any]) -> dict[str, Any]:
    case, history = context["case"], context["history"]
    if tab == PHOTOS:
        return {"albums": _albums(desk, history)}
    if tab == JOURNAL:
        check = context["origin"].with_value(TAB, tab).with_value(CHECK, "1").url
        return {
            "journal": evidence.journal_of(case.id, history.posts, evidence.of_case(desk)),
            "asked_check": CHECK in request.GET,
            "check_url": check,
            "issue_url": desk.url("issue", case.number, "bukti") if context["reads"] else "",
            "papers": [
                (one, desk.url("paper", case.number, one.id)) for one in papers_of(case) if context["reads"]
            ],
        }
    own = next((one for one in desk.tabs if one.name == tab), None)
    return dict(own.context(case, grants_for(request), history)) if own else {}


def _albums(desk: Desk, history: History) -> list[tuple[Any, list[Any]]]:
    files = [one for some in history.files.values() for one in some]
    return [
        (moment.label, [(photo(one), one.is_inside) for one in files if one.moment == moment.name])
        for moment in desk.lifecycle.moments
        if any(one.moment == moment.name for one in files)
    ]
