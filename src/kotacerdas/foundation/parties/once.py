"""A form is taken once: its key stands in the transaction of what it did.

An answer lost on the way brings the same form again, from any tab, after a reload, or while the first press is
still under way. It is then answered as it was, and nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.models import TakenForm, User
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict

KEY = "key"
KEPT_DAYS = 7
_LONGEST = 40
_NOT_TYPED = frozenset({KEY, "csrfmiddlewaretoken", "dari", "seen_version"})  # may differ when pressed again


class TakenBefore(Exception):
    """The form was taken by an earlier press, as it is: answer as then."""


@dataclass(frozen=True, kw_only=True)
class Once:
    """One posted form: whose it is, where it counts, its key ("" for a form without one), and what it says."""

    user: User
    room: str
    key: str
    said: str

    @classmethod
    def of(cls, request: HttpRequest, *room: str, said: str | None = None) -> Once:
        """The form of this request; the parts of the room say for what it counts: a case, a step.

        said  what of it counts, where that is not all that was typed and sent along
        """
        key = request.POST.get(KEY, "")[:_LONGEST]
        user = cast("User", request.user)
        if key and said is None:
            said = _fingerprint(request)
        return cls(user=user, room=".".join(room)[:80], key=key, said=said or "")

    def check(self) -> None:
        """Raises TakenBefore where an earlier press took it, Conflict where it said something else then."""
        if not self.key:
            return
        taken = TakenForm.objects.filter(user=self.user, room=self.room, key=self.key).first()
        if taken is None:
            return
        if taken.said == self.said:
            raise TakenBefore
        raise Conflict(
            _("This was sent already, as you had typed it first."),
            remedy=_("The case shows what was sent; what you typed since is still here."),
        )

    @contextmanager
    def taking(self) -> Iterator[None]:
        """A transaction for what the form does; it holds the key, and an error in it gives the key back.

        A second press meanwhile waits for the first. Raises what `check` raises.
        """
        with transaction.atomic():
            if self.key and not self._claim():
                self.check()
            yield

    def remember(self) -> None:
        """Write the key down for `taken_keys`, where what the form does is taken once by other means."""
        if self.key:
            self._claim()

    def _claim(self) -> bool:
        row = TakenForm(user=self.user, room=self.room, key=self.key, said=self.said)
        made = TakenForm.objects.bulk_create([row], ignore_conflicts=True)
        return TakenForm.objects.filter(pk=made[0].pk).exists()


def taken_keys(user: User, room: str, most: int) -> list[str]:
    """The keys of the last forms that were taken in a room, the newest first."""
    return list(
        TakenForm.objects.filter(user=user, room=room).order_by("-id").values_list("key", flat=True)[:most]
    )


def forget_taken() -> None:
    """Forms of last week come back no more."""
    TakenForm.objects.filter(at__lt=clock.now() - timedelta(days=KEPT_DAYS)).delete()


def _fingerprint(request: HttpRequest) -> str:
    """What a posted form says, so that words or photos changed since are told apart."""
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_TYPED)
    files = sorted((name, [_hash(one) for one in files]) for name, files in request.FILES.lists())
    return sha256(repr((typed, files)).encode()).hexdigest()[:32]


def _hash(upload: Any) -> str:
    found = sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()
