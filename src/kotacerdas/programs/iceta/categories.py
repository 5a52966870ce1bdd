"""The pack's categories of reports, cached for a few seconds."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db.models import Count

from kotacerdas.kernel import clock
from kotacerdas.kernel.memory import forgets
from kotacerdas.programs.iceta.models import Category, Report

_KEEP_SECONDS = 10.0
_cache: tuple[float, dict[str, Category]] | None = None


def categories() -> dict[str, Category]:
    """Categories in use, by code, in the pack's order; read again at most every ten seconds."""
    global _cache
    if _cache is None or time.monotonic() > _cache[0]:
        chosen = Category.objects.filter(closed_on=None).select_related("lead").prefetch_related("supporting")
        _cache = (time.monotonic() + _KEEP_SECONDS, {one.code: one for one in chosen})
    return _cache[1]


@forgets
def forget_categories() -> None:
    """Read the store at the next call; for the pack's loader and for tests."""
    global _cache
    _cache = None


def common_kinds(most: int = 3) -> list[Category]:
    """The kinds reported most in the last 90 days, emergencies apart; the pack's first ones before any."""
    since = clock.now() - timedelta(days=90)
    counted = (
        Report.objects.filter(case__opened_at__gte=since, category__closed_on=None)
        .exclude(category__urgency="emergency")
        .order_by()
        .values_list("category__code")
        .annotate(n=Count("case"))
    )
    often = dict(counted)
    known = [one for one in categories().values() if one.urgency != "emergency"]
    return sorted(known, key=lambda one: (-often.get(one.code, 0), one.order))[:most]
