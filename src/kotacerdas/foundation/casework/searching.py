"""One search over the cases and other subjects of all kinds, as far as one may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kotacerdas.foundation.cases.lifecycle import lifecycles
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import visible_case, visible_to
from kotacerdas.foundation.casework.declarations import Column, Desk
from kotacerdas.foundation.casework.pages import frame, page
from kotacerdas.foundation.casework.queries import PAGE_SIZE, readable
from kotacerdas.foundation.casework.registry import desks, page_of
from kotacerdas.foundation.casework.rows import Row, case_rows, list_columns, summary_for_caller
from kotacerdas.foundation.casework.texts import USUAL
from kotacerdas.foundation.parties.access import desk as staff
from kotacerdas.foundation.parties.access import grants_for
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.subjects import found_by
from kotacerdas.foundation.ui.shapes import Empty
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Missing
from kotacerdas.kernel.texts import MEANT_AS_DIGITS, plain_code


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found of one kind."""

    label: Any
    columns: list[Column]
    rows: list[Row]


@require_safe
@staff()
def search(request: HttpRequest) -> HttpResponse:
    """Cases and other subjects of every kind by number or words. Missing for who holds no right at all."""
    if not grants_for(request).scopes:
        raise Missing(_("There is no such page here."))
    return answer(request)


@require_safe
@staff()
def by_number(request: HttpRequest, number: str) -> HttpResponse:
    """Redirect from a number to the page of its case, of any kind. Missing for strangers as for no case at all."""
    return HttpResponseRedirect(page_of(visible_case(grants_for(request), number)))


def answer(request: HttpRequest, desk: Desk | None = None) -> HttpResponse:
    """The page of results, in the words of the desk where the search was made, else of the first desk."""
    asked, grants = request.GET.get("q", "").strip()[:200], grants_for(request)
    used = [one for one in desks().values() if any(grants.may(name) for name in one.readers)]
    texts = next((one.texts for one in [*([desk] if desk else []), *used]), USUAL)
    found = list(found_by_kind(find(grants, asked, limit=PAGE_SIZE)))
    things = found_by(grants, asked)
    line = None if found or things else line_of(grants, asked)
    nothing = _("Nothing found for “%(asked)s”") % {"asked": asked}
    context = {
        **frame(query=asked, placeholder=texts.search),
        "asked": asked,
        "found": found,
        "things": things,
        "line": line[1] if line else None,
        "for_caller": line[0].texts.for_caller if line else "",
        "empty": Empty(
            icon="search",
            title=nothing if asked else _("What do you look for?"),
            text=texts.search_hint,
        ),
    }
    return page(request, "casework/search.html", context)


def find(grants: Grants, text: str, limit: int = 20) -> list[Case]:
    """By number (or its digits) first, else by the words that each kind is searched by; newest first."""
    text = ids.normal_ticket(text) or text.strip()
    if not text:
        return []
    number = plain_code(text).upper()
    if ids.resembles_ticket(number) and number[:1].isdigit():
        number = number.translate(MEANT_AS_DIGITS)
    by_number = list(_with_related(grants, Q(number__icontains=number), limit)) if number else []
    return by_number or list(_with_related(grants, _matching(grants, text), limit))


def _matching(grants: Grants, text: str) -> Q:
    """The cases of each kind whose words somebody reads and that tell of the text."""
    wanted = Q(pk__in=())
    for desk in desks().values():
        if desk.search is not None:
            wanted |= Q(kind=desk.kind) & readable(desk, grants) & desk.search(text)
    return wanted


def _with_related(grants: Grants, wanted: Q, limit: int) -> Iterable[Case]:
    related = {name for desk in desks().values() for name in desk.related}
    chosen = visible_to(grants).filter(wanted).select_related("lead_agency", *sorted(related))
    return chosen.order_by("-opened_at", "-id")[:limit]


def found_by_kind(cases: Iterable[Case]) -> Iterable[Found]:
    """The cases by kind, in the order in which kinds first come up."""
    kinds: dict[str, list[Case]] = {}
    for case in cases:
        kinds.setdefault(case.kind, []).append(case)
    for kind, some in kinds.items():
        columns = desks()[kind].columns if kind in desks() else ()
        yield Found(
            label=lifecycles()[kind].label, columns=list_columns(columns), rows=case_rows(some, columns)
        )


def line_of(grants: Grants, number: str) -> tuple[Desk, dict[str, Any]] | None:
    """What a telephone desk tells a caller who names a number: title, village and state, whoever has the case."""
    answering = {
        one.kind: one
        for one in desks().values()
        if one.caller_permission and grants.may(one.caller_permission)
    }
    if not number or not answering:
        return None
    case = Case.objects.filter(kind__in=answering, number=ids.normal_ticket(number)).first()
    return (answering[case.kind], summary_for_caller(case)) if case is not None else None
