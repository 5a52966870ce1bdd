"""Queries on secret links: whose it is, how long it is valid, and where it leads after a merge."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.cases.queries import party_by_link
from kotacerdas.foundation.casework.papers import papers_of
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.following.declarations import following_of, followings
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing
from kotacerdas.kernel.regency import regency


def followed(token: str) -> CaseParty:
    """The party behind a secret link. Missing when it is wrong, renewed, or 90 days after closing."""
    party = party_by_link(token)
    if party is not None and party.case.kind in followings() and still_followed(party):
        return party
    raise Missing(
        _("This link does not work: it is wrong, was replaced, or has expired."),
        remedy=_("Ask for a new link with your ticket number and your phone number."),
        code="link_expired",
    )


def still_followed(party: CaseParty) -> bool:
    """Whether a secret link still lives: until 90 days (the pack's limit) after closing.

    A merged case lives as long as the one it was merged into in the end.
    """
    closed = end_of(party.case).closed_at
    days = regency().limits.link_days_after_closing
    return closed is None or clock.now() <= closed + timedelta(days=days)


def end_of(case: Case) -> Case:
    """The case at the end of the merges; the case itself where it was not merged.

    Only an open case is merged into, and a merged one is closed: there is no circle.
    """
    while case.merged_into_id is not None:
        case = Case.objects.select_related("lead_agency").get(id=case.merged_into_id)
    return case


def first_of(party: CaseParty) -> CaseParty:
    """The party of the case that a person opened first, before it was merged."""
    while party.stands_for is not None:
        party = party.stands_for
    return party


def target_of(party: CaseParty) -> CaseParty | None:
    """The party as which a follower acts in the case that goes on. None for those who only follow.

    It is found by the merges alone, never by a number: whoever types another's number gets no right over their case.
    """
    if party.role not in following_of(party).acting:
        return None
    found: CaseParty | None = party
    while found is not None and found.case.merged_into_id is not None:
        found = found.stand_ins.select_related("case__lead_agency", "person", "contact").first()
    return found


def papers_for(party: CaseParty) -> list[Document]:
    """The papers in force that whose matter it is may fetch, the newest first; none for who only follows."""
    target = target_of(party)
    wanted = following_of(target).papers if target is not None else ()
    if target is None or not wanted:
        return []
    return [one for one in papers_of(target.case) if one.kind in wanted and one.revoked_at is None]
