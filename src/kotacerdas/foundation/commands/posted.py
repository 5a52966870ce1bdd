"""A posted desk form as a command: the key in the form is its id, the typed values are its content."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.http import HttpRequest

from kotacerdas.foundation.commands.idempotency import Idempotency, keyed

KEY = "key"
KEPT_HERE = "kept_here"  # a field of forms whose words the browser brings back
# What may differ when a form is sent again.
_NOT_TYPED = frozenset({KEPT_HERE, KEY, "csrfmiddlewaretoken", "dari", "seen_version"})
_LONGEST_KEY = 40


class PostedForm(Idempotency):
    """The command that a posted form is."""

    @classmethod
    def of(
        cls,
        request: HttpRequest,
        name: str,
        *parts: str,
        content: str | None = None,
        besides: Iterable[str] = (),
    ) -> PostedForm:
        """The command of this request's form; without one of our keys in it, it runs as often as it is sent.

        parts    for what it counts beside its name: a case, a step. Forms of one page may bear the same key
        content  what of it counts, where that is not all that was typed and sent along
        besides  fields that may differ when it is pressed again
        """
        key = key_of(request.POST.get(KEY, ""))
        digest = fingerprint(request, besides) if content is None else sha256(content.encode()).hexdigest()
        return cls(
            actor=f"user:{request.user.pk}",
            command_id=id_of(key, name, *parts) if key else None,
            name=name,
            digest=keyed(digest),
        )


def id_of(key: UUID, name: str, *parts: str) -> UUID:
    """The command id of a form key: the key itself, or an id derived from it for each of the parts."""
    return uuid5(key, ".".join((name, *parts))) if parts else key


def key_of(text: str) -> UUID | None:
    """The key as it stands in a form; a text that is no UUID stands for one. None for an empty one."""
    try:
        return UUID(text)
    except ValueError:
        return uuid5(NAMESPACE_OID, text[:_LONGEST_KEY]) if text else None


def fingerprint(request: HttpRequest, besides: Iterable[str] = ()) -> str:
    """The digest of a posted form's content, to notice words or photos that changed since."""
    left_out = _NOT_TYPED.union(besides)
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in left_out)
    files = sorted((name, [_hash(one) for one in files]) for name, files in request.FILES.lists())
    return sha256(repr((typed, files)).encode()).hexdigest()


def _hash(upload: Any) -> str:
    found = sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()
