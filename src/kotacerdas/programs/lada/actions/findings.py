"""Findings of stocktakes: explained by whoever knows, and settled with what came of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import StepResult
from kotacerdas.foundation.cases.models import Case, Note
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.programs.lada.lifecycles.findings import ANSWER, OUTCOMES
from kotacerdas.programs.lada.models import ChangeLine, Finding

LONGEST = 2000


def finding_answer(*, actor: Actor, case: Case, body: str, seen_version: int | None = None) -> StepResult:
    """Explain a finding: what whoever has the good says, in their words. Raises Refused, Invalid at `body`."""
    body = _words(body)
    with transaction.atomic():
        result = cases.take(case, "answer", actor=actor, seen_version=seen_version, body=body)
        cases.add_note(case, kind=ANSWER.name, body=body, actor=actor, row=result.row)
        return result


def finding_settle(
    *, actor: Actor, case: Case, outcome: str, body: str = "", seen_version: int | None = None
) -> StepResult:
    """Settle a finding. What is said of the books must stand in them.

    Raises Refused, Invalid at `outcome`, Conflict where the books do not have it yet.
    """
    if outcome not in OUTCOMES:
        words = _("Choose what came of it.")
        raise Invalid(words, fields={"outcome": words})
    body = body.strip()[:LONGEST]
    with transaction.atomic():
        finding = Finding.objects.select_for_update(of=("self",)).get(case=case)
        _in_the_books(finding, outcome)
        result = cases.take(
            case,
            "settle",
            actor=actor,
            seen_version=seen_version,
            outcome=outcome,
            codes={"outcome": outcome, "class": finding.classes[0]},
        )
        finding.outcome = outcome
        finding.save(update_fields=["outcome"])
        if body:
            cases.add_note(case, kind=ANSWER.name, body=body, actor=actor, row=result.row)
        return result


def finding_note(*, actor: Actor, case: Case, body: str, photos: Iterable[StoredFile] = ()) -> Note:
    """An inside note, with photos. Raises Invalid for an empty one."""
    body = _words(body)
    return cases.note_inside(case, actor=actor, body=body, photos=photos)


def _in_the_books(finding: Finding, outcome: str) -> None:
    """Raise Conflict for an outcome that names a change of the books which is not in them, nor on its way as it says."""
    asset, scan = finding.asset, finding.scan
    if asset is None:
        return
    if outcome == "moved" and scan is not None and scan.room_id != asset.room_id:
        raise _not_yet(_("The books do not have it in %(room)s yet.") % {"room": scan.room or "–"})
    is_changed = scan is not None and "condition" in finding.classes and scan.condition != asset.condition
    if outcome == "changed" and is_changed:
        raise _not_yet(_("The books do not have its new condition yet."))
    waits = ChangeLine.objects.filter(asset=asset, kind="dispose", change__case__closed_at=None)
    if outcome == "disposal" and asset.is_active and not waits.exists():
        raise _not_yet(_("Nobody has proposed its disposal yet."))


def _not_yet(words: str) -> Conflict:
    return Conflict(
        words, remedy=_("Propose it on the page of the good, then settle this."), code="not_in_the_books"
    )


def _words(body: str) -> str:
    body = body.strip()
    if not body or len(body) > LONGEST:
        words = _("Write what is known, in at most 2,000 letters.")
        raise Invalid(words, fields={"body": words})
    return body
