"""Drafts: a form's answers, stored from page to page until it is sent. The draft's id is its command's id too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from kotacerdas.foundation.commands.idempotency import Refs, refs_of_command
from kotacerdas.foundation.files.actions import hand_on
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.files.queries import of_draft
from kotacerdas.foundation.forms import store
from kotacerdas.foundation.forms.declarations import Form
from kotacerdas.foundation.parties.access import citizen
from kotacerdas.kernel import ids, phones

ID = "draf"  # in addresses and forms
THEN = "then"  # "check" while one answer of a whole form is being changed
_LONGEST = 200  # letters of an answer, where the form does not say otherwise
_OWN = "own"  # in place of an account's number


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The answers of one form as texts, by name, and the page it was led to.

    key       under which its photos wait
    scope     whose command it will be
    is_asked  that page says what its question lacks; problems  what else is wrong, by field
    is_sent   it was sent; its answers are shown no more
    late      the id of the draft that holds what came too late for what was sent
    """

    id: UUID
    form: Form
    key: str
    scope: str
    values: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    is_asked: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)
    is_sent: bool = False
    late: str = ""
    photos: Sequence[StoredFile] = field(default=(), compare=False)

    def text(self, name: str) -> str:
        """One answer, "" where it was not given."""
        return self.values.get(name, "")

    def changed(self, **values: str) -> Draft:
        """The same with some answers changed."""
        return replace(self, values={**self.values, **values})

    @property
    def is_worth_resuming(self) -> bool:
        answers = (value for name, value in self.values.items() if name != THEN)
        return not self.is_sent and (any(answers) or bool(self.photos))

    @property
    def excerpt(self) -> str:
        """The beginning of the words, by which the writer recognises the draft."""
        return self.text(self.form.excerpt)

    @property
    def url(self) -> str:
        return address(self)


def address(draft: Draft, page: str = "", **view: str) -> str:
    """Where a page shows this draft; `view` is what of the page is open (a search, a district)."""
    given = {ID: str(draft.id), **{name: value for name, value in view.items() if value}}
    return f"{reverse(draft.form.url_name(page or draft.page))}?{urlencode(given)}"


def fresh(
    request: HttpRequest, form: Form, *, draft_id: UUID | None = None, values: Mapping[str, str] | None = None
) -> Draft:
    """A new draft, perhaps with what was asked on the front page."""
    draft_id = draft_id or ids.new_id()
    key = store.photo_key(request, draft_id)
    return Draft(
        id=draft_id,
        form=form,
        key=key,
        scope=store.scope_of(request),
        page=form.pages[0].name,
        values=clean(form, values or {}),
        photos=cast(
            "Sequence[StoredFile]", SimpleLazyObject(lambda: of_draft(key))
        ),  # few pages look at them
    )


def clean(form: Form, given: Mapping[str, str]) -> dict[str, str]:
    """The answers of a form among what was posted, none longer than the form carries."""
    return {
        name: given[name].replace("\x00", "").replace("\r\n", "\n")[: form.longest.get(name, _LONGEST)]
        for name in (*form.answers, THEN)
        if name in given
    }


def id_in(data: Mapping[str, str]) -> UUID | None:
    """The id that an address or a posted form names; None where it names none."""
    try:
        return UUID(str(data.get(ID, "")))
    except ValueError:
        return None


def open_draft(request: HttpRequest, form: Form, draft_id: UUID | None) -> Draft | None:
    """The draft of that id which this browser keeps."""
    found = store.get_with_photos(request, form=form.name, draft_id=draft_id) if draft_id else None
    if found is None or draft_id is None:
        return None
    value, _at, has_photos = found
    draft = _draft(request, form, draft_id, value)
    return draft if has_photos else replace(draft, photos=())


def newest(request: HttpRequest, form: Form) -> Draft | None:
    """The newest draft of this browser that is worth going on with."""
    drafts = (
        _draft(request, form, draft_id, value) for draft_id, value, _at in store.all_of(request, form.name)
    )
    return next((one for one in drafts if one.is_worth_resuming), None)


def keep(request: HttpRequest, response: HttpResponse, draft: Draft, *, instead_of: str = "") -> None:
    """Keep a draft for this browser, perhaps instead of another."""
    value = {
        "values": {name: text for name, text in _without_own_number(request, draft).items() if text},
        "page": draft.page,
        "asked": draft.is_asked,
        "problems": {name: str(words) for name, words in draft.problems.items()},
        "sent": draft.is_sent,
        "late": draft.late,
    }
    forget(request, instead_of)
    store.put(request, response, form=draft.form.name, draft_id=draft.id, value=value)


def forget(request: HttpRequest, draft_id: str) -> None:
    """Forget a draft that is not wanted any more."""
    if (known := id_in({ID: draft_id})) is not None:
        store.drop(request, known)


def mark_sent(request: HttpRequest, response: HttpResponse, draft: Draft, *, late: str = "") -> None:
    """Mark a draft as sent. Its content is stored for as long as a draft's, to tell a change from a second press."""
    keep(request, response, replace(draft, problems={}, is_asked=False, is_sent=True, late=late))


def keep_late(request: HttpRequest, response: HttpResponse, draft: Draft) -> Draft:
    """Store changes that came after sending as a new draft, with their photos."""
    late = late_of(request, draft)
    hand_on(draft_key=draft.key, to=late.key)
    keep(request, response, late)
    mark_sent(request, response, draft, late=str(late.id))
    return late


def late_of(request: HttpRequest, draft: Draft) -> Draft:
    """The draft of late changes. Its id is the same each time, so that it is found again after a lost answer."""
    form = draft.form
    late = fresh(request, form, draft_id=uuid5(draft.id, "late"))
    told = next((page.name for page in form.pages if form.excerpt in page.fields), form.order[0])
    return replace(late, values={**draft.values, THEN: ""}, page=told)


def has_late_photos(request: HttpRequest, draft: Draft) -> bool:
    """Whether photos wait though it was sent: they came after a send whose answer was lost."""
    return bool(of_draft(draft.key) or of_draft(late_of(request, draft).key))


def refs_of(draft: Draft) -> Refs | None:
    """What a sent draft became; None where it was not sent."""
    return refs_of_command(draft.scope, draft.id)


def _draft(request: HttpRequest, form: Form, draft_id: UUID, value: dict[str, Any]) -> Draft:
    return replace(
        fresh(request, form, draft_id=draft_id),
        values=_with_own_number(request, form, value["values"]),
        page=value["page"],
        is_asked=value["asked"],
        problems=value["problems"],
        is_sent=value["sent"],
        late=value["late"],
    )


def _without_own_number(request: HttpRequest, draft: Draft) -> dict[str, str]:
    """The answers to store: an account's own number becomes a mark, since the browser may be shared."""
    name, user = draft.form.number, citizen(request)
    if user is not None and draft.text(name) and phones.normal(draft.text(name)) == user.phone:
        return {**draft.values, name: _OWN}
    return dict(draft.values)


def _with_own_number(request: HttpRequest, form: Form, values: dict[str, str]) -> dict[str, str]:
    if values.get(form.number) != _OWN:
        return values
    user = citizen(request)
    return {**values, form.number: phones.shown(user.phone) if user is not None else ""}
