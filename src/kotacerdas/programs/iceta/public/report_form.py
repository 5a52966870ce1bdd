"""The form of a report: photo, place, words, who reports, check; and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.idempotency import Fresh, Refs, at_hand
from kotacerdas.foundation.following.my_cases import own_actor, remember
from kotacerdas.foundation.following.present import as_words
from kotacerdas.foundation.following.queries import still_followed
from kotacerdas.foundation.forms.declarations import Form, Page
from kotacerdas.foundation.forms.drafts import Draft
from kotacerdas.foundation.forms.page_form import PageForm
from kotacerdas.foundation.forms.photos import photo_page
from kotacerdas.foundation.forms.places import accuracy_of, place_page, position_of, village_of
from kotacerdas.foundation.parties.access import citizen
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import phone_index
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.actions.filing import fingerprint
from kotacerdas.programs.iceta.followed import TOO_MANY_PHOTOS
from kotacerdas.programs.iceta.public import pages, similar
from kotacerdas.programs.iceta.public.forms import WhoForm, WordsForm
from kotacerdas.programs.iceta.public.links import take_report_token

_MOST_CARRIED = 12_000  # characters of words carried even when too many, so that nothing typed is lost


def _is_anonymous(draft: Draft) -> bool:
    return draft.text("identity") == "anonymous"


def as_draft(draft: Draft, language: str) -> actions.Draft:
    """The draft for the filing action. LookupError without a category: the words page asks for it."""
    category = pages.kind_of(draft)
    if category is None:
        raise LookupError("a draft without a category")
    lat, lng = position_of(draft) or (None, None)
    return actions.Draft(
        words=draft.text("words"),
        category=category,
        channel="web",
        area_code=draft.text("area") if village_of(draft) else "",
        lat=lat,
        lng=lng,
        accuracy_m=accuracy_of(draft) if lat is not None else None,
        place_words=draft.text("place_words"),
        name=draft.text("name"),
        phone=draft.text("phone"),
        is_anonymous=_is_anonymous(draft),
        is_secret=bool(draft.text("secret")),
        language=language,
        photos=draft.photos,
    )


def _given(request: HttpRequest, draft: Draft) -> actions.Draft:
    """The input of the command. Raises TooMany when a number that is not the sender's own was named too often."""
    given, user = as_draft(draft, get_language() or "id"), citizen(request)
    if given.phone and (user is None or phone_index(given.phone) != user.phone_index):
        take_report_token(given.phone)
    return given


def _file(*, actor: Actor, given: actions.Draft, made: Mapping[str, UUID]) -> Refs:
    filed = actions.report_file(actor=actor, draft=given, made=made)
    return Fresh({"case": str(filed.case.id), "party": str(filed.party.id)}, party=filed.party)


def _actor(request: HttpRequest) -> Actor:
    return own_actor(request)


def _party(refs: Refs) -> CaseParty:
    if (made := at_hand(refs, "party")) is not None:
        return cast("CaseParty", made)
    return CaseParty.objects.select_related("case__report", "person", "contact").get(id=refs["party"])


def _sent_url(refs: Refs) -> str:
    return reverse("following:sent", args=[link_token(_party(refs))])


def _sent(request: HttpRequest, refs: Refs, late: Draft | None) -> HttpResponse | None:
    """The result of a sent draft while its link is valid, and the changes that came too late."""
    party = _party(refs)
    if not still_followed(party):
        return None
    shown: dict[str, Any] = {"token": link_token(party), **as_words(party.case)}
    if late is not None:
        is_changed = late.text("words").strip() != party.case.report.words
        shown["late"] = {"words": late.text("words") if is_changed else "", "url": late.url}
    return render(request, "iceta/public/sent_already.html", shown)


def _remember(request: HttpRequest, response: HttpResponse, refs: Refs) -> None:
    remember(request, response, _party(refs))


def _way(request: HttpRequest, draft: Draft, came: str, to: str) -> tuple[str, str]:
    """The next page: similar reports not shown yet come first; those who began with the words get the photo page."""
    leaves_words = came == "words" or (came == "place" and draft.text("then") == "check")
    if leaves_words and similar.not_seen(draft, request.POST.get("seen", "")):
        return "words", "similar"
    if came == "words" and to in ("you", "check") and not pages.has_begun_before_words(draft):
        return "photo", ""
    return to, ""


def _complains(request: HttpRequest, form: PageForm) -> bool:
    """Whether to show errors; not the first time without script, since kinds are suggested only then."""
    return set(form.errors) != {"category"} or "offered" in request.POST


FILE_REPORT = Command(name="iceta.report.file", input=actions.Draft, run=_file, makes=("case", "party"))

REPORT_FORM = Form(
    name="iceta.report",
    door="report",
    address="iceta:report",
    unfinished=gettext_lazy("You have an unfinished report on this phone."),
    excerpt="words",
    number="phone",
    earlier_scope="reporter",
    longest={"words": _MOST_CARRIED},
    opening=lambda request: {"words": request.GET.get("q", "").strip()},
    way=_way,
    command=FILE_REPORT,
    given=_given,
    digest=fingerprint,
    actor=_actor,
    sent_url=_sent_url,
    sent=_sent,
    remember=_remember,
    pages=(
        photo_page(
            template="forms/photo.html",
            onwards=gettext_lazy("Continue to the place"),
            too_many=TOO_MANY_PHOTOS,
            left_out=gettext_lazy("A photo above is not sent. If you go on, it is not part of your report."),
        ),
        place_page(template="forms/place.html", onwards=gettext_lazy("Continue to the story")),
        Page(
            name="words",
            label=gettext_lazy("Story"),
            template="iceta/public/words.html",
            form=WordsForm,
            fields=("words", "category"),
            errors=("urgency",),
            context=pages.words_page,
            complains=_complains,
        ),
        Page(
            name="you",
            label=gettext_lazy("You"),
            template="iceta/public/you.html",
            form=WhoForm,
            fields=("identity", "secret", "name", "phone"),
            voids=lambda draft: ("name", "phone") if _is_anonymous(draft) else (),
            onwards=gettext_lazy("Continue to the check"),
            context=pages.who_page,
        ),
        Page(
            name="check",
            label=gettext_lazy("Check"),
            template="iceta/public/check.html",
            form=PageForm,
            context=pages.check_page,
        ),
    ),
)
