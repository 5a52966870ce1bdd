"""What the desk's pages say of phones: in words, with what is old or stuck marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Holding
from kotacerdas.foundation.parties.subjects import seen
from kotacerdas.foundation.sync import shell
from kotacerdas.foundation.sync.declarations import forms
from kotacerdas.foundation.sync.models import Phone
from kotacerdas.foundation.sync.rescue import Line, Rescue
from kotacerdas.foundation.ui.shapes import Tag
from kotacerdas.kernel import clock

SILENT = timedelta(days=1)
MOST_OFFSET = timedelta(minutes=2)
MOST_SHOWN = 100

FILTER_WORDS = {
    "": gettext_lazy("All"),
    "diam": gettext_lazy("Silent for more than a day"),
    "macet": gettext_lazy("Something stuck"),
    "cabut": gettext_lazy("Revoked"),
}
REASONS = {
    "backdated": gettext_lazy("Dated before the phone last had nothing left to send."),
    "changed": gettext_lazy("Sent before with other content."),
    "field_conflict": gettext_lazy("Somebody else changed the same; the phone's user must choose."),
    "failed": gettext_lazy("The server failed on it; the operator was told."),
    "fields": gettext_lazy("An answer must be corrected on the phone."),
    "files": gettext_lazy("Its photos do not fit the entry."),
    "lost_race": gettext_lazy("Somebody else was faster."),
    "missing": gettext_lazy("It is not this person's work any more, or it is gone."),
    "place": gettext_lazy("Its place lies where this person reports nothing; it must be taken again."),
    "refused": gettext_lazy("This person may not do that (any more)."),
    "taken_already": gettext_lazy("It corrects what was taken at the desk already; its user throws it away."),
    "unknown_form": gettext_lazy("The server does not know this form (any more)."),
    "unknown_item": gettext_lazy("What it belongs to is not known here."),
    "wrong_step": gettext_lazy("The case has moved on and does not allow this step now."),
}
OUTCOMES = {
    "taken": Tag(text=gettext_lazy("Taken"), tone="padi", icon="circle-check"),
    "before": Tag(text=gettext_lazy("Taken before"), icon="check"),
    "refused": Tag(text=gettext_lazy("Refused"), tone="terasi", icon="circle-alert"),
    "left": Tag(text=gettext_lazy("Not taken yet"), tone="kunyit", icon="clock"),
}


def filters() -> dict[str, Q]:
    """The filters of the list by their name in the address."""
    in_use, long_ago = Q(revoked_at=None), clock.now() - SILENT
    return {
        "diam": in_use
        & (Q(last_contact_at__lt=long_ago) | Q(last_contact_at=None, enrolled_at__lt=long_ago)),
        "macet": in_use & _stuck(),
        "cabut": ~in_use,
    }


def _stuck() -> Q:
    return Q(waiting__gt=0) | Q(refused__gt=0)


def in_order(rows: QuerySet[Phone]) -> QuerySet[Phone]:
    """Phones with something waiting first, the longest silent of them on top; revoked ones last."""
    rank = Case(
        When(revoked_at__isnull=False, then=Value(2)),
        When(_stuck(), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return rows.select_related("user", "position").order_by(
        rank, F("last_contact_at").asc(nulls_first=True), "user__name", "pk"
    )


def rows(phones: Iterable[Phone]) -> list[dict[str, Any]]:
    """Phones as the list and their page show them; one query for the posts of all."""
    listed = list(phones)
    posts = _posts_of({one.user_id for one in listed})
    return [_row(one, posts) for one in listed]


def _posts_of(users: Iterable[UUID]) -> dict[UUID, str]:
    held = Holding.objects.on(clock.today()).filter(user__in=users).select_related("position__agency")
    found: dict[UUID, str] = {}
    for one in held.order_by("since", "pk"):
        found.setdefault(one.user_id, str(one.position))
    return found


def _row(phone: Phone, posts: dict[UUID, str]) -> dict[str, Any]:
    long_ago = clock.now() - SILENT
    return {
        "phone": phone,
        "url": reverse("sync:phone", args=[phone.pk]),
        "name": phone.label or _("Phone of %(name)s") % {"name": phone.user.name},
        "post": str(phone.position) if phone.position else posts.get(phone.user_id, ""),
        "is_old": bool(phone.version) and phone.version != shell.version(),
        "is_silent": phone.revoked_at is None and (phone.last_contact_at or phone.enrolled_at) < long_ago,
        "clock": clock_words(phone.offset_ms),
        "tag": _tag(phone),
        "unsent": phone.waiting + phone.refused,
    }


def _tag(phone: Phone) -> Tag:
    if phone.revoked_at is not None:
        words = _("Revoked, told to delete all") if phone.wiped_at else _("Revoked")
        if phone.revoked_by_id == phone.user_id:
            words = _("Signed out by its user")
        return Tag(text=words, tone="terasi", icon="ban")
    if phone.refused:
        return Tag(text=_("Something refused"), tone="terasi", icon="circle-alert")
    if phone.waiting:
        return Tag(text=_("Something waits"), tone="kunyit", icon="clock")
    return Tag(text=_("All sent"), tone="padi", icon="circle-check")


def clock_words(offset_ms: int) -> str:
    """How far a phone's clock stands from ours; "" within two minutes."""
    minutes = round(abs(offset_ms) / 60_000)
    if abs(offset_ms) <= MOST_OFFSET.total_seconds() * 1000:
        return ""
    if offset_ms > 0:
        return ngettext("clock %(n)d minute slow", "clock %(n)d minutes slow", minutes) % {"n": minutes}
    return ngettext("clock %(n)d minute fast", "clock %(n)d minutes fast", minutes) % {"n": minutes}


