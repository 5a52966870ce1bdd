"""The photo page of a form: photos are stored one by one, so that a good one is kept beside a bad one.

A script names each photo it sends (`photo_id`), so that one whose answer was lost can be sent again or taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kotacerdas.foundation.files.actions import discard, store_photo
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.files.queries import is_stored, named, of_draft, thumb_size
from kotacerdas.foundation.files.urls import signed
from kotacerdas.foundation.forms import drafts
from kotacerdas.foundation.forms.declarations import Form, Page
from kotacerdas.foundation.forms.drafts import Draft
from kotacerdas.foundation.forms.page_form import PageForm
from kotacerdas.foundation.forms.posted import draft_in, sent_before
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.territory.queries import inside_regency
from kotacerdas.foundation.ui.shapes import Photo
from kotacerdas.kernel.errors import KotaError, Words
from kotacerdas.kernel.regency import regency

_MOST_AT_ONCE = 20  # a hostile form may name thousands


def photo_page(*, template: str, onwards: Words, too_many: Words, left_out: Words) -> Page:
    """The page on which photos are taken in.

    too_many  says that at most `%(most)d` fit; left_out  what becomes of one that does not get through
    """

    class PhotoForm(PageForm):
        """At most five photos; none is right too."""

        photos = forms.CharField(required=False, label=gettext_lazy("Photos"))

        def clean(self) -> dict[str, Any]:
            most = regency().limits.most_photos
            if len(self.draft.photos) > most:
                self.add_error("photos", str(too_many) % {"most": most})
            return self.cleaned_data

    def received(request: HttpRequest, draft: Draft) -> tuple[Draft, Mapping[str, str]]:
        return _pressed(request, draft, too_many)

    return Page(
        name="photo",
        label=gettext_lazy("Photo"),
        template=template,
        form=PhotoForm,
        errors=("photos",),
        onwards=onwards,
        context=lambda _request, draft, _form: {**photo_context(draft), "left_out": left_out},
        received=received,
    )


def photo_view(form: Form, sent_words: Words) -> Callable[[HttpRequest], HttpResponse]:
    """Where a script sends a photo: answers the list of the draft's photos, or why it is refused.

    sent_words  what is said of a photo that comes after the form was sent
    """

    @require_POST
    @never_cache
    @limited(f"{form.door}_photo", capacity=40, seconds=600)
    def add(request: HttpRequest) -> HttpResponse:
        if sent_before(request, form) is not None:
            return _refused(str(sent_words), 409)
        draft, problems = draft_in(request, form, "photo")
        if problems:
            response = _refused(next(iter(problems.values())), 422)
        else:
            response = render(request, "forms/_photos.html", photo_context(draft))
        if drafts.open_draft(request, form, draft.id) is None:
            drafts.keep(request, response, replace(draft, page="photo"))
        return response

    return add


def photo_context(draft: Draft) -> dict[str, Any]:
    """The draft's photos with their sizes, the first one large."""
    return {
        "photos": [_photo(stored, index) for index, stored in enumerate(draft.photos, 1)],
        "photo_url": reverse(draft.form.url_name("photo")),
        "photos_url": reverse(draft.form.url_name("photo_add")),
        "limits": regency().limits,
    }


def take_in(request: HttpRequest, key: str, too_many: Words) -> str | None:
    """Store the form's photos under a draft's key; the error of the last bad one, in words."""
    problem, name = None, request.POST.get("photo_id", "")
    if name and is_stored(named(key, name)):
        return None
    for upload in request.FILES.getlist("photo"):
        most = regency().limits.most_photos
        if len(of_draft(key)) >= most:
            return str(too_many) % {"most": most}
        try:
            store_photo(upload.read(), draft_key=key, name=name, place=_place(request))
        except KotaError as error:  # too many pixels in a short time, no room on the disk: the words are kept
            problem = str(error)
    return problem


def _pressed(request: HttpRequest, draft: Draft, too_many: Words) -> tuple[Draft, Mapping[str, str]]:
    """Handle the buttons of the photo page: remove photos, add photos."""
    problem = None
    if gone := request.POST.getlist("remove"):
        _take_out(gone, draft)
    if request.FILES:
        problem = take_in(request, draft.key, too_many)
    if request.FILES or gone:
        draft = replace(draft, photos=of_draft(draft.key))
    return draft, {"photos": problem} if problem else {}


def _take_out(names: Sequence[str], draft: Draft) -> None:
    """Remove photos of the draft, by id or by the name that a script gave them; photos of others stay."""
    for name in names[:_MOST_AT_ONCE]:
        discard(named(draft.key, name), draft_key=draft.key)
        with suppress(ValueError):
            discard(UUID(name), draft_key=draft.key)


def _place(request: HttpRequest) -> tuple[float, float] | None:
    """Where the phone says the original was taken, which the smaller copy no longer tells."""
    try:
        lat, lng = float(request.POST["photo_lat"]), float(request.POST["photo_lng"])
    except (KeyError, ValueError):
        return None
    return (lat, lng) if inside_regency(lat, lng) else None


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


def _refused(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
