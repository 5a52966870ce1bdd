"""What the page behind a secret link shows of any kind of case."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.documents.declarations import kinds
from kotacerdas.foundation.following import present
from kotacerdas.foundation.following.declarations import Following, following_of
from kotacerdas.foundation.following.forms import FollowForm, new_photo_key
from kotacerdas.foundation.following.last_answers import last_answers
from kotacerdas.foundation.following.queries import end_of, first_of, papers_for, target_of
from kotacerdas.foundation.ui.shapes import CaseHead


def page_context(party: CaseParty) -> dict[str, Any]:
    """Context of the page behind a secret link, with the program's own part."""
    following, case, target = following_of(party), end_of(party.case), target_of(party)
    agency = case.lead_agency.short_name if case.lead_agency else ""
    handled = _("Handled by %(agency)s") % {"agency": agency} if agency else ""
    bar = present.clock_bar_of(case, following.main_clock)
    return {
        "token": link_token(party),
        "taken": last_answers(target),
        "kept_as": f"{party.id.hex}.{party.link_version}",  # as in the list of one's own: the browser keeps no link
        "case": case,
        "head": CaseHead(
            number=case.number,
            title=present.title_of(case),
            tag=present.public_tag(case),
            place=". ".join(filter(None, (present.place_of(case), handled))),
        ),
        "bar": bar[0] if bar else None,
        "clock": bar[1] if bar else None,
        "stands_still": bar is not None and bar[1].state == "paused",
        "entries": following.timeline(case, target, party),
        "merged_from": first_of(party).case.number if first_of(party).case_id != case.id else "",
        "is_own": party.role in following.acting,
        "papers": [(kinds()[one.kind].label, one) for one in papers_for(party)],
        "open_acts": following.open_acts(case, target),
        **following.context(case, party, target),
    }


def forms_of(
    open_acts: frozenset[str], following: Following, given: FollowForm | None, name: str
) -> dict[str, FollowForm]:
    """The forms of the acts that are open, by name; the one that was sent, with its errors."""
    key = {"key": new_photo_key()}
    forms = {act.name: act.form(initial=key) for act in following.acts if act.name in open_acts}
    return {**forms, name: given} if given is not None and name in forms else forms
