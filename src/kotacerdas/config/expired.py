"""A form whose token holds no more, since its session changed after it was opened: by signing in in another tab.

Nothing of it is acted on. Where it came from a page of ours, what was typed is shown again in a form with a new token,
so that pressing once more sends it as it was. What a foreign page made a browser send is not shown at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError
from django.http.request import RawPostDataException
from django.utils.http import url_has_allowed_host_and_scheme

_NOT_SHOWN = "csrfmiddlewaretoken"
_ACCOUNT = "/akun/"
_SECRET = re.compile(r"passw|sandi|otp|^pin$", re.IGNORECASE)
_CODE = re.compile(
    r"^(?:code|kode)$", re.IGNORECASE
)  # for signing in, on an account's own pages; a goods code elsewhere
_OF_A_MACHINE = re.compile(r"[a-z0-9_:+-]*|[0-9a-f-]{32,}|/.*")  # a choice, a key, a version, an address


@dataclass(frozen=True)
class Again:
    """A form as it was sent. `typed` is what somebody wrote, to be read and changed; `hidden`, choices and keys, is
    sent along; of `files` the names of the fields, to be chosen again.

    No page repeats a password or a PIN: a form of an account's own pages with one, or with a code, is opened anew, empty.
    """

    url: str
    typed: tuple[tuple[str, str], ...]
    hidden: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()
    is_to_be_opened_anew: bool = False


def again(request: HttpRequest) -> Again | None:
    """What was sent by a page of ours that a person looks at; None for anything else."""
    if request.method != "POST" or not _is_looked_at(request) or not is_from_here(request):
        return None
    try:
        sent = [
            (name, value.replace("\0", ""))
            for name, values in request.POST.lists()
            if name != _NOT_SHOWN
            for value in values
        ]
        files = tuple(name for name, several in request.FILES.lists() if any(one.size for one in several))
    except (UnreadablePostError, RawPostDataException):
        return None
    of_account = request.path.startswith(_ACCOUNT)
    shown = [
        (name, value)
        for name, value in sent
        if not (_SECRET.search(name) or (of_account and _CODE.match(name)))
    ]
    typed = tuple(one for one in shown if _is_in_words(*one))
    return Again(
        url=request.get_full_path(),
        typed=typed,
        hidden=tuple(one for one in shown if one not in typed),
        files=files,
        is_to_be_opened_anew=of_account and len(shown) < len(sent),
    )


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this house sent it. Where it says nothing, it did not."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    if (origin := request.headers.get("Origin")) is not None:
        return origin in {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    referrer = request.headers.get("Referer", "")
    return url_has_allowed_host_and_scheme(
        referrer, {request.get_host()}, require_https=request.is_secure()
    ) and bool(re.match(r"https?://", referrer))


def _is_looked_at(request: HttpRequest) -> bool:
    """Whether the answer becomes the page: scripts show a refusal in their own way, and keep the words themselves."""
    return (
        "HX-Request" not in request.headers
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    )


def _is_in_words(name: str, value: str) -> bool:
    """Whether somebody typed it: whatever is no choice, key or address of ours, and any number to call."""
    if len(value.split()) > 1:
        return True
    digits = value.lstrip("+").replace("-", "")
    return not _OF_A_MACHINE.fullmatch(value) or (digits.isdigit() and len(digits) > 6 and "phone" in name)
