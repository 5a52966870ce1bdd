"""The public form of two pages: borrow a book."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from toy.library.actions import Wish, loan_ask
from toy.library.forms import BookForm, WhoForm

from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.idempotency import digest_of
from kotacerdas.foundation.following.after_sending import AFTER_SENDING
from kotacerdas.foundation.forms.declarations import Form, Page


def _ask(*, actor, given):
    return {"party": str(loan_ask(actor=actor, wish=given).parties[0].id)}


def _given(_request, draft):
    return Wish(**{name: draft.text(name) for name in ("book", "name", "phone")}, language=get_language())


BORROW = Form(
    name="library.loan",
    door="loan",
    address="library:borrow",
    unfinished=_("You have not finished borrowing."),
    excerpt="book",
    number="phone",
    command=Command(name="library.loan.ask", input=Wish, run=_ask),
    given=_given,
    digest=lambda wish: digest_of(vars(wish)),
    pages=(
        Page(name="book", label=_("Which book?"), form=BookForm, fields=("book",), onwards=_("Go on")),
        Page(name="check", label=_("Who?"), form=WhoForm, fields=("name", "phone"), onwards=_("Borrow it")),
    ),
    **AFTER_SENDING,
)
