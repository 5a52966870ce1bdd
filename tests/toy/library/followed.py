"""How a borrower follows a loan: by secret link."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from toy.library.desks import bills
from toy.library.lifecycles import BORROWER, KIND, LOAN
from toy.library.messages import send_link

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.following.declarations import Following
from kotacerdas.foundation.following.present import public_tag, title_of
from kotacerdas.foundation.journal.queries import of_subject
from kotacerdas.foundation.ui.shapes import TimelineEntry
from kotacerdas.foundation.ui.shapes.portal import CaseCard


def _entry(case, row):
    step = LOAN.by_step.get(row.verb.rpartition(".")[2])
    title = step.done if step else _("asked for the book")
    words = case.notes.filter(journal_id=row.id, kind="reminder").values_list("body", flat=True).first() or ""
    kind = "public" if words else "event"
    return TimelineEntry(kind=kind, icon="book", at=row.occurred_at, title=title, body=words)


def _card(party):
    case, url = party.case, reverse("following:follow", args=[link_token(party)])
    return CaseCard(url=url, title=title_of(case), number=case.number, tag=public_tag(case))


FOLLOWED = (
    Following(
        kind=KIND,
        acting=(BORROWER.name,),
        acts=(),
        open_acts=lambda _case, _target: frozenset(),
        template="library/follow.html",
        context=lambda case, _party, _target: {"bills": bills(case)},
        timeline=lambda case, *_parties: [_entry(case, row) for row, _seal in of_subject(case.id)][::-1],
        card=_card,
        sent=lambda party: ("library/sent.html", {"case": party.case}),
        send_link=send_link,
        main_clock="back",
    ),
)
