"""The store of drafts: sealed rows that open only with the browser's secret and the server's key together.

One is made of a secret that stands in a cookie of the browser and nowhere else, the other is the server's. Who has the
store and the server's keys opens nothing; who has a browser's cookie has no store.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse

from kotacerdas.foundation.files.queries import waiting_for
from kotacerdas.foundation.forms.models import SealedDraft
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.kernel import clock
from kotacerdas.kernel.fieldcrypt import CannotOpen, Keyring

COOKIE, HOURS = "draft", 24
MOST = 20  # rows of one form that a browser has; the oldest go
_SECRET = re.compile(r"[A-Za-z0-9_-]{22,64}")
_SECRET_BYTES = 32
_LABEL = "forms.draft"
_TURN = "turn"  # nanoseconds: of two kept at one instant of our clock the later
Value = dict[str, Any]
# One statement, which sees the rows as they were before it: beside the one put, `most - 1` others stay.
_PUT = """
    WITH put AS (
        INSERT INTO forms_sealeddraft (id, browser, draft_id, form, sealed, changed_at)
        VALUES (%s, %s, %s, %s, %s, %s)
        ON CONFLICT (browser, draft_id) DO UPDATE
        SET form = EXCLUDED.form, sealed = EXCLUDED.sealed, changed_at = EXCLUDED.changed_at
    )
    DELETE FROM forms_sealeddraft WHERE id IN (
        SELECT id FROM forms_sealeddraft WHERE browser = %s AND form = %s AND draft_id <> %s
        ORDER BY changed_at DESC, id DESC OFFSET %s
    )
"""


def put(
    request: HttpRequest, response: HttpResponse, *, form: str, draft_id: UUID, value: Value, most: int = MOST
) -> None:
    """Store data for this browser under an id, replacing what was there."""
    secret = secret_of(request)
    row = SealedDraft(
        browser=_browser(secret),
        draft_id=draft_id,
        form=form,
        sealed=_keys(secret).seal(
            _LABEL, draft_id, json.dumps({**value, _TURN: time.time_ns()}, ensure_ascii=False)
        ),
        changed_at=clock.now(),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT,
            [
                row.id,
                row.browser,
                row.draft_id,
                row.form,
                row.sealed,
                row.changed_at,
                row.browser,
                row.form,
                row.draft_id,
                most - 1,
            ],
        )
    give(request, response)


def give(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie with the browser's secret, for one day."""
    response.set_cookie(
        COOKIE,
        secret_of(request),
        max_age=HOURS * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def get(request: HttpRequest, *, form: str, draft_id: UUID) -> tuple[Value, datetime] | None:
    """What this browser kept under an id, and when; None where it kept nothing, or it is a day old."""
    found = get_with_photos(request, form=form, draft_id=draft_id)
    return found[:2] if found is not None else None


def get_with_photos(
    request: HttpRequest, *, form: str, draft_id: UUID
) -> tuple[Value, datetime, bool] | None:
    """The same, with whether photos wait for it."""
    if not has_secret(request):
        return None
    waiting = Exists(waiting_for(photo_key(request, draft_id)))
    row = _rows(request, form).filter(draft_id=draft_id).annotate(has_photos=waiting).first()
    value = _open(secret_of(request), row) if row is not None else None
    return (value, row.changed_at, row.has_photos) if row is not None and value is not None else None


def all_of(request: HttpRequest, form: str) -> Iterator[tuple[UUID, Value, datetime]]:
    """What this browser kept of a form, the newest first."""
    if not has_secret(request):
        return
    secret = secret_of(request)
    opened = ((row, _open(secret, row)) for row in _rows(request, form))
    known = [(row, value) for row, value in opened if value is not None]
    for row, value in sorted(known, key=lambda one: (one[0].changed_at, one[1][_TURN]), reverse=True):
        yield row.draft_id, value, row.changed_at


def drop(request: HttpRequest, *draft_ids: UUID) -> None:
    """Forget what this browser kept under these ids."""
    if has_secret(request) and draft_ids:
        SealedDraft.objects.filter(browser=_browser(secret_of(request)), draft_id__in=draft_ids).delete()


def forget_drafts() -> None:
    """Delete drafts that were not sent within a day."""
    SealedDraft.objects.filter(changed_at__lt=_oldest()).delete()


def has_secret(request: HttpRequest) -> bool:
    """Whether the browser came with a secret of ours."""
    return bool(_SECRET.fullmatch(request.COOKIES.get(COOKIE, "")))


def secret_of(request: HttpRequest) -> str:
    """The browser's secret, a new one where it came without; `give` lets the browser have it."""
    if not has_secret(request):
        request.COOKIES[COOKIE] = secrets.token_urlsafe(_SECRET_BYTES)
    return request.COOKIES[COOKIE]


def scope_of(request: HttpRequest) -> str:
    """The actor under which a browser's commands are stored."""
    return f"browser:{_browser(secret_of(request))[:40]}"


def photo_key(request: HttpRequest, draft_id: UUID) -> str:
    """The key under which a draft's photos wait: who knows the draft's id alone does not know it."""
    return keyring().blind("forms.photos", f"{secret_of(request)}:{draft_id}")[:40]


def _rows(request: HttpRequest, form: str) -> Any:
    browser = _browser(secret_of(request))
    return SealedDraft.objects.filter(browser=browser, form=form, changed_at__gte=_oldest())


def _open(secret: str, row: SealedDraft) -> Value | None:
    try:
        value = json.loads(_keys(secret).open(_LABEL, row.draft_id, row.sealed))
    except (CannotOpen, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _keys(secret: str) -> Keyring:
    own = keyring()
    return replace(own, keys={name: own.joined(name, secret) for name in own.keys})


def _browser(secret: str) -> str:
    return keyring().blind("forms.browser", secret)


def _oldest() -> datetime:
    return clock.now() - timedelta(hours=HOURS)
