"""A call may become a loan."""

from django.utils.translation import gettext_lazy as _
from toy.library.actions import Wish, loan_ask
from toy.library.forms import LoanCallForm
from toy.library.lifecycles import KIND

from kotacerdas.foundation.calls.declarations import Becomes


def _run(*, actor, desk, form, language):
    given = {name: form.cleaned_data[name] for name in ("book", "name", "phone")}
    wish = Wish(**given, channel="phone", language=language)
    return loan_ask(actor=actor, wish=wish, chosen=form.chosen).case


BECOMES = (
    Becomes(
        kind=KIND,
        words=_("Loan"),
        open_words=_("Open the loan"),
        form=LoanCallForm,
        template="library/call.html",
        run=_run,
    ),
)
