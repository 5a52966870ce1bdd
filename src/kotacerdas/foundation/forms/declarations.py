"""What a program says of a public form: its pages, its answers, and the command that it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel.errors import Words

if TYPE_CHECKING:
    from kotacerdas.foundation.forms.drafts import Draft
    from kotacerdas.foundation.forms.page_form import PageForm


LAST = "check"  # the name of the page on which all is looked through and sent


def _nothing(_request: HttpRequest, _draft: Draft, _form: PageForm) -> dict[str, Any]:
    return {}


def _the_same(draft: Draft) -> Draft:
    return draft


def _as_it_is(_request: HttpRequest, draft: Draft) -> tuple[Draft, Mapping[str, str]]:
    return draft, {}


def _none(_draft: Draft) -> tuple[str, ...]:
    return ()


def _always(_request: HttpRequest, _form: PageForm) -> bool:
    return True


def _closed(_request: HttpRequest) -> dict[str, str]:
    return {}


def _straight_on(_request: HttpRequest, _draft: Draft, _came: str, to: str) -> tuple[str, str]:
    return to, ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page with one question.

    template  the plain one shows all fields of the form, one below the other
    fields    the answers that stand on it as fields of its own; what is not posted from it is not given
    voids     names of answers that another answer makes void (a name, once it is to be anonymous): none is kept
    scripted  answers that only a script of the page fills in: they stand in it as hidden fields
    onwards   what the button at the foot says
    context   what its template needs besides
    prepared  the draft as the page shows it (the place where a photo was taken)
    received  what was pressed on it, done to the draft (photos taken in, a place chosen), and what was wrong
    complains whether a first press without an answer is a mistake already
    view      what of the page is open (a search, a district): it stands in its address
    errors    names of fields under which an action complains of what is answered here
    """

    name: str
    label: Words
    form: type[PageForm]
    template: str = "forms/plain.html"
    fields: tuple[str, ...] = ()
    voids: Callable[[Draft], tuple[str, ...]] = _none
    scripted: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    onwards: Words = ""
    context: Callable[[HttpRequest, Draft, PageForm], dict[str, Any]] = _nothing
    prepared: Callable[[Draft], Draft] = _the_same
    received: Callable[[HttpRequest, Draft], tuple[Draft, Mapping[str, str]]] = _as_it_is
    complains: Callable[[HttpRequest, PageForm], bool] = _always
    view: Callable[[HttpRequest], dict[str, str]] = _closed


@dataclass(frozen=True, kw_only=True)
class Form:
    """A public form of several pages, the last of which is looked through and sent.

    name        of its drafts; door  of its rate limits; address  before the pages' names in URL names
    unfinished  says that a draft waits; excerpt  the answer by which its writer knows it again
    number      the answer that is a phone number; an account's own is not kept in a draft
    longest     letters carried of an answer, so that nothing typed is lost; 200 of others
    opening     answers that the address brings (what was asked on the front page)
    way         (request, draft, page come from, page wanted) → (page to show, part of it): what is shown between
    command     what it becomes: given  its input from a draft, digest  of that input, actor  who sends it
    sent_url    the page of what was made; sent  what is shown of a draft that was sent, with what came too late
    remember    what the browser keeps of it
    earlier_scope  whose the commands are that pages from before the room of forms sent
    """

    name: str
    door: str
    address: str
    pages: tuple[Page, ...]
    unfinished: Words
    excerpt: str
    command: Command[Any]
    given: Callable[[HttpRequest, Draft], Any]
    digest: Callable[[Any], str]
    actor: Callable[[HttpRequest], Actor]
    sent_url: Callable[[Refs], str]
    sent: Callable[[HttpRequest, Refs, Draft | None], HttpResponse | None]
    remember: Callable[[HttpRequest, HttpResponse, Refs], None]
    number: str = ""
    earlier_scope: str = ""
    longest: Mapping[str, int] = field(default_factory=dict)
    opening: Callable[[HttpRequest], dict[str, str]] = _closed
    way: Callable[[HttpRequest, Draft, str, str], tuple[str, str]] = _straight_on

    def __post_init__(self) -> None:
        """LookupError for what does not hold together, so that it is seen at the start."""
        if not self.pages or self.pages[-1].name != LAST:
            raise LookupError(f"the last page of the form {self.name} is to be called {LAST!r}")
        for page in self.pages:
            if page.template != Page.template:
                continue  # its own template shows what it asks for
            for name in sorted(set(page.fields) - page.form.base_fields.keys()):
                raise LookupError(f"page {page.name} of the form {self.name} has no field {name}")
        for name in {self.excerpt, self.number} - {"", *self.answers}:
            raise LookupError(f"no page of the form {self.name} asks for {name}")

    @property
    def answers(self) -> tuple[str, ...]:
        """The names of all answers."""
        return tuple(dict.fromkeys(name for page in self.pages for name in (*page.fields, *page.scripted)))

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(page.name for page in self.pages)

    def page(self, name: str) -> Page:
        """The page of that name; LookupError where there is none."""
        found = next((page for page in self.pages if page.name == name), None)
        if found is None:
            raise LookupError(f"the form {self.name} has no page {name}")
        return found

    def url_name(self, page: str) -> str:
        return f"{self.address}_{page}"
