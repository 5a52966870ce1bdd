"""Published open reports that may tell of the same thing as a draft, offered before another is filed."""

from __future__ import annotations

from typing import Any

from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.following.present import public_tag
from kotacerdas.foundation.forms.drafts import Draft
from kotacerdas.foundation.forms.places import position_of, village_of
from kotacerdas.programs.iceta import queries
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.models import Category
from kotacerdas.programs.iceta.pack_tables import limits
from kotacerdas.programs.iceta.queries import Similar

_SHOWN = 3


def offered(draft: Draft, category: Category | None = None) -> list[dict[str, Any]]:
    """What the words page offers to join: number, title, distance ("" within the village), age, who joined, state."""
    return [
        {
            "number": one.case.number,
            "title": lifecycle_of(one.case).title(one.case.title_code),
            "distance": rounded(one.distance),
            "opened_at": one.case.opened_at,
            "joined": one.followers - 1,
            "tag": public_tag(one.case),
            "words": one.case.report.words if one.case.report.words_published else "",
        }
        for one in _found(draft, category or categories().get(draft.text("category")))[:_SHOWN]
    ]


def not_seen(draft: Draft, seen: str) -> bool:
    """Whether reports would be offered that the page did not show; `seen` has the numbers it showed."""
    return not {one["number"] for one in offered(draft)} <= set(seen.split())


def rounded(distance: float | None) -> str:
    """A distance to somebody else's report, never finer than the pack's step; "" when unknown."""
    if distance is None:
        return ""
    step = limits().shown_distance_step_metres
    return f"{max(step, round(distance / step) * step)} m"


def _found(draft: Draft, category: Category | None) -> list[Similar]:
    """Reports near the position, then those of the village without a position.

    Without a position, all of the village that are alike by category or by published words.
    """
    lat, lng = position_of(draft) or (None, None)
    return queries.similar_there(
        lat=lat,
        lng=lng,
        village=draft.text("area") if village_of(draft) else "",
        among=queries.published(),
        words=draft.text("words"),
        category=category,
        for_public=True,
    )
