"""What happened to a subject that is no case, and what the journal proves of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from kotacerdas.foundation.casework import evidence
from kotacerdas.foundation.casework.history import posts_of
from kotacerdas.foundation.casework.pages import frame, page
from kotacerdas.foundation.casework.views_case import CHECK, pack_response
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.journal.queries import of_subject
from kotacerdas.foundation.parties.access import desk as staff
from kotacerdas.foundation.parties.access import grants_for
from kotacerdas.foundation.parties.subjects import Seen, seen_one


def history_url(kind: str, key: UUID) -> str:
    """The page of what happened to a subject."""
    return reverse("casework:history", args=[kind, key])


@require_safe
@staff()
def history(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """The rows of a subject, oldest first, each under its block. Missing for who may not see the subject."""
    seen = seen_one(grants_for(request), kind, key)
    posts = posts_of([row for row, _seal in of_subject(seen.id)])
    context = {
        **frame([f"subject:{seen.id}"]),
        "thing": seen,
        "journal": evidence.journal_of(seen.id, posts, _describe_by(seen)),
        "asked_check": CHECK in request.GET,
        "check_url": f"{history_url(kind, key)}?{CHECK}=1",
        "evidence_url": reverse("casework:history_pack", args=[kind, key]),
    }
    return page(request, "casework/history.html", context)


@require_safe
@staff()
def evidence_pack(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """The sealed rows of a subject with their proofs, to be checked without this system."""
    seen = seen_one(grants_for(request), kind, key)
    return pack_response(evidence.pack(seen.id, kind=kind, name=seen.words), f"{kind}-{key.hex[-12:]}")


def _describe_by(seen: Seen) -> evidence.DescribeRow:
    def describe(row: Row) -> evidence.RowText:
        return evidence.RowText(what=seen.subject.act(row.verb))

    return describe