def form_label(name: str) -> str:
    """A form in words."""
    found = forms().get(name)
    return str(found.label) if found else _("a form that is not offered any more")


def refusals(phone: Phone, grants: Grants) -> list[dict[str, Any]]:
    """What is stuck on a phone: which form, for what, when, and why in words; the newest first.

    grants  of who reads it: a record is named where they may see it
    """
    stuck = list(phone.refusals.filter(settled_at=None).order_by("-came_at")[:MOST_SHOWN])
    known = seen(grants, _named((one.name, one.item) for one in stuck))
    return [
        {
            "form": form_label(one.name),
            "on": known.get(one.item) if one.item else None,
            "at": one.happened_at,
            "came": one.came_at,
            "why": REASONS.get(one.code) or _("The server refused it (%(code)s).") % {"code": one.code},
        }
        for one in stuck
    ]


def _named(rows: Iterable[tuple[str, UUID | None]]) -> Iterator[tuple[str, UUID]]:
    """Kind and id of the record that each form is for, where it is for one."""
    for name, item in rows:
        form = forms().get(name)
        if form is not None and form.on and item is not None:
            yield form.on, item


def uploads(phone: Phone, grants: Grants) -> list[dict[str, Any]]:
    """Photos of a phone that are not attached yet, the oldest first; what for as in `refusals`."""
    under_way = list(phone.uploads.filter(attached_at=None).order_by("made_at")[:MOST_SHOWN])
    items = {one.pk: UUID(ref) if (ref := next(iter(one.refs.values()), "")) else None for one in under_way}
    known = seen(grants, _named((one.form, items[one.pk]) for one in under_way))
    return [
        {
            "form": form_label(one.form),
            "on": known.get(item) if (item := items[one.pk]) else None,
            "made": one.made_at,
            "percent": 100 * one.received // one.size,
            "received": one.received,
            "size": one.size,
            "is_none": bool(one.error),
        }
        for one in under_way
    ]


def rescued(found: Rescue) -> dict[str, Any]:
    """What became of a file, for its page."""
    return {
        "phone": found.phone,
        "rescued": found,
        "lines": [_line(one) for one in found.lines],
        "left": found.count("left"),
        "counts": [(OUTCOMES[name], count) for name in OUTCOMES if (count := found.count(name))],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "form": form_label(line.name),
        "at": _moment(line.at),
        "tag": OUTCOMES[line.outcome],
        "line": line,
    }


def _moment(raw: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(raw) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
