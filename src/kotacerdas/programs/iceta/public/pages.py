"""What each page of a report shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.files.queries import thumb_size
from kotacerdas.foundation.files.urls import signed
from kotacerdas.foundation.parties.access import citizen
from kotacerdas.foundation.territory.queries import districts, inside_regency
from kotacerdas.foundation.ui.shapes import Photo, Stage
from kotacerdas.kernel import phones
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.iceta.categories import categories, common_kinds
from kotacerdas.programs.iceta.models import Category
from kotacerdas.programs.iceta.public import forms, places, similar, unsent
from kotacerdas.programs.iceta.public.drafts import Carried
from kotacerdas.programs.iceta.public.suggest import suggest
from kotacerdas.programs.iceta.rules import emergency_help, limits

ORDER = ("photo", "place", "words", "check")
FORMS: dict[str, type[forms.PageForm]] = {
    "photo": forms.PhotoForm,
    "place": forms.PlaceForm,
    "words": forms.WordsForm,
    "check": forms.CheckForm,
}
_OWN_FIELDS = {
    "photo": (),
    "place": ("place_words",),
    "words": ("words", "category"),
    "check": ("identity", "secret", "name", "phone"),
}
_PAGE_OF_FIELD = {
    "photos": "photo",
    "place": "place",
    "area": "place",
    "words": "words",
    "category": "words",
    "urgency": "words",
}


def context(
    request: HttpRequest, name: str, draft: Carried, form: forms.PageForm, *, is_fresh: bool
) -> dict[str, Any]:
    """Everything the page's template needs."""
    draft = _with_photo_place(draft) if name == "place" else draft
    if name == "check":
        _offer_number(request, draft, form)
    own = {
        "photo": lambda: photo_context(draft),
        "place": lambda: place_context(request, draft),
        "words": lambda: words_context(draft),
        "check": lambda: photo_context(draft),
    }[name]()
    position = ORDER.index(name)
    following = "check" if draft.then == "check" else ORDER[min(position + 1, 3)]
    return {
        "draft": draft,
        "form": form,
        "page": name,
        "is_fresh": is_fresh,
        "hidden": list(draft.hidden(*_OWN_FIELDS[name])),
        "stages": stages(name, draft),
        "back_url": reverse(f"iceta:report_{ORDER[position - 1]}") if position else "",
        "back_label": _labels()[ORDER[position - 1]] if position else "",
        "next_url": reverse(f"iceta:report_{following}"),
        "own_url": reverse(f"iceta:report_{name}"),
        "kept_url": unsent.address(name, draft),
        "limits": limits(),
        "kind_name": category_name(draft.kind) if draft.kind else "",
        **own,
    }


def _offer_number(request: HttpRequest, draft: Carried, form: forms.PageForm) -> None:
    """Fill in the number of a citizen who is signed in, until they said themselves who reports and how to reach them."""
    user = citizen(request)
    if user is not None and not draft.phone and not draft.identity:
        form.initial["phone"] = phones.shown(user.phone)


def stages(now: str, draft: Carried) -> list[Stage]:
    """The four segments: done, now, next. A report begun with its words has no photo and place yet."""
    place = ORDER.index(now)
    before: Literal["done", "next"] = (
        "next" if now == "words" and not has_begun_before_words(draft) else "done"
    )
    return [
        Stage(label=_labels()[name], state=before if at < place else "now" if at == place else "next")
        for at, name in enumerate(ORDER)
    ]


def has_begun_before_words(draft: Carried) -> bool:
    """Whether the pages before the words have been gone through: a place can be had only there."""
    return bool(draft.photos) or draft.village is not None


def lacking(draft: Carried) -> str:
    """The first page whose question has no answer yet; "" when all have."""
    for name in ORDER[:3]:
        if not FORMS[name](draft, ask=True).is_valid():
            return name
    return ""


def page_of(error: Invalid) -> str:
    """On which page an action's complaint can be mended."""
    named = [_PAGE_OF_FIELD.get(name, "check") for name in error.fields]
    return min(named, key=ORDER.index) if named else "check"


