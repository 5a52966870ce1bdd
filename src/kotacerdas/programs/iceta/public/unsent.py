"""The draft between two pages: posted by one, kept by the browser, shown by the next, which is reached by GET.

The address names the draft by its mark alone, which opens nothing; the draft itself is in the browser's cookie. Once
sent, the cookie says so: going back then tells of the report instead of offering to send it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.programs.iceta.public import drafts, kept
from kotacerdas.programs.iceta.public.drafts import Carried
from kotacerdas.programs.iceta.queries import still_followed

MARK = "draf"
_COOKIE, _SECONDS = "draft", 24 * 3600  # as long as its photos wait


@dataclass(frozen=True, kw_only=True)
class Unsent:
    """A draft, and the page it was led to.

    is_asked  that page says what its question lacks; problems  what else is wrong, by field
    is_sent   it is a report by now; of the draft only its keys are left
    """

    draft: Carried
    page: str = "photo"
    is_asked: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)
    is_sent: bool = False

    @property
    def is_worth_resuming(self) -> bool:
        draft = self.draft
        return not self.is_sent and bool(draft.words or draft.area or draft.position or draft.photos)

    @property
    def url(self) -> str:
        return address(self.page, self.draft)


def address(page: str, draft: Carried, **view: str) -> str:
    """Where a page shows this draft; `view` is what of the page is open (a search, a district)."""
    given = {MARK: draft.mark, **{name: value for name, value in view.items() if value}}
    return f"{reverse(f'iceta:report_{page}')}?{urlencode(given)}"


def keep(request: HttpRequest, response: HttpResponse, unsent: Unsent) -> bool:
    """Let the browser keep a draft; False where it is too long for that."""
    value = {
        "fields": dict(unsent.draft.hidden()),
        "page": unsent.page,
        "asked": unsent.is_asked,
        "problems": {name: str(words) for name, words in unsent.problems.items()},
    }
    return kept.keep(request, response, _COOKIE, value, path=_path(), seconds=_SECONDS)


def mark_sent(request: HttpRequest, response: HttpResponse, draft: Carried) -> None:
    """Let the browser forget the draft but for its keys."""
    keys = {"key": draft.key, "submission_key": str(draft.submission_key)}
    kept.keep(request, response, _COOKIE, {"fields": keys, "sent": True}, path=_path(), seconds=_SECONDS)


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser forget the draft."""
    kept.drop(request, response, _COOKIE, path=_path())


def found(request: HttpRequest) -> Unsent | None:
    """The draft this browser keeps."""
    value = kept.kept(request, _COOKIE, seconds=_SECONDS)
    if not value:
        return None
    return Unsent(
        draft=drafts.read(value["fields"]),
        page=value.get("page", "photo"),
        is_asked=value.get("asked", False),
        problems=value.get("problems", {}),
        is_sent=value.get("sent", False),
    )


def is_kept(request: HttpRequest, draft: Carried) -> bool:
    """Whether this is the draft the browser keeps, sent or not."""
    kept_one = found(request)
    return kept_one is not None and kept_one.draft.key == draft.key


def is_sent(request: HttpRequest, draft: Carried) -> bool:
    """Whether this browser sent the draft already, as a page left open may not know."""
    kept_one = found(request)
    return kept_one is not None and kept_one.is_sent and kept_one.draft.key == draft.key


def party_of(draft: Carried) -> CaseParty | None:
    """The reporter of the report a draft became, while their link lives."""
    sent = CaseParty.objects.filter(case__report__submission_key=draft.submission_key)
    party = sent.select_related("case").order_by("since", "id").first()
    return party if party is not None and still_followed(party) else None


def _path() -> str:
    return reverse("iceta:report_photo")
