"""The report in the middle, the disposition at the right, the likely duplicates below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.names import channel, place_names
from kotacerdas.foundation.casework.photos import photo
from kotacerdas.foundation.casework.rows import state_tag
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.territory.minimap import is_rough
from kotacerdas.foundation.ui.marking import marked
from kotacerdas.foundation.ui.shapes import Photo, Tag
from kotacerdas.foundation.ui.tags.words import daytime
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.desk.shown import place
from kotacerdas.programs.iceta.lifecycles import S, title
from kotacerdas.programs.iceta.models import Category
from kotacerdas.programs.iceta.promises import FROM_DESK, promises
from kotacerdas.programs.iceta.public.suggest import Suggestion, suggest
from kotacerdas.programs.iceta.queries import Similar, reports_for, similar_there
from kotacerdas.programs.iceta.verify.queries import ALIKE, FLOOD_SHOWN

OFFERED, MOST_TWINS = 3, 5
SAME_PLACE_M = 60.0  # two positions of phones at one spot differ that much


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A category on offer with why it is offered."""

    category: Category
    name: str
    words: tuple[str, ...]
    by_reporter: bool
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """What the words bring: offers, the one preselected (none below certainty), all the deciding words."""

    offers: Sequence[Offer]
    chosen: Category | None
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A report that may tell of the same thing."""

    case: Case
    title: str
    percent: int
    distance: float | None
    tag: Tag
    followers: int
    on: bool
    is_strong: bool


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One line of the comparison."""

    label: str
    own: Any
    other: Any
    is_same: bool
    is_photo: bool = False


def suggested(case: Case) -> Suggested:
    """Up to three categories: what the words say, and what the reporter chose.

    Preselected is what the words plainly say, what words and reporter agree on, or where no word decides what
    the reporter chose. An emergency never is by words alone, but one that the reporter chose stands before all
    else: its clocks run in minutes. After a return the category decided before stays.
    """
    report, known = case.report, categories()
    hits: list[Suggestion] = suggest(report.words, known.values(), most=OFFERED)
    by_code = {hit.category.code: hit for hit in hits}
    own = known.get(report.category.code, report.category)
    shown = [hit.category for hit in hits]
    if own.code not in by_code:
        shown = [*shown[: OFFERED - 1], own]
    offers = [
        Offer(
            category=one,
            name=title(one.code),
            words=by_code[one.code].words if one.code in by_code else (),
            by_reporter=one.code == own.code,
            key=str(index),
        )
        for index, one in enumerate(shown, 1)
    ]
    words = tuple(word for hit in hits for word in hit.words)
    return Suggested(offers=offers, chosen=_chosen(case, hits, own), words=words)


def story(case: Case, words: Sequence[str]) -> SafeString:
    """The reporter's words with those that decided marked."""
    return marked(case.report.words, words)


def photos(case: Case) -> list[Photo]:
    """What the reporter sent, small and linked to the large one."""
    return [photo(one) for one in _files(case)]


def promise_lines(
    category: Category | None, urgency: str, report_class: str, is_oversight: bool
) -> list[str]:
    """The promise that will apply; nothing while no category is chosen."""
    if category is None:
        return []
    return promises(
        category=category,
        urgency=urgency,
        report_class=report_class,
        is_oversight=is_oversight,
        clocks=FROM_DESK,
    )


def twins(grants: Grants, case: Case, with_number: str) -> list[Twin]:
    """Likely duplicates, most alike first; the chosen one (else the best strong one) is on."""
    tells = not is_rough(case.report.accuracy_m)  # one that tells no village is no place to be near to
    near = similar_there(
        lat=case.lat if tells else None,
        lng=case.lng if tells else None,
        village=case.area_code,
        among=reports_for(grants),
        words=case.report.words,
        exclude=case.id,
    )
    found = sorted(near, key=lambda one: (-one.likeness, one.distance or 0))[:MOST_TWINS]
    on = next((one for one in found if one.case.number == with_number.strip().upper()), None)
    on = on or (found[0] if found else None)
    return [_twin(one, on, case.report.category) for one in found]