def photo_context(draft: Carried) -> dict[str, Any]:
    """The draft's photos with their sizes, the first one large."""
    return {
        "photos": [_photo(stored, index) for index, stored in enumerate(draft.photos, 1)],
        "most": limits().most_photos,
    }


def place_context(request: HttpRequest, draft: Carried) -> dict[str, Any]:
    """Position, the village as the answer or the nearest as an offer, and what was searched."""
    view = places.view_of(request)
    inside = draft.position is not None and inside_regency(*draft.position)
    village = draft.village
    answer, others = places.answer_of(draft)
    return {
        "village": village,
        "pin": draft.position if inside else ((village.lat, village.lng) if village else None),
        "has_position": inside,
        "answer": answer,
        "nearest": others,
        "outside": forms.outside_words(draft),
        "options": places.options_for(draft, query=view["cari"], district=view["kecamatan"]),
        "query": view["cari"],
        "district": view["kecamatan"],
        "districts": sorted(districts(), key=lambda area: area.name),
        "from_photo": draft.accuracy is None and _is_of_photo(draft),
    }


def words_context(draft: Carried) -> dict[str, Any]:
    """Suggested kinds, all kinds by group, and similar reports nearby."""
    known = categories()
    suggested = suggest(draft.words, known.values())
    chosen = draft.kind
    preselected = next((one.category for one in suggested if one.preselect), None)
    shown = [one.category for one in suggested] or common_kinds()
    if chosen is not None and chosen not in shown:
        shown.append(chosen)
    urgent = [category for category in shown if category.urgency == "emergency"]
    return {
        "kinds": [_kind(category, chosen or preselected) for category in shown],
        "groups": _groups(known.values(), shown),
        "help": emergency_help(category.group for category in urgent) if urgent else None,
        "is_suggested": bool(suggested),
        "asked": bool(draft.words.strip()),
        "similar": similar.offered(draft, chosen or preselected),
        "count": len(draft.words),
        "starts_here": not has_begun_before_words(draft),
    }


def category_name(category: Category) -> str:
    """The name in the language of the page."""
    return category.name_en if (get_language() or "id").startswith("en") else category.name_id


def _kind(category: Category, chosen: Category | None) -> dict[str, Any]:
    return {
        "code": category.code,
        "name": category_name(category),
        "agency": category.lead.short_name,
        "icon": category.icon,
        "is_emergency": category.urgency == "emergency",
        "on": chosen is not None and chosen.code == category.code,
    }


def _groups(known: Any, shown: list[Category]) -> list[tuple[str, list[dict[str, Any]]]]:
    """All other kinds under the agency that leads them, in the pack's order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for category in known:
        if category not in shown:
            groups.setdefault(category.lead.short_name, []).append(_kind(category, None))
    return list(groups.items())


def _photo(stored: StoredFile, number: int) -> dict[str, Any]:
    width, height = thumb_size(stored)
    picture = Photo(
        url=signed(stored, "thumb"),
        width=width,
        height=height,
        alt=_("Photo %(n)d") % {"n": number},
        large_url=signed(stored),
    )
    return {"id": stored.id, "photo": picture, "number": number, "kb": max(1, round(stored.bytes / 1024))}


def _is_of_photo(draft: Carried) -> bool:
    places_of_photos = {(round(one.lat, 6), round(one.lng, 6)) for one in draft.photos if one.lat and one.lng}
    return draft.position is not None and tuple(round(one, 6) for one in draft.position) in places_of_photos


def _with_photo_place(draft: Carried) -> Carried:
    """Where the camera says it was, as long as nothing else was said."""
    if draft.position is not None or draft.area:
        return draft
    for stored in draft.photos:
        if stored.lat is not None and stored.lng is not None and inside_regency(stored.lat, stored.lng):
            return replace(draft, lat=stored.lat, lng=stored.lng)
    return draft


def _labels() -> dict[str, str]:
    return {"photo": _("Photo"), "place": _("Place"), "words": _("Story"), "check": _("Check")}
