"""Changes to the ledger: one proposes, another approves, and a transfer waits for its receiver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import Opened, StepResult
from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.cases.models import Case, Note
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Invalid, Refused
from kotacerdas.kernel.texts import is_blank
from kotacerdas.programs.lada.actions.ledger import (
    Line,
    events_append,
    events_check,
    locked_until,
    of_another_agency,
)
from kotacerdas.programs.lada.lifecycles.changes import CHANGE, WHY
from kotacerdas.programs.lada.models import Asset, Change, ChangeLine
from kotacerdas.programs.lada.permissions import CHANGE as PROPOSE

MOST_LINES = 20_000
LONGEST = 2000


def change_propose(
    *,
    actor: Actor,
    agency: Agency,
    kind: str,
    lines: Sequence[Line],
    to_agency: Agency | None = None,
    words: str = "",
) -> Opened[Change]:
    """Propose a change to goods of an agency; nothing is in the ledger before somebody else approves it.

    to_agency  of a transfer: who receives it; words  why, for whoever approves

    Raises Refused, Invalid with `line_N` for an event that cannot follow, Conflict for a locked semester.
    """
    require(actor.grants, PROPOSE, agencies=[agency.id])
    if actor.user is None or not 1 <= len(lines) <= MOST_LINES:
        raise Invalid(_("Nothing was proposed: choose at least one good."))
    if kind == "transfer" and (to_agency is None or to_agency == agency):
        words_of = _("Choose another agency than the one that has it.")
        raise Invalid(words_of, fields={"to_agency": words_of})
    with transaction.atomic():
        _of_the_agency(agency, lines)
        events_check(lines)
        user = actor.user
        opened = cases.open(
            CHANGE,
            actor=actor,
            title_code=kind,
            channel="desk",
            given_to=((LEAD, agency),),
            own=lambda case: Change(case=case, kind=kind, agency=agency, to_agency=to_agency, made_by=user),
        )
        ChangeLine.objects.bulk_create(_rows(opened.own, lines))
        if to_agency is not None:
            cases.take(opened.case, "offer", actor=actor)
        if not is_blank(words):
            cases.add_note(
                opened.case, kind=WHY.name, body=words.strip()[:LONGEST], actor=actor, row=opened.row
            )
        return opened


def change_approve(*, actor: Actor, case: Case, seen_version: int | None = None) -> StepResult:
    """Approve a change: its events are written, or its receiver is asked.

    Raises Refused for whoever made it, and where a good went to another agency meanwhile.
    """
    with transaction.atomic():
        change = _locked(case)
        if actor.user is None or change.made_by_id == actor.user.id:
            raise Refused(
                _("Who makes a change does not approve it."),
                remedy=_("Somebody else of the asset office approves it."),
                code="own_change",
            )
        if change.to_agency is not None:
            _of_the_agency(change.agency, lines := lines_of(change))
            events_check(lines)
            result = cases.take(
                case, "send", actor=actor, seen_version=seen_version, to_agency=change.to_agency
            )
        else:
            result = cases.take(case, "approve", actor=actor, seen_version=seen_version)
        change.approved_by = actor.user
        change.save(update_fields=["approved_by"])
        if change.to_agency is None:
            events_append(actor=actor, lines=lines_of(change), change=change)
        return result


def change_accept(*, actor: Actor, case: Case, seen_version: int | None = None) -> StepResult:
    """The receiver of a transfer accepts it: it is written now, with today as its day where its own is locked."""
    with transaction.atomic():
        change = _locked(case)
        result = cases.take(case, "accept", actor=actor, seen_version=seen_version)
        change.received_by = actor.user
        change.save(update_fields=["received_by"])
        events_append(actor=actor, lines=_in_open_books(lines_of(change)), change=change)
        return result


def change_decline(*, actor: Actor, case: Case, body: str, seen_version: int | None = None) -> StepResult:
    """The receiver does not accept a transfer, and says why. Nothing is written."""
    return _ended(actor, case, "decline", body, seen_version)


def change_refuse(*, actor: Actor, case: Case, body: str, seen_version: int | None = None) -> StepResult:
    """A change is refused, with the reason. Nothing is written."""
    return _ended(actor, case, "refuse", body, seen_version)


def change_withdraw(*, actor: Actor, case: Case, seen_version: int | None = None) -> StepResult:
    """Whoever proposed it takes it back before it is approved. Raises Refused for anybody else."""
    with transaction.atomic():
        change = _locked(case)
        if actor.user is None or change.made_by_id != actor.user.id:
            raise Refused(
                _("%(who)s proposed this change.") % {"who": change.made_by.name},
                remedy=_("Ask them to withdraw it, or the asset office to refuse it."),
                code="not_own_change",
            )
        return cases.take(case, "withdraw", actor=actor, seen_version=seen_version)


def change_note(*, actor: Actor, case: Case, body: str, photos: Iterable[StoredFile] = ()) -> Note:
    """An inside note, with photos. Raises Invalid for an empty one."""
    if is_blank(body):
        raise Invalid(_("Write the note."), fields={"body": _("Write the note.")})
    return cases.note_inside(case, actor=actor, body=body, photos=photos)


def reversal(asset: Asset, on: date) -> Line:
    """The line that takes back a good's latest event."""
    return Line(asset=asset.id, kind="reverse", on=on, reverses=asset.last_number, amount=0)


