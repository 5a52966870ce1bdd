"""A case on numbered paper: its sheet, without inside notes and with numbers masked; and its journal's proofs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework import evidence
from kotacerdas.foundation.casework.clock_bars import clock_bars
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.casework.document_kinds import EVIDENCE, SHEET
from kotacerdas.foundation.casework.history import History
from kotacerdas.foundation.casework.present import Shown
from kotacerdas.foundation.casework.timeline import entries
from kotacerdas.foundation.documents.actions import document_issue
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.journal.queries import of_subject
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.ui.tags.words import daytime, language, number
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict

SUBJECT = "casework.case"


def sheet_issue(*, actor: Actor, desk: Desk, seen: Shown, history: History, words: bool) -> Document:
    """Issue the sheet of a case as it is now. `words`: whether the actor reads words, not codes alone.

    The caller checked that the actor sees the case.
    """
    return _issue(
        actor,
        SHEET,
        seen.case,
        desk.texts.sheet % {"number": seen.number},
        _sheet(desk, seen, history, words),
    )


def evidence_issue(*, actor: Actor, desk: Desk, seen: Shown, history: History) -> Document:
    """Issue what the journal proves of a case now. Raises Conflict while nothing is sealed, or a seal does not hold."""
    found = evidence.journal_of(seen.case.id, history.posts, evidence.of_case(desk))
    if not found.sealed:
        raise Conflict(_("Nothing of this case is sealed yet."), remedy=_("Try again in a minute."))
    if not found.holds:
        raise Conflict(
            _("The seal of this case does not hold."),
            remedy=_("Tell the command center; no paper is issued of it."),
        )
    return _issue(actor, EVIDENCE, seen.case, _("Evidence sheet"), _evidence(seen, found))


def papers_of(case: Case, **narrowed: str) -> list[Document]:
    """What was issued of a case, newest first; narrowed by fields of `Document`."""
    found = Document.objects.filter(subject_kind=SUBJECT, subject_id=case.id, **narrowed)
    return list(found.order_by("-issued_at", "-id"))


def _issue(actor: Actor, kind: str, case: Case, title: str, data: dict[str, Any]) -> Document:
    spoken = "en" if language().startswith("en") else "id"
    newest = papers_of(case, kind=kind, language=spoken)[:1]
    if newest and newest[0].revoked_at is None and newest[0].issued_at > _moved_at(case):
        return newest[0]  # nothing happened since: the same paper, not another number
    return document_issue(
        actor=actor,
        kind=kind,
        subject=(SUBJECT, case.id),
        title=title,
        data=data,
        agency=case.lead_agency,
        language=spoken,
        signer=(_title_of(actor), ""),
    )


def _moved_at(case: Case) -> datetime:
    """When the newest row of a case was written or sealed, whichever is later; now while a row is not sealed."""
    moments = [seal.block.sealed_at if seal else clock.now() for _row, seal in of_subject(case.id)]
    return max(moments, default=clock.now())


def _title_of(actor: Actor) -> str:
    if actor.position is None:
        return ""
    return actor.position.title_en if language().startswith("en") else actor.position.title_id


def _facts(seen: Shown) -> list[list[str]]:
    facts = [
        [_("Number"), seen.number],
        [_("Matter"), str(seen.title)],
        [_("Place"), seen.place],
        [_("Came in"), daytime(seen.case.opened_at)],
        [_("By way of"), str(seen.channel[1])],
        [_("State"), str(seen.tag.text)],
        [_("Leads"), seen.lead],
        [_("Supports"), seen.supporting],
    ]
    return [one for one in facts if one[1]]


def _sheet(desk: Desk, seen: Shown, history: History, words: bool) -> dict[str, Any]:
    parties = [[str(one.role).capitalize(), f"{one.name} {one.masked}".strip()] for one in seen.parties]
    return {
        "facts": [*_facts(seen), *parties],
        "heads": {"clocks": _("Deadlines"), "entries": _("What happened")},
        "clocks": [
            [
                str(one.label),
                str(one.budget),
                f"{one.badge.text} {one.badge.detail}".strip(),
                daytime(one.badge.due) if one.badge.due else "",
            ]
            for one in clock_bars(desk, seen.case, seen.clocks)
        ],
        "entries": [
            {
                "at": str(one.came) or daytime(one.at),
                "who": str(one.who),
                "title": str(one.title),
                "body": str(one.body),
            }
            for one in entries(desk, history, words=words, inside=False)
        ],
        "note": _("Inside notes are not printed."),
    }


def _evidence(seen: Shown, found: evidence.Journal) -> dict[str, Any]:
    sealed = [bundle for bundle in found.bundles if bundle.block is not None]
    return {
        "facts": _facts(seen),
        "heads": {"columns": [_("Position"), _("Happened"), _("Step"), _("By"), _("Row fingerprint")]},
        "blocks": [
            {
                "title": _("Block %(n)s") % {"n": number(bundle.block.height if bundle.block else 0)},
                "verdict": _("intact, signature fits"),
                "root": bundle.root,
                "rows": [
                    [
                        str(number(line.position or 0)),
                        line.came or daytime(line.row.occurred_at),
                        f"{line.what} {line.detail}".strip(),
                        line.by,
                        f"{line.leaf[:8]}…{line.leaf[-8:]}",
                    ]
                    for line in bundle.lines
                ],
            }
            for bundle in sealed
        ],
        "note": _(
            "%(sealed)s of %(rows)s rows are sealed. Each can be checked without this system by the evidence pack."
        )
        % {"sealed": number(found.sealed), "rows": number(found.rows)},
    }
