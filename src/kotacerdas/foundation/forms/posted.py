"""What came with a posted page of a form: its draft, with what was answered and pressed on that page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest

from kotacerdas.foundation.commands.models import TakenCommand
from kotacerdas.foundation.files.actions import hand_on
from kotacerdas.foundation.forms import drafts
from kotacerdas.foundation.forms.declarations import Form
from kotacerdas.foundation.forms.drafts import Draft
from kotacerdas.kernel import clock

_EARLIER_KEY = re.compile(r"[A-Za-z0-9_-]{22,40}")
_EARLIER_DAYS = 2


def is_ours(request: HttpRequest, form: Form) -> bool:
    """Whether a form came from one of our pages: all of them carry a draft's id."""
    return drafts.id_in(request.POST) is not None or _earlier_id(request, form) is not None


def sent_before(request: HttpRequest, form: Form) -> Draft | None:
    """The posted draft if this browser has sent it already; it takes no more changes then."""
    known = drafts.open_draft(request, form, drafts.id_in(request.POST))
    return known if known is not None and known.is_sent else None


def draft_in(request: HttpRequest, form: Form, came: str) -> tuple[Draft, Mapping[str, str]]:
    """The posted draft after what was pressed on the page it came from, and what was wrong with that, by field."""
    draft_id = drafts.id_in(request.POST)
    stored = drafts.open_draft(request, form, draft_id) or _begun(request, form, draft_id)
    draft = _answered(request, stored, came)
    return form.page(came).received(request, draft) if came in form.order else (draft, {})


def changed_since(request: HttpRequest, sent: Draft, came: str) -> Draft | None:
    """A sent draft as a posted page has it, where that says something else than what was sent."""
    posted = _answered(request, sent, came)
    differs = any(posted.text(name) != sent.text(name) for name in sent.form.answers)
    return posted if differs else None


def _answered(request: HttpRequest, draft: Draft, came: str) -> Draft:
    """The draft with the answers of the page; those of its fields that were not posted are not given.

    Answers that another one makes void are dropped.
    """
    absent = dict.fromkeys(draft.form.page(came).fields, "") if came in draft.form.order else {}
    told = draft.changed(**{**absent, **drafts.clean(draft.form, request.POST.dict())})
    return told.changed(**{name: "" for page in told.form.pages for name in page.voids(told)})


def _begun(request: HttpRequest, form: Form, draft_id: UUID | None) -> Draft:
    """A draft that is not stored yet, under the id that its page gave it."""
    if draft_id is not None or (earlier := _earlier_id(request, form)) is None:
        return drafts.fresh(request, form, draft_id=draft_id)
    return _earlier(request, form, drafts.fresh(request, form, draft_id=earlier))


def _earlier_id(request: HttpRequest, form: Form) -> UUID | None:
    """The id of a draft in a page from before drafts were rows; such a page carries all its answers itself."""
    if form.earlier_scope:
        with suppress(ValueError):
            return UUID(request.POST.get("submission_key", ""))
    return None


def _earlier(request: HttpRequest, form: Form, draft: Draft) -> Draft:
    """Such a draft with its photos; where it was sent already, it is the same command still."""
    if _EARLIER_KEY.fullmatch(key := request.POST.get("key", "")):
        hand_on(draft_key=key, to=draft.key)
    commands = TakenCommand.objects.filter(
        actor=form.earlier_scope,
        command_id=draft.id,
        came_at__gte=clock.now() - timedelta(days=_EARLIER_DAYS),
    )
    return replace(draft, scope=form.earlier_scope) if commands.exists() else draft
