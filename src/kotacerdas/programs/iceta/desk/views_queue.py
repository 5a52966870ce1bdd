"""The queue with a case beside it, the agency's reports, and the search."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.territory.queries import districts
from kotacerdas.foundation.ui.shapes import Action, Chip, Empty
from kotacerdas.foundation.ui.tags.words import number as written
from kotacerdas.kernel import ids
from kotacerdas.programs.iceta.desk import queries
from kotacerdas.programs.iceta.desk.agency import AgencyFilter
from kotacerdas.programs.iceta.desk.filters import EMERGENCY, Moments, Named, chosen, filters, groups
from kotacerdas.programs.iceta.desk.forms import BulkHandForm
from kotacerdas.programs.iceta.desk.origin import FILTER, OPEN, PAGE, Origin, origin_of
from kotacerdas.programs.iceta.desk.pages import case_context, frame, page, wants_pane
from kotacerdas.programs.iceta.desk.rows import Row, case_rows, line_of, rows_of
from kotacerdas.programs.iceta.permissions import ASSIGN, TAKE_CALL, VERIFY, VIEW, WORK


@require_safe
@desk(WORK)
def queue(request: HttpRequest) -> HttpResponse:
    """My work: open assignments of my agencies in order of their clocks, one case open beside them."""
    opened = request.GET.get(OPEN, "")
    if wants_pane(request):
        return page(request, "iceta/desk/pane.html", case_context(request, opened) if opened else {})
    return page(request, "iceta/desk/queue.html", queue_context(request, opened))


def queue_context(request: HttpRequest, opened: str) -> dict[str, Any]:
    """What the queue's page shows."""
    grants, actor = grants_for(request), acting(request)
    at = Moments.current()
    offered = filters(grants, at)
    wanted = chosen(offered, request.GET.get(FILTER, ""))
    seen = queries.queue_page(grants, wanted, _number(request.GET.get(PAGE)))
    names = _group_names(seen, at)
    origin = origin_of(request, reverse("iceta:queue"))
    agencies = grants.scope(WORK).agencies
    topics = {f"agency:{one.agency.code}" for one in grants.positions if one.agency_id in agencies}
    return {
        **frame(topics),
        **(case_context(request, opened) if opened else {}),
        "origin": origin,
        "opened": opened.upper(),
        "groups": _grouped(rows_of(seen.rows, names, actor), seen, at),
        "chips": _chips(offered, wanted, seen, origin),
        "total": seen.total,
        "pages": _pages(seen.number, seen.pages, origin.with_value(OPEN, "")),
        "empty": None if seen.rows else _empty(seen, wanted),
        "bulk_key": ids.new_id(),
        "bulk_form": BulkHandForm(agencies=grants.scope(ASSIGN).agencies) if grants.may(ASSIGN) else None,
    }


@require_safe
@desk(VIEW, WORK)
def agency(request: HttpRequest) -> HttpResponse:
    """All reports of my agencies, open and closed, newest first."""
    grants = grants_for(request)
    wanted = AgencyFilter.of(request, grants)
    origin = origin_of(request, reverse("iceta:agency"))
    counts = wanted.counts()
    paginator = Paginator(wanted.cases(), queries.PAGE_SIZE)
    paginator.__dict__["count"] = wanted.total(counts)  # counted once for chips and pages
    seen = paginator.get_page(request.GET.get(PAGE))
    context = {
        **frame(f"agency:{one.agency.code}" for one in grants.positions),
        "rows": case_rows(list(seen.object_list)),
        "chips": wanted.chips(counts, origin.with_value(PAGE, "")),
        "total": paginator.count,
        "pages": _pages(seen.number, paginator.num_pages, origin),
        "districts": districts(),
        "wanted": wanted,
        "holders": wanted.holders(),
        "empty": Empty(
            icon="search-x",
            title=_("No report fits these filters"),
            action=Action(label=_("Show all reports"), url=reverse("iceta:agency")),
        ),
    }
    return page(request, "iceta/desk/agency.html", context)


@require_safe
@desk(VIEW, WORK, VERIFY)
def search(request: HttpRequest) -> HttpResponse:
    """Reports by number, words or landmark, as far as one may see them."""
    asked = request.GET.get("q", "").strip()[:200]
    grants = grants_for(request)
    found = queries.search(grants, asked, limit=queries.PAGE_SIZE)
    context = {
        **frame(query=asked),
        "asked": asked,
        "rows": case_rows(found),
        "line": line_of(asked) if not found and grants.may(TAKE_CALL) else None,
        "empty": Empty(
            icon="search",
            title=_("Nothing found for “%(asked)s”") % {"asked": asked}
            if asked
            else _("What do you look for?"),
            text=_("Type a report's number, a word of the story, or a landmark."),
        ),
    }
    return page(request, "iceta/desk/search.html", context)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1


def _group_names(seen: queries.QueuePage, at: Moments) -> dict[Any, str]:
    """The group of each assignment of the page, by the same bounds as the counts."""
    names = {}
    for one in seen.rows:
        if one.case.priority == EMERGENCY:
            name = "darurat"
        elif one.is_paused:
            name = "jeda"
        elif one.due_at is None or one.due_at > at.week_end:
            name = "nanti"
        elif one.due_at < at.now:
            name = "lewat"
        else:
            name = "hari-ini" if one.due_at <= at.day_end else "minggu-ini"
        names[one.id] = name
    return names


def _grouped(rows: list[Row], seen: queries.QueuePage, at: Moments) -> list[dict[str, Any]]:
    found = [
        {
            "label": group.label,
            "icon": group.icon,
            "count": seen.group_counts[group.name],
            "rows": [row for row in rows if row.group == group.name],
        }
        for group in groups(at)
    ]
    return [group for group in found if group["rows"]]


def _chips(offered: tuple[Named, ...], wanted: Named, seen: queries.QueuePage, origin: Origin) -> list[Chip]:
    base = origin.with_value(PAGE, "")
    return [
        Chip(
            text=one.label,
            url=base.with_value(FILTER, "" if index == 0 or one is wanted else one.name).url,
            count=seen.filter_counts[one.name],
            on=one is wanted,
            removable=one is wanted and index > 0,
        )
        for index, one in enumerate(offered)
    ]


def _pages(number: int, pages: int, origin: Origin) -> dict[str, Any]:
    return {
        "number": number,
        "of": pages,
        "before": origin.with_value(PAGE, str(number - 1) if number > 2 else "").url if number > 1 else "",
        "after": origin.with_value(PAGE, str(number + 1)).url if number < pages else "",
    }


def _empty(seen: queries.QueuePage, wanted: Named) -> Empty:
    """Nothing to do: where there is something."""
    free = seen.filter_counts["kosong"]
    if wanted.name != "kosong" and free:
        return Empty(
            icon="circle-check",
            title=_("Your queue is empty"),
            text=ngettext(
                "%(n)s report of your agency is held by nobody yet.",
                "%(n)s reports of your agency are held by nobody yet.",
                free,
            )
            % {"n": written(free)},
            action=Action(
                label=_("Take one"), url=f"{reverse('iceta:queue')}?{FILTER}=kosong", key="g", primary=True
            ),
        )
    return Empty(
        icon="circle-check",
        title=_("Your queue is empty"),
        text=_("New work appears here by itself as soon as the verifier assigns it."),
        action=Action(label=_("See all reports of the agency"), url=reverse("iceta:agency"), key="g"),
    )