def lines_of(change: Change, most: int = MOST_LINES) -> list[Line]:
    """A change's events as lines of the ledger, the first `most` of them."""
    return [
        Line(
            asset=row.asset_id or row.asset_id_new,
            kind=row.kind,  # type: ignore[arg-type]
            on=row.on,
            data={name: value for name, value in row.data.items() if name != "_reverses"},
            amount=row.amount,
            accumulated=row.accumulated,
            reverses=row.data.get("_reverses"),
        )
        for row in change.lines.all()[:most]
    ]


def _rows(change: Change, lines: Sequence[Line]) -> list[ChangeLine]:
    known = set(Asset.objects.filter(id__in={one.asset for one in lines}).values_list("id", flat=True))
    return [
        ChangeLine(
            change=change,
            asset_id=one.asset if one.asset in known else None,
            asset_id_new=one.asset,
            position=position,
            kind=one.kind,
            on=one.on,
            data={**one.data, **({"_reverses": one.reverses} if one.reverses is not None else {})},
            amount=one.amount,
            accumulated=one.accumulated,
        )
        for position, one in enumerate(lines, 1)
    ]


def _of_the_agency(agency: Agency, lines: Sequence[Line]) -> None:
    """Every good that a change is about is the agency's, and a new one begins there."""
    others = Asset.objects.filter(id__in={one.asset for one in lines}).exclude(agency=agency)
    begun = [one for one in lines if one.kind in ("acquire", "opening")]
    if others.exists() or any(one.data.get("agency") != agency.code for one in begun):
        raise of_another_agency()


def _in_open_books(lines: Sequence[Line]) -> list[Line]:
    """These lines, with today as the day of those whose semester is locked."""
    until = locked_until()
    is_open = [until is None or one.on > until for one in lines]
    return [one if here else replace(one, on=clock.today()) for one, here in zip(lines, is_open, strict=True)]


def _ended(actor: Actor, case: Case, step: str, body: str, seen_version: int | None) -> StepResult:
    with transaction.atomic():
        _locked(case)
        result = cases.take(case, step, actor=actor, seen_version=seen_version, body=body.strip())
        cases.add_note(case, kind=WHY.name, body=body.strip()[:LONGEST], actor=actor, row=result.row)
        return result


def _locked(case: Case) -> Change:
    rows = Change.objects.select_for_update(of=("self",)).select_related("agency", "to_agency")
    return rows.get(case=case)


def new_asset_id() -> Any:
    """The id of a good that a change would begin."""
    return ids.new_id()
