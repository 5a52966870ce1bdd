"""The queue with a case beside it, and the list of the agency's cases."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kotacerdas.foundation.casework import queries
from kotacerdas.foundation.casework.declarations import Act, Desk
from kotacerdas.foundation.casework.filters import Moments, Named, chosen, filters, group_of, groups
from kotacerdas.foundation.casework.listing import ListFilter
from kotacerdas.foundation.casework.origin import FILTER, OPEN, PAGE, Origin, origin_of
from kotacerdas.foundation.casework.pages import case_context, frame, page, wants_pane
from kotacerdas.foundation.casework.rows import Row, case_rows, list_columns, rows_of
from kotacerdas.foundation.parties.access import acting, grants_for
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.territory.queries import districts
from kotacerdas.foundation.ui.shapes import Action, Chip, Empty
from kotacerdas.foundation.ui.tags.words import number as written
from kotacerdas.kernel import ids


def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """My work: open assignments of my agencies in order of their clocks, one case open beside them."""
    opened = request.GET.get(OPEN, "")
    if wants_pane(request):
        return page(request, "casework/pane.html", case_context(request, desk, opened) if opened else {})
    return page(request, "casework/queue.html", queue_context(request, desk, opened))


def queue_context(request: HttpRequest, desk: Desk, opened: str) -> dict[str, Any]:
    """What the queue's page shows."""
    grants, actor = grants_for(request), acting(request)
    at = Moments.current()
    offered = filters(desk, grants, at)
    wanted = chosen(offered, request.GET.get(FILTER, ""))
    seen = queries.queue_page(desk, grants, wanted, _number(request.GET.get(PAGE)))
    names = {one.id: group_of(one, at) for one in seen.rows}
    origin = origin_of(request, desk, desk.url("queue"))
    agencies = grants.scope(desk.work).agencies
    topics = {f"agency:{one.agency.code}" for one in grants.positions if one.agency_id in agencies}
    return {
        **frame(topics, placeholder=desk.texts.search),
        **(case_context(request, desk, opened) if opened else {}),
        "desk": desk,
        "origin": origin,
        "opened": opened.upper(),
        "groups": _grouped(rows_of(desk, seen.rows, names, actor), seen, at),
        "chips": _chips(offered, wanted, seen, origin),
        "total": seen.total,
        "downloads": [
            (ending, Origin(desk, desk.url(name), ()).with_value(FILTER, request.GET.get(FILTER, "")).url)
            for ending, name in (("XLSX", "queue_sheet"), ("CSV", "queue_csv"))
        ],
        "pages": _pages(seen.number, seen.pages, origin.with_value(OPEN, "")),
        "open_base": _open_base(request.GET.get(FILTER, ""), seen.number),
        "empty": None if seen.rows else _empty(desk, seen, wanted),
        "bulk_key": ids.new_id(),
        "bulk": [_bulk(desk, act, grants) for act in desk.bulk_acts if _may_bulk(desk, act, grants)],
        "span": 4 + len(desk.columns),
    }


def agency(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All cases of my agencies, open and closed, newest first."""
    grants = grants_for(request)
    wanted = ListFilter.of(request, desk, grants)
    origin = origin_of(request, desk, desk.url("agency"))
    counts = wanted.counts()
    paginator = Paginator(wanted.cases(), queries.PAGE_SIZE)
    paginator.__dict__["count"] = wanted.total(counts)  # counted once for chips and pages
    seen = paginator.get_page(request.GET.get(PAGE))
    count = {"counter": paginator.count, "n": written(paginator.count)}
    context = {
        **frame((f"agency:{one.agency.code}" for one in grants.positions), placeholder=desk.texts.search),
        "desk": desk,
        "columns": list_columns(desk.columns),
        "rows": case_rows(list(seen.object_list), desk.columns),
        "chips": wanted.chips(counts, origin.with_value(PAGE, "")),
        "count": desk.texts.list_count % count,
        "pages": _pages(seen.number, paginator.num_pages, origin),
        "districts": districts() if desk.by_district else (),
        "wanted": wanted,
        "holders": wanted.holders(),
        "empty": Empty(
            icon="search-x",
            title=desk.texts.none_fits,
            action=Action(label=desk.texts.show_all, url=desk.url("agency")),
        ),
    }
    return page(request, "casework/agency.html", context)


def _may_bulk(desk: Desk, act: Act, grants: Grants) -> bool:
    return act.bulk_form is None or grants.may(desk.lifecycle.by_step[act.step].by)


def _bulk(desk: Desk, act: Act, grants: Grants) -> dict[str, Any]:
    """An act on several cases: its button, and what it asks."""
    step = desk.lifecycle.by_step[act.step]
    form = act.bulk_form
    return {
        "step": step,
        "label": act.bulk_label or step.label,
        "url": desk.url("bulk", act.step),
        "form": form(agencies=grants.scope(step.by).agencies) if form else None,
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1


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


def _open_base(wanted: str, number: int) -> str:
    """The address by which a row of this page is opened beside it, up to the row's number."""
    parameters = {FILTER: wanted, PAGE: str(number) if number > 1 else ""}
    return "?" + urlencode([*((name, value) for name, value in parameters.items() if value), (OPEN, "")])


def _empty(desk: Desk, seen: queries.QueuePage, wanted: Named) -> Empty:
    """What an empty queue shows: links to where there is work."""
    free = seen.filter_counts["kosong"]
    if wanted.name != "kosong" and free:
        return Empty(
            icon="circle-check",
            title=_("Your queue is empty"),
            text=desk.texts.unheld % {"counter": free, "n": written(free)},
            action=Action(
                label=_("Take one"), url=f"{desk.url('queue')}?{FILTER}=kosong", key="g", primary=True
            ),
        )
    return Empty(
        icon="circle-check",
        title=_("Your queue is empty"),
        text=desk.texts.new_work,
        action=Action(label=desk.texts.see_all, url=desk.url("agency"), key="g"),
    )
