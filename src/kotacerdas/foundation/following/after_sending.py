"""From a public form to the case that it opened: `Form(..., **AFTER_SENDING)`, its command answering `{"party": id}`."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.commands.idempotency import Refs, at_hand
from kotacerdas.foundation.following.my_cases import own_actor, remember
from kotacerdas.foundation.following.present import as_words
from kotacerdas.foundation.following.queries import still_followed
from kotacerdas.foundation.forms.drafts import Draft


def _party(refs: Refs) -> CaseParty:
    if (made := at_hand(refs, "party")) is not None:
        return cast("CaseParty", made)
    return CaseParty.objects.select_related("case", "person", "contact").get(id=refs["party"])


def _sent_url(refs: Refs) -> str:
    return reverse("following:sent", args=[link_token(_party(refs))])


def _already(request: HttpRequest, refs: Refs, late: Draft | None) -> HttpResponse | None:
    """The result of a sent draft while its link is valid, and what to do with changes that came too late."""
    party = _party(refs)
    if not still_followed(party):
        return None
    shown = {**as_words(party.case), "token": link_token(party), "late_url": late.url if late else ""}
    return render(request, "following/sent_already.html", shown)


def _remember(request: HttpRequest, response: HttpResponse, refs: Refs) -> None:
    remember(request, response, _party(refs))


AFTER_SENDING: dict[str, Any] = {
    "actor": own_actor,
    "sent_url": _sent_url,
    "sent": _already,
    "remember": _remember,
}
