"""Everything that writes: loans, books on the shelf, fines and gifts."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from toy.library.lifecycles import BORROWER, KIND, LOAN, REMINDER
from toy.library.models import Book, Loan
from toy.library.permissions import LEND

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import Opened, Party, StepResult
from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.papers import SUBJECT
from kotacerdas.foundation.documents.actions import document_issue
from kotacerdas.foundation.following.messages import notify_parties
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, Person
from kotacerdas.foundation.payments.charges import charge_open
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid, Refused


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who wants which book. Without a phone number the secret link is the only way to follow."""

    book: str
    name: str
    phone: str = ""
    channel: str = "web"
    language: str = "id"


def loan_ask(*, actor: Actor, wish: Wish, chosen: Person | None = None) -> Opened[Loan]:
    """Open a loan; `chosen` is whom a desk knows the borrower to be. Raises Invalid for a book that is not there."""
    book = Book.objects.select_related("agency").filter(code=wish.book).first()
    if book is None:
        raise Invalid(_("Nothing was asked for."), fields={"book": _("Choose a book of the list.")})
    with transaction.atomic():
        asks = {"name": wish.name, "phone": wish.phone, "channel": wish.channel, "language": wish.language}
        borrower = Party.asking(actor, BORROWER, chosen=chosen, **asks)
        opened = cases.open(
            LOAN,
            actor=actor,
            title_code=book.code,
            channel=wish.channel,
            parties=(borrower,),
            given_to=((LEAD, book.agency),),
            own=lambda case: Loan(case=case, book=book),
        )
        notify_parties(opened.case, opened.row, "library.asked")
        return opened


def loan_lend(*, actor: Actor, case: Case, seen_version: int | None = None) -> StepResult:
    """Hand the book out, with a slip. Raises Conflict when no copy is on the shelf."""
    with transaction.atomic():
        book = Book.objects.select_for_update().get(loans__case=case)
        if book.loans.filter(case__state="lent").count() >= book.copies:
            raise Conflict(_("No copy is on the shelf."), remedy=_("Wait until one is returned."))
        result = cases.take(case, "lend", actor=actor, seen_version=seen_version)
        cases.hold_lead(case, actor)
        document_issue(
            actor=actor,
            kind="library.slip",
            subject=(SUBJECT, case.id),  # a paper of the case: its desk hands it out
            title=_("Loan slip"),
            data={"lines": [[_("Loan"), case.number], [_("Book"), book.title]]},
            agency=book.agency,
        )
        return result


def loan_remind(*, actor: Actor, case: Case, body: str) -> StepResult:
    """Ask the borrower for the book."""
    with transaction.atomic():
        result = cases.take(case, "remind", actor=actor, body=body.strip())
        cases.add_note(case, kind=REMINDER.name, body=body, actor=actor, row=result.row)
        notify_parties(case, result.row, "library.reminded")
        return result


def loan_lapse(*, actor: Actor, case: Case) -> StepResult:
    """Nobody fetched the book in time."""
    with transaction.atomic():
        result = cases.take(case, "lapse", actor=actor)
        notify_parties(case, result.row, "library.lapsed")
        return result


def loan_fine(*, actor: Actor, case: Case, amount: int) -> Charge:
    """Charge a fine in whole rupiah to the borrower."""
    with transaction.atomic():
        cases.take(case, "fine", actor=actor, amount=amount)
        payer = case.parties.get(role=BORROWER.name).person
        owed = {"amount": amount, "agency": cases.lead_of(case).agency, "payer": payer}
        return charge_open(actor=actor, subject=(KIND, case.id), title="library.fine", **owed)


def donation_open(*, actor: Actor, agency: Agency, amount: int) -> Charge:
    """A gift to a library in whole rupiah: a charge that its giver pays or leaves."""
    given = {"title": "library.donation", "amount": amount, "agency": agency}
    return charge_open(actor=actor, subject=("library.donation", ids.new_id()), **given)


def book_shelve(
    *, actor: Actor, agency: Agency, code: str, title: str, copies: int, on: date | None = None
) -> Book:
    """Write down how many copies an agency owns since a day. Raises Refused, Conflict for another's code."""
    if not actor.grants.may(LEND, agencies=[agency.id]):
        raise Refused(_("You put no books on this shelf."), remedy=_("Choose your own library."))
    with transaction.atomic():
        book = Book.objects.select_for_update().filter(code=code).first()
        book = book or Book(code=code, agency=agency, copies=0)
        if book.agency_id != agency.id:
            raise Conflict(_("Another library has this code."), remedy=_("Choose another code."))
        more, book.title, book.copies = copies - book.copies, title, copies
        book.save()
        since = (on or clock.today()).isoformat()
        append(
            verb="library.book.shelve",
            subject=("library.book", book.id),
            actor=actor.code,
            codes={"agency": agency.code, "area": agency.area_code, "on": since},
            measures={"books": more},
        )
        return book
