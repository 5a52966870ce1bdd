"""From a public form to the case that it opened: `Form(..., **AFTER_SENDING)`, its command answering `{"party": id}`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.following.my_cases import own_person, remember
from kotacerdas.foundation.parties.actors import Actor, reporter


def _party(refs: Refs) -> CaseParty:
    return CaseParty.objects.select_related("case", "person").get(id=refs["party"])


def _actor(request: HttpRequest) -> Actor:
    return reporter(person=own_person(request), user=request.user)


def _sent_url(refs: Refs) -> str:
    return reverse("following:sent", args=[link_token(_party(refs))])


def _to_the_case(_request: HttpRequest, refs: Refs, _late: object) -> HttpResponse:
    return HttpResponseRedirect(reverse("following:follow", args=[link_token(_party(refs))]))


def _remember(request: HttpRequest, response: HttpResponse, refs: Refs) -> None:
    remember(request, response, _party(refs))


AFTER_SENDING: dict[str, Any] = {
    "actor": _actor,
    "sent_url": _sent_url,
    "sent": _to_the_case,
    "remember": _remember,
}
