"""An invented form with two pages and neither photos nor a place: somebody borrows a book."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse

from kotacerdas.config.urls import urlpatterns as house
from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.idempotency import Refs, digest_of
from kotacerdas.foundation.forms.declarations import Form, Page
from kotacerdas.foundation.forms.drafts import Draft
from kotacerdas.foundation.forms.page_form import PageForm
from kotacerdas.foundation.forms.views import page_view
from kotacerdas.foundation.parties.actors import Actor, reporter
from kotacerdas.kernel.errors import Invalid

LENT: list[dict[str, str]] = []
BORROWED = "Lent already"


class BookForm(PageForm):
    book = forms.CharField(label="Book", error_messages={"required": "Which book?"})


class WhoForm(PageForm):
    name = forms.CharField(label="Name", error_messages={"required": "Who are you?"})
    phone = forms.CharField(label="Phone", required=False)


def _lend(*, actor: Actor, given: dict[str, str]) -> Refs:
    if any(one["book"] == given["book"] for one in LENT):
        raise Invalid("no", fields={"book": BORROWED})
    LENT.append(given)
    return {"loan": str(len(LENT))}


def _sent(_request: HttpRequest, refs: Refs, late: Draft | None) -> HttpResponse:
    more = f"; too late: {late.text('book')} at {late.url}" if late else ""
    return HttpResponse(f"sent already: loan {refs['loan']}{more}")


def _opening(request: HttpRequest) -> dict[str, str]:
    return {"book": request.GET.get("buku", "")}


LOAN_FORM = Form(
    name="toy.loan",
    door="loan",
    address="toy:loan",
    unfinished="You have not finished borrowing.",
    excerpt="book",
    number="phone",
    opening=_opening,
    command=Command(name="toy.loan.lend", input=dict[str, Any], run=_lend),
    given=lambda _request, draft: dict(draft.values),
    digest=lambda given: digest_of(given),
    actor=lambda request: reporter(user=request.user),
    sent_url=lambda refs: reverse("toy:lent", args=[refs["loan"]]),
    sent=_sent,
    remember=lambda _request, response, refs: response.headers.__setitem__("X-Loan", refs["loan"]),
    pages=(
        Page(name="book", label="Which book", form=BookForm, fields=("book",), onwards="Go on"),
        Page(name="check", label="Who borrows", form=WhoForm, fields=("name", "phone"), onwards="Borrow it"),
    ),
)

_patterns = [
    path("pinjam/", page_view(LOAN_FORM, "book"), name="loan_book"),
    path("pinjam/siapa/", page_view(LOAN_FORM, "check"), name="loan_check"),
    path("pinjam/<str:number>/", lambda _request, number: HttpResponse(f"loan {number}"), name="lent"),
]
urlpatterns = [path("", include((_patterns, "toy"))), *house]
