"""What reporters and posts are told, composed when it is sent; the queue holds ids only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.contacts import contact_of
from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.following.actions import message_url
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.notify.declarations import Template, Words
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.kernel import ids
from kotacerdas.programs.iceta.reach import LINK, may_tell

OFFICE_POSTS = ("liaison", "coordinator")


def tell_reporters(case: Case, row: Row, template: str, *, only: CaseParty | None = None) -> None:
    """Tell every reporter of a case (or only one) by whatever reaches them; a person with two parts in it once.

    A number that nobody proved gets its one message and no more (see `reach`).
    """
    for party in [only] if only else _one_each(case):
        if (contact := contact_of(party)) is not None and may_tell(party, template):
            send(row_id=row.id, template=template, to=("party", party.id), contact=contact)


def _one_each(case: Case) -> list[CaseParty]:
    """The parties of a case, of those of one person the one that may do most."""
    ranks = {"reporter": 0, "merged": 1}
    found: dict[UUID, CaseParty] = {}
    for party in sorted(case.parties.select_related("person"), key=lambda one: ranks.get(one.role, 2)):
        found.setdefault(party.person_id or party.id, party)
    return list(found.values())


def tell_position(
    case: Case, row: Row, agency: Agency, template: str, *, position: Position | None = None
) -> None:
    """Tell the post that holds the work, else the agency's complaints liaison."""
    post = (
        position or agency.positions.filter(code__in=OFFICE_POSTS, closed_on=None).order_by("-code").first()
    )
    if post is not None:
        send(row_id=row.id, template=template, to=("position", post.id), args={"case": case.id})


def send_link(party: CaseParty) -> None:
    """Send a reporter their link once more, to the number that is known of them."""
    if may_tell(party, LINK):
        send(row_id=ids.new_id(), template=LINK, to=("party", party.id))


def _to_reporter(
    text: Callable[[Case], str],
    joined: Callable[[Case], str] | None = None,
    merged: Callable[[Case], str] | None = None,
) -> Callable[[UUID, Mapping[str, Any]], Words | None]:
    """Words for each reporter; `joined` and `merged` for those who follow another's report and read no words of it."""
    others = {"joined": joined or text, "merged": merged or joined or text}

    def compose(recipient: UUID, args: Mapping[str, Any]) -> Words | None:
        party = CaseParty.objects.select_related("case__lead_agency").filter(id=recipient).first()
        if party is None:
            return None
        body = others.get(party.role, text)(party.case)
        if not body:
            return None
        subject = _("Report %(number)s") % {"number": party.case.number}
        more = "" if party.is_proved else _("Open it to hear more of it.")
        return Words(subject=subject, body=" ".join(filter(None, (body, message_url(party), more))))

    return compose


def _to_post(text: Callable[[Case], str]) -> Callable[[UUID, Mapping[str, Any]], Words | None]:
    def compose(recipient: UUID, args: Mapping[str, Any]) -> Words | None:
        case = Case.objects.select_related("lead_agency").filter(id=str(args.get("case"))).first()
        if case is None:
            return None
        subject = _("Report %(number)s") % {"number": case.number}
        return Words(subject=subject, body=f"{text(case)} {settings.PUBLIC_URL}/desk/iceta/{case.number}/")

    return compose


def _news(case: Case) -> str:
    return _("There is news of report %(number)s (%(title)s), which you follow:") % _facts(case)


def _nothing(case: Case) -> str:
    """A question and a reply are for the one who reported; a follower's page shows neither."""
    return ""


def _facts(case: Case) -> dict[str, str]:
    agency = case.lead_agency.short_name if case.lead_agency else ""
    return {"number": case.number, "title": lifecycle_of(case).title(case.title_code), "agency": agency}


TEMPLATES = (
    Template(
        name="iceta.received",
        compose=_to_reporter(
            lambda case: _("Your report %(number)s (%(title)s) is stored. Follow it here:") % _facts(case)
        ),
    ),
    Template(
        name="iceta.joined",
        compose=_to_reporter(lambda case: _("You follow report %(number)s (%(title)s) now:") % _facts(case)),
    ),
    Template(
        name="iceta.link",
        compose=_to_reporter(
            lambda case: _("Here is your link to report %(number)s (%(title)s) again:") % _facts(case)
        ),
    ),
    Template(
        name="iceta.verified",
        compose=_to_reporter(
            lambda case: (
                _("Report %(number)s was verified and given to %(agency)s. Follow it here:") % _facts(case)
            )
        ),
    ),
    Template(
        name="iceta.postponed",
        compose=_to_reporter(
            lambda case: _("Report %(number)s was postponed. Read why:") % _facts(case), joined=_news
        ),
    ),
    Template(
        name="iceta.not_ours",
        compose=_to_reporter(
            lambda case: (
                _("Report %(number)s is not within our authority. Read where to turn:") % _facts(case)
            ),
            joined=_news,
        ),
    ),
    Template(
        name="iceta.archive",
        compose=_to_reporter(
            lambda case: _("Report %(number)s was archived. Read why:") % _facts(case), joined=_news
        ),
    ),
    Template(
        name="iceta.merged",
        compose=_to_reporter(
            lambda case: (
                _("Report %(number)s was joined with an earlier one about the same matter. Follow it here:")
                % _facts(case)
            )
        ),
    ),
    Template(
        name="iceta.reply",
        compose=_to_reporter(
            lambda case: _("%(agency)s replied to report %(number)s. Read it here:") % _facts(case),
            joined=_nothing,
        ),
    ),
    Template(
        name="iceta.question",
        compose=_to_reporter(
            lambda case: (
                _("%(agency)s has a question about report %(number)s. Please answer here:") % _facts(case)
            ),
            joined=_nothing,
        ),
    ),
    Template(
        name="iceta.resolved",
        compose=_to_reporter(
            lambda case: (
                _("Report %(number)s was resolved by %(agency)s. See the result and rate it:") % _facts(case)
            ),
            joined=_news,
            merged=lambda case: (
                _("Report %(number)s was resolved by %(agency)s. See the result and rate it:") % _facts(case)
            ),
        ),
    ),
    Template(
        name="iceta.expired",
        compose=_to_reporter(
            lambda case: _("Report %(number)s closed by itself. See it here:") % _facts(case)
        ),
    ),
    Template(
        name="iceta.assigned",
        compose=_to_post(lambda case: _("New work: %(title)s, report %(number)s.") % _facts(case)),
    ),
    Template(
        name="iceta.support_asked",
        compose=_to_post(
            lambda case: _("Your support is asked for: %(title)s, report %(number)s.") % _facts(case)
        ),
    ),
    Template(
        name="iceta.answered",
        compose=_to_post(
            lambda case: _("The reporter answered: %(title)s, report %(number)s.") % _facts(case)
        ),
    ),
    Template(
        name="iceta.reopened",
        compose=_to_post(
            lambda case: _("Reopened by the reporter: %(title)s, report %(number)s.") % _facts(case)
        ),
    ),
    Template(
        name="iceta.escalated",
        compose=_to_post(
            lambda case: _("Overdue, escalated to you: %(title)s, report %(number)s.") % _facts(case)
        ),
    ),
)