def unanswered(grants: Grants, case: Case, apart: Sequence[str]) -> list[Twin]:
    """The flagged twins of which nobody has said yet that they are another matter.

    apart  the numbers of those that were shown with the question and found to be another matter
    """
    return [one for one in twins(grants, case, "") if one.is_strong and one.case.number not in apart]


def compared(case: Case, other: Similar | Twin) -> list[Compared]:
    """Field by field; equal ones are tinted."""
    twin, words = other.case, _shared_words(case, other.case)
    distance = getattr(other, "distance", None)
    alike = getattr(other, "percent", 0) >= ALIKE * 100
    near = distance is not None and distance <= SAME_PLACE_M
    same_village = bool(case.area_code) and case.area_code == twin.area_code
    rows = [
        Compared(
            label=_("Category"),
            own=title(case.title_code),
            other=title(twin.title_code),
            is_same=case.title_code == twin.title_code,
        ),
        Compared(
            label=_("Words"),
            own=marked(_cut(case.report.words), words),
            other=marked(_cut(twin.report.words), words),
            is_same=alike,
        ),
        Compared(
            label=_("Place"),
            own=place(case) or "–",
            other=place(twin) or "–",
            is_same=near or (distance is None and same_village),
        ),
        Compared(
            label=_("Time"),
            own=daytime(case.opened_at),
            other=daytime(twin.opened_at),
            is_same=abs((case.opened_at - twin.opened_at).total_seconds()) < 24 * 3600,
        ),
    ]
    own, theirs = photos(case)[:1], photos(twin)[:1]
    if own or theirs:
        own_item = own[0] if own else None
        rows.insert(
            0,
            Compared(
                label=_("Photo"),
                own=own_item,
                other=theirs[0] if theirs else None,
                is_same=False,
                is_photo=True,
            ),
        )
    return rows


def list_row(case: Case) -> dict[str, Any]:
    """One line of the list."""
    village, district = place_names(case.area_code)
    return {
        "case": case,
        "title": title(case.title_code),
        "place": " · ".join(name for name in (village, district) if name),
        "channel": channel(case.channel),
        "alike": getattr(case, "alike", 0),
        "folded": _folded(case),
        "tag": state_tag(case) if case.state != S.RECEIVED else None,
    }


def _folded(case: Case) -> int:
    """How many more reports of one sender are folded under this row; shown under the last visible one."""
    more: int = getattr(case, "flood_size", 0) - FLOOD_SHOWN
    return max(0, more) if getattr(case, "flood_place", 0) == FLOOD_SHOWN else 0


def _chosen(case: Case, hits: Sequence[Suggestion], own: Category) -> Category | None:
    if case.state == S.RETURNED:
        return own
    if own.urgency == "emergency" or not hits:
        return own
    if hits[0].preselect:
        return hits[0].category
    agreed = any(hit.category.code == own.code for hit in hits)
    return own if agreed else None


def _twin(one: Similar, on: Similar | None, category: Category) -> Twin:
    is_same_matter = one.distance is not None and one.case.report.category_id == category.pk
    return Twin(
        case=one.case,
        title=title(one.case.title_code),
        percent=round(one.likeness * 100),
        distance=one.distance,
        tag=state_tag(one.case),
        followers=one.followers,
        on=one is on,
        is_strong=one.likeness >= ALIKE or is_same_matter,
    )


def _shared_words(case: Case, twin: Case) -> list[str]:
    """The longer words that occur in both reports, to be marked in both."""
    own, other = (set(text.casefold().split()) for text in (case.report.words, twin.report.words))
    return [word.strip(".,;:!?") for word in own & other if len(word) > 3]


def _cut(text: str, most: int = 160) -> str:
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"


def _files(case: Case) -> list[Any]:
    return list(
        case.files.select_related("file", "case")
        .filter(moment="before", is_inside=False)
        .order_by("added_at", "id")
    )
