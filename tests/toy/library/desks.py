"""The librarian's desk."""

from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from toy.library import actions
from toy.library.forms import FineForm
from toy.library.lifecycles import KIND, LOAN
from toy.library.permissions import LEND

from kotacerdas.foundation.casework.declarations import Act, Cell, Column, Desk
from kotacerdas.foundation.casework.forms import WordsForm
from kotacerdas.foundation.casework.papers import papers_of
from kotacerdas.foundation.casework.texts import USUAL
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.foundation.payments.queries import pay_token


def bills(case):
    """The fines of a loan, each with the token of its page."""
    charges = Charge.objects.filter(subject_kind=KIND, subject_id=case.id).order_by("opened_at")
    return [(charge, pay_token(charge)) for charge in charges]


LOAN_DESK = Desk(
    lifecycle=LOAN,
    work=LEND,
    lists=(LEND,),
    reads=(LEND,),
    related=("loan__book",),
    states=("asked", "lent", "returned"),
    columns=(Column("book", _("Book"), lambda case: Cell(text=case.loan.book.title)),),
    search=lambda words: Q(loan__book__title__icontains=words),
    side="library/side.html",
    context=lambda case, _shown: {"bills": bills(case), "slips": papers_of(case, kind="library.slip")},
    acts=(
        Act("lend", run=actions.loan_lend, notice=_("The book is lent."), sees=True, bulk=True),
        Act("return", notice=_("The book is back."), bulk=True),
        Act("remind", run=actions.loan_remind, form=WordsForm, notice=_("The borrower is reminded.")),
        Act("fine", run=actions.loan_fine, form=FineForm, notice=_("The fine is asked for.")),
    ),
    texts=replace(
        USUAL, queue=_("Loans"), list=_("All loans"), sheet=_("Loan %(number)s"), party=_("borrower")
    ),
)
DESKS = (LOAN_DESK,)
