"""The register's pages: goods found by their words, and what is due."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.parties.access import desk, grants_for
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.kernel import clock
from kotacerdas.programs.lada import cards, queries
from kotacerdas.programs.lada.depreciation import Semester
from kotacerdas.programs.lada.models import Asset, Depreciation, Period
from kotacerdas.programs.lada.permissions import CHANGE, VIEW
from kotacerdas.programs.lada.register import due as dues
from kotacerdas.programs.lada.register import searching
from kotacerdas.programs.lada.register.photos import first_photos
from kotacerdas.programs.lada.stocktake.counting import used_by_others


@require_safe
@desk(VIEW)
def register(request: HttpRequest) -> HttpResponse:
    """Goods found by what stands in the address: words, card, gap, agency, condition, order."""
    began = perf_counter()
    grants, question = grants_for(request), searching.asked(request)
    counts = searching.counted(grants, question)
    hits = searching.hits(grants, question)
    total = searching.bounded(hits) if question.card or question.gap else counts.total
    is_more = total > searching.MOST
    hits = searching.ordered(hits.select_related("holder"), question, is_more=is_more)
    last = max(1, -(-min(total, searching.MOST) // searching.SHOWN))
    number = min(_number(request.GET.get("hal", "")), last)
    start = (number - 1) * searching.SHOWN
    books = Period.objects.order_by("-year", "-half").first()
    rows = _rows(list(hits[start : start + searching.SHOWN]), books)
    context = {
        "asked": question,
        "books_on": Semester(books.year, books.half).last if books is not None else None,
        "rows": rows,
        "total": min(total, searching.MOST),
        "is_more": is_more,
        "is_unsorted": is_more and question.order != "nibar",
        "ms": max(1, round((perf_counter() - began) * 1000)),
        "tabs": _tabs(question, counts),
        "chips": _chips(question, counts),
        "orders": [(label, question.query(urut=code), code == question.order) for code, label in _orders()],
        "agencies": _agencies(request),
        "conditions": Asset.Condition.choices,
        "first": start + 1,
        "last": start + len(rows),
        "number": number,
        "pages": last,
        "before": question.query(hal=str(number - 1)) if number > 1 else "",
        "after": question.query(hal=str(number + 1)) if number < last else "",
        "may_change": grants.may(CHANGE),
        "shortest": searching.SHORTEST,
    }
    return page(request, "lada/register/register.html", context)


@require_safe
@desk(VIEW)
def due(request: HttpRequest) -> HttpResponse:
    """What comes due: plates, tax, insurance; and land without a certificate."""
    grants, kind = grants_for(request), request.GET.get("jenis", "")
    kind = kind if kind in dues.KINDS else next(iter(dues.KINDS))
    lists = [
        (code, label, dues.due_for(grants, code)[: dues.MOST + 1].count())
        for code, label in dues.KINDS.items()
    ]
    shown = list(dues.due_for(grants, kind).select_related("holder")[: dues.MOST])
    context = {
        "lists": lists,
        "most": dues.MOST,
        "kind": kind,
        "rows": [(one, dues.day_of(one, kind), dues.left(one, kind), _where(one)) for one in shown],
        "crumbs": (
            Crumb(text=_("Register of goods"), url=queries.register_url()),
            Crumb(text=_("Due")),
        ),
    }
    return page(request, "lada/register/due.html", context)


def _rows(goods: list[Asset], books: Period | None) -> list[dict[str, Any]]:
    photos = first_photos(goods)
    book = dict(Depreciation.objects.filter(period=books, asset__in=goods).values_list("asset", "book"))
    others = used_by_others(goods)
    today = clock.today()
    return [
        {
            "asset": one,
            "photo": photos.get(one.id),
            "small": _small(one),
            "book": book.get(one.id),
            "by_others": one.id in others,
            "holder": one.holder.name if one.holder is not None else "",
            "place": one.room.name if one.room is not None else one.facts.get("address", ""),
            "has_place": one.room is not None or one.lat is not None,  # as the chip "no place" counts
            "plate_over": one.plate_until is not None and one.plate_until < today,
            "plate_soon": one.plate_until is not None
            and 0 <= (one.plate_until - today).days <= searching.SOON,
        }
        for one in goods
    ]


def _where(one: Asset) -> str:
    """What a good in a list of due days is told by: its plate, else its address."""
    return str(one.facts.get("plate_no") or one.facts.get("address") or "")


def _small(one: Asset) -> str:
    facts = (one.facts.get("plate_no"), one.facts.get("brand"), str(one.acquired_on.year))
    return ", ".join(filter(None, facts))


def _tabs(question: searching.Asked, counts: searching.Counted) -> list[dict[str, Any]]:
    every = {
        "label": _("All"),
        "small": "",
        "count": counts.total,
        "query": question.query(kib=""),
        "on": not question.card,
    }
    return [
        every | ({"count": None} if counts.is_more else {}),
        *(
            {
                "label": _("KIB %(card)s") % {"card": card},
                "small": cards.SHORT[card],
                "count": counts.cards.get(card),
                "query": question.query(kib=card),
                "on": card == question.card,
            }
            for card in cards.COLUMNS
        ),
    ]


def _chips(question: searching.Asked, counts: searching.Counted) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "count": counts.gaps.get(code),
            "on": code == question.gap,
            "query": question.query(celah="" if code == question.gap else code),
        }
        for code, _name, label in searching.CHIPS
    ]


def _orders() -> Any:
    return searching.ORDER_LABELS


def _agencies(request: HttpRequest) -> list[Agency]:
    """Agencies to choose from: those of one's rights, where they are more than one."""
    scope = grants_for(request).scope(VIEW)
    found = list(Agency.objects.filter(scope.within("id")).order_by("short_name"))
    return found if len(found) > 1 else []


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
