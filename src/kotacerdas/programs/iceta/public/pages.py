"""What the pages of a report show from the words on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from kotacerdas.foundation.forms.drafts import Draft
from kotacerdas.foundation.forms.page_form import PageForm
from kotacerdas.foundation.forms.photos import photo_context
from kotacerdas.foundation.forms.places import village_of
from kotacerdas.foundation.forms.views import stages
from kotacerdas.foundation.parties.access import citizen
from kotacerdas.kernel import phones
from kotacerdas.kernel.regency import regency
from kotacerdas.programs.iceta.categories import categories, common_kinds
from kotacerdas.programs.iceta.models import Category
from kotacerdas.programs.iceta.public import similar
from kotacerdas.programs.iceta.public.suggest import suggest
from kotacerdas.programs.iceta.rules import emergency_help


def kind_of(draft: Draft) -> Category | None:
    """The chosen category, None while none is chosen or the pack has it no more."""
    return categories().get(draft.text("category"))


def has_begun_before_words(draft: Draft) -> bool:
    """Whether the draft has a photo or a place already, from the pages before the words page."""
    return bool(draft.photos) or village_of(draft) is not None


def words_page(_request: HttpRequest, draft: Draft, _form: PageForm) -> dict[str, Any]:
    """The words page. A report begun with its words has no photo and place yet."""
    context = words_context(draft)
    skipped = {"photo": "", "place": ""} if context["starts_here"] else None
    return {**context, "limits": regency().limits, "stages": stages(draft, skipped=skipped)}


def words_context(draft: Draft) -> dict[str, Any]:
    """Suggested kinds, all kinds by group, and similar reports nearby."""
    known = categories()
    suggested = suggest(draft.text("words"), known.values())
    chosen = kind_of(draft)
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
        "asked": bool(draft.text("words").strip()),
        "similar": similar.offered(draft, chosen or preselected),
        "count": len(draft.text("words")),
        "starts_here": not has_begun_before_words(draft),
    }


def who_page(request: HttpRequest, draft: Draft, form: PageForm) -> dict[str, Any]:
    """Who reports. A signed-in citizen's number is filled in until they choose."""
    user = citizen(request)
    if user is not None and not draft.text("phone") and not draft.text("identity"):
        form.initial["phone"] = phones.shown(user.phone)
    return {}


def check_page(_request: HttpRequest, draft: Draft, _form: PageForm) -> dict[str, Any]:
    """The check page with all answers. It asks nothing of its own."""
    kind = kind_of(draft)
    return {
        **photo_context(draft),
        "village": village_of(draft),
        "kind": kind,
        "kind_name": category_name(kind) if kind else "",
        "place_url": reverse(draft.form.url_name("place")),
        "words_url": reverse(draft.form.url_name("words")),
        "you_url": reverse(draft.form.url_name("you")),
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
