"""An invented kind of case: somebody borrows a book, is asked about it, and may say how it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import Q
from django.http import HttpResponse

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.kinds import INSIDE, NoteKind, Role
from kotacerdas.foundation.cases.lifecycle import PARTY, Lifecycle, State, Step, lifecycles
from kotacerdas.foundation.cases.links import link_hash, link_token
from kotacerdas.foundation.cases.models import Case, CaseParty, Note
from kotacerdas.foundation.following.declarations import Act, Following, followings
from kotacerdas.foundation.following.forms import AnswerForm
from kotacerdas.foundation.following.messages import to_party
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.notify.declarations import Template, templates
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.parties.people import contact_made, person_new
from kotacerdas.foundation.ui.shapes import TimelineEntry
from kotacerdas.foundation.ui.shapes.portal import CaseCard
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Refused

KIND = "toy.loan"
LINK = "library.link"

LOAN = Lifecycle(
    kind=KIND,
    label="loan",
    initial="lent",
    states=(
        State(name="lent", label="Lent", public_label="With you", tone="info", icon="book"),
        State(name="asked", label="Asked", tone="warn", icon="book"),
        State(name="back", label="Back", tone="good", icon="book", is_closed=True),
    ),
    steps=(
        Step(
            name="answer",
            sources=frozenset({"asked"}),
            target="lent",
            by=PARTY,
            label="Answer",
            done="Answered",
        ),
    ),
    clocks=(),
    codes=lambda _case: {},
    title=lambda code: f"The book {code}",
    visible=lambda _grants: Q(pk__in=()),
    url_name="iceta:case",
    parties=(Role(name="borrower", label="borrower"), Role(name="friend", label="friend")),
    notes=(
        INSIDE,
        NoteKind(name="question", label="Question", icon="book", speaker="public"),
        NoteKind(name="answer", label="Answer", icon="book", speaker="party"),
    ),
)


def _check(party: CaseParty) -> None:
    if party.role != "borrower":
        raise Refused("only the borrower")


def _answer(*, actor, party, given, photos) -> None:
    case = party.case
    taken = cases.take(case, "answer", actor=actor)
    cases.add_note(case, kind="answer", body=given["body"], actor=actor, row=taken.row, party=party)


def _card(party: CaseParty) -> CaseCard:
    from kotacerdas.foundation.following.present import public_tag, title_of

    case = party.case
    return CaseCard(url="/l/x/", title=title_of(case), number=case.number, tag=public_tag(case))


FOLLOWING = Following(
    kind=KIND,
    acting=("borrower",),
    acts=(
        Act(
            name="answer",
            slug="jawab",
            form=AnswerForm,
            check=_check,
            run=_answer,
            asked="question",
            gives="answer",
        ),
    ),
    open_acts=lambda case, target: frozenset({"answer"} if target and case.state == "asked" else ()),
    template="following/follow.html",
    context=lambda _case, _party, _target: {"question": "Where is it?"},
    timeline=lambda case, _target, _party: [
        TimelineEntry(kind="event", icon="book", tone="laut", at=case.opened_at, title="Lent to you")
    ],
    card=_card,
    sent=lambda party: ("following/link_again.html", {"sent_to": "x", "number": party.case.number}),
    link=LINK,
)


@pytest.fixture
def loans(cast) -> Iterator[None]:
    """The library among the programs."""
    lifecycles()[KIND], followings()[KIND] = LOAN, FOLLOWING
    templates()[LINK] = Template(name=LINK, compose=to_party("Loan", "Here it is:"), at_once=True)
    yield
    del lifecycles()[KIND], followings()[KIND], templates()[LINK]


def links_sent() -> list[UUID]:
    """The parties to whom their link was sent once more."""
    return list(Message.objects.filter(effect=LINK).values_list("recipient_id", flat=True))


@pytest.fixture
def lend(loans):
    """Lend a book to a number; the borrower's party."""

    def lend(phone: str = "0812-3456-7890", *, state: str = "lent", role: str = "borrower") -> CaseParty:
        contact = contact_made(phone=phone)
        case = Case.objects.create(
            number=cases.next_number(clock.now()), kind=KIND, state=state, title_code="laskar", channel="web"
        )
        party = CaseParty(case=case, role=role, person=person_new(), contact=contact, channel="web")
        party.link_hash = link_hash(link_token(party))
        party.save(force_insert=True)
        return party

    return lend


@pytest.fixture
def ask():
    """Ask the borrower something."""

    def ask(case: Case, after: timedelta = timedelta(0)) -> None:
        row = append(
            verb=f"{KIND}.ask", subject=(KIND, case.id), actor="system", codes={"id": str(ids.new_id())}
        )
        note = cases.add_note(case, kind="question", body="Where is it?", actor=SYSTEM, row=row)
        Note.objects.filter(id=note.id).update(created_at=clock.now() + after)
        Case.objects.filter(id=case.id).update(state="asked")
        case.refresh_from_db()

    return ask


def page(answer: HttpResponse) -> str:
    """What a browser shows."""
    return answer.content.decode()
