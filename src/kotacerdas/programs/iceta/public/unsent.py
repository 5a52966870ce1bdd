"""The draft between two pages: posted by one, kept by the browser, shown by the next, which is reached by GET.

The address names the draft by its mark alone, which opens nothing; the draft itself is in a cookie of the
browser, one a draft: two tabs tell two stories. Once sent, the cookie says so: going back then tells of the report
instead of offering to send it again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.files.actions import hand_on
from kotacerdas.foundation.files.queries import of_draft
from kotacerdas.foundation.parties.access import citizen
from kotacerdas.kernel import phones
from kotacerdas.programs.iceta.actions.filing import fingerprint
from kotacerdas.programs.iceta.public import drafts, kept
from kotacerdas.programs.iceta.public.drafts import Carried
from kotacerdas.programs.iceta.queries import still_followed

MARK = "draf"
_COOKIE, _SECONDS = "draft.", 24 * 3600  # as long as its photos wait
_OWN = "own"  # in place of an account's number
_NAME = re.compile(r"draft\.[A-Za-z0-9_-]{6}")
_MOST, _ROOM = 2, 7_000  # drafts of a sort; letters in all: the longest, and some that hold little


@dataclass(frozen=True, kw_only=True)
class Unsent:
    """A draft, and the page it was led to.

    is_asked  that page says what its question lacks; problems  what else is wrong, by field
    is_sent   it is a report by now; of the draft only its keys are left
    late      the mark of the draft that holds what came too late for that report
    turn      the higher, the later it was kept
    """

    draft: Carried
    page: str = "photo"
    is_asked: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)
    is_sent: bool = False
    late: str = ""
    turn: int = 0

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


def keep(request: HttpRequest, response: HttpResponse, unsent: Unsent, *, instead_of: str = "") -> bool:
    """Let the browser keep a draft, perhaps instead of another; False where it is too long for that."""
    others = [one for one in _all(request) if one.draft.mark != unsent.draft.mark]
    value = {
        "fields": _kept_fields(request, unsent.draft),
        "page": unsent.page,
        "asked": unsent.is_asked,
        "problems": {name: str(words) for name, words in unsent.problems.items()},
        "sent": unsent.is_sent,
        "late": unsent.late,
        "turn": others[0].turn + 1 if others else 1,
    }
    forget(request, response, instead_of)
    size = kept.keep(request, response, _name(unsent.draft.mark), value, path=_path(), seconds=_SECONDS)
    if size:
        others = [one for one in others if one.draft.mark != instead_of]
        forget(request, response, *_too_many(request, [unsent, *others], size))
    return bool(size)


def mark_sent(request: HttpRequest, response: HttpResponse, draft: Carried, *, late: str = "") -> None:
    """Let the browser forget the draft but for its keys."""
    keys = Carried(key=draft.key, submission_key=draft.submission_key)
    keep(request, response, Unsent(draft=keys, is_sent=True, late=late))


def keep_late(request: HttpRequest, response: HttpResponse, draft: Carried) -> Unsent | None:
    """Keep what came too late for its report as a draft of its own, photos and all; None where it is too long."""
    late = Unsent(draft=drafts.anew(draft), page="words")
    if not keep(request, response, late, instead_of=draft.mark):
        return None
    hand_on(draft_key=draft.key, to=late.draft.key)
    mark_sent(request, response, draft, late=late.draft.mark)
    return late


def forget(request: HttpRequest, response: HttpResponse, *marks: str) -> None:
    """Let the browser forget drafts."""
    for mark in marks:
        kept.drop(request, response, _name(mark), path=_path())


def found(request: HttpRequest) -> Unsent | None:
    """The draft that the address names, else the newest worth going on with."""
    named = of_mark(request, request.GET.get(MARK, ""))
    return named or next((one for one in _all(request) if one.is_worth_resuming), None)


def of_mark(request: HttpRequest, mark: str) -> Unsent | None:
    """The draft of that mark which this browser keeps."""
    value = kept.kept(request, _name(mark), seconds=_SECONDS)
    if not value:
        return None
    return Unsent(
        draft=drafts.read(_found_fields(request, value["fields"])),
        page=value["page"],
        is_asked=value["asked"],
        problems=value["problems"],
        is_sent=value["sent"],
        late=value.get("late", ""),
        turn=value["turn"],
    )


def is_kept(request: HttpRequest, draft: Carried) -> bool:
    """Whether the browser keeps this draft, sent or not."""
    kept_one = of_mark(request, draft.mark)
    return kept_one is not None and kept_one.draft.key == draft.key


def is_sent(request: HttpRequest, draft: Carried) -> bool:
    """Whether this browser sent the draft already, as a page left open may not know."""
    kept_one = of_mark(request, draft.mark)
    return kept_one is not None and kept_one.is_sent and kept_one.draft.key == draft.key


def party_of(draft: Carried) -> CaseParty | None:
    """The reporter of the report a draft became, while their link lives."""
    sent = CaseParty.objects.filter(case__report__submission_key=draft.submission_key, role="reporter")
    party = sent.select_related("case").order_by("since", "id").first()
    return party if party is not None and still_followed(party) else None


def differs(draft: Carried, case: Case) -> bool:
    """Whether the draft says what its report does not: it was changed after a send whose answer was lost."""
    filed = case.report.fingerprint
    if filed and filed != fingerprint(draft.as_draft("")):
        return True
    late = drafts.anew(draft)  # where a photo waits whose first "too late" was lost on the way too
    return bool(
        of_draft(draft.key) or of_draft(late.key)
    )  # the draft itself may have looked before they were claimed


def _kept_fields(request: HttpRequest, draft: Carried) -> dict[str, str]:
    """What the browser keeps; of an account's own number only that it is that, since the browser may be shared."""
    fields, user = dict(draft.hidden()), citizen(request)
    if user is not None and draft.phone and phones.normal(draft.phone) == user.phone:
        fields["phone"] = _OWN
    return fields


def _found_fields(request: HttpRequest, fields: Mapping[str, str]) -> dict[str, str]:
    user, own = citizen(request), fields.get("phone") == _OWN
    number = phones.shown(user.phone) if user is not None else ""
    return {**fields, "phone": number} if own else dict(fields)


def _all(request: HttpRequest) -> list[Unsent]:
    """What this browser keeps, the newest first."""
    marks = (name.removeprefix(_COOKIE) for name in request.COOKIES if _NAME.fullmatch(name))
    return sorted(filter(None, (of_mark(request, mark) for mark in marks)), key=lambda one: -one.turn)


def _too_many(request: HttpRequest, drafts_kept: Sequence[Unsent], size: int) -> Iterator[str]:
    """The marks of what must go for the first, of that size: beyond two of a sort, or beyond the room of all.

    What is sent or holds nothing yet is a sort of its own, so that it drives out no story.
    """
    first, *others = drafts_kept
    stay = Counter([first.is_worth_resuming])
    for one in others:
        length = kept.size(request, _name(one.draft.mark))
        if stay[one.is_worth_resuming] == _MOST or size + length > _ROOM:
            yield one.draft.mark
        else:
            stay[one.is_worth_resuming] += 1
            size += length


def _name(mark: str) -> str:
    return f"{_COOKIE}{mark}"


def _path() -> str:
    return reverse("iceta:report_photo")
