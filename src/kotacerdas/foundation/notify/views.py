"""The outbox page: what the loopback sender "sent", for accounts of the demo alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kotacerdas.foundation.notify.declarations import templates
from kotacerdas.foundation.notify.delivery import composed
from kotacerdas.foundation.notify.hours import message_hours
from kotacerdas.foundation.notify.models import Message, OutboxLetter
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing

_SHOWN = 100
_HELD_SHOWN = 20
_LINK = re.compile(r"https?://[^\s/]+(/\S*)")


@dataclass(frozen=True)
class Shown:
    """A letter and the addresses of this house that stand in it, without host, so that they open here."""

    letter: OutboxLetter
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """A message that waits for the hours at which people may be written to, as it would go out now."""

    message: Message
    address: str
    body: str


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """What waits, and the last hundred letters, newest first: with numbers, secret links and codes, so for accounts of the demo alone.

    Where people are real, the operator reads them by `./run messages outbox` until a sender is set. This room stands below the one that knows roles, so it asks the account itself.
    """
    user = request.user
    if settings.PRODUCTION:
        raise _nothing()
    if not user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not (user.is_staff and user.is_demo):
        raise _nothing()
    letters = [
        Shown(letter, tuple(_LINK.findall(letter.body))) for letter in OutboxLetter.objects.all()[:_SHOWN]
    ]
    held, more = _held()
    now, hours = clock.now(), message_hours()
    opens = None if hours.is_open(now) else hours.opens(now)
    return render(
        request, "notify/outbox.html", {"letters": letters, "held": held, "more_held": more, "opens": opens}
    )


outbox.desk_permissions = ()  # type: ignore[attr-defined]  # any staff, as the table of permissions reads it


def _held() -> tuple[list[Held], int]:
    """The first messages that wait, in the order in which they will go, and how many more there are."""
    waiting = Message.objects.filter(state=Message.State.HELD).order_by("created_at", "id")
    shown = []
    for message in waiting.filter(effect__in=templates())[:_HELD_SHOWN]:
        address, words = composed(message)
        if words is not None:
            shown.append(Held(message, address, words.body))
    return shown, max(waiting.count() - _HELD_SHOWN, 0)


def _nothing() -> Missing:
    return Missing(_("There is no such page here."), remedy=_("Go back to your work."))
