"""Cases in the field: a desk's own work as records of a phone, and its steps as forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.actions import StepResult, add_files, may_take, step_take
from kotacerdas.foundation.cases.models import Assignment, Case, Note
from kotacerdas.foundation.cases.queries import EMERGENCY, visible_to
from kotacerdas.foundation.casework.declarations import Act, Desk
from kotacerdas.foundation.casework.present import place_line
from kotacerdas.foundation.casework.queries import agencies_of, first_work, open_parts_of
from kotacerdas.foundation.casework.rows import header_of, state_tag
from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.fields import UPLOADS, Field
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.actors import Actor, in_post
from kotacerdas.foundation.sync.declarations import (
    MOST_RECORDS,
    Attach,
    FieldForm,
    Filled,
    Found,
    Item,
    Records,
    forms,
)
from kotacerdas.kernel.errors import Missing


def case_records(
    desk: Desk,
    *,
    icon: str,
    label: Any,
    facts: Callable[[Case], Iterable[tuple[str, str]]] | None = None,
    words: Callable[[Case], str] | None = None,
    personal: bool = False,
) -> Records:
    """The open work of a desk's queue as records of a phone.

    facts, words  what a kind shows besides; personal  as in `Records`
    """

    def item(row: Assignment, steps: list[FieldForm], actor: Actor, roles: Any) -> Item:
        case, header = row.case, header_of(row)
        tag, is_urgent = state_tag(case), case.priority == EMERGENCY
        marks = [str(_("Emergency"))] if is_urgent else []
        due = header.due_at if not header.is_paused else None
        return Item(
            id=case.id,
            title=desk.lifecycle.title(case.title_code),
            small=" · ".join(filter(None, (*marks, place_line(desk, case)))),
            state=(str(tag.text), tag.tone, tag.icon),
            due=due.isoformat(timespec="minutes") if due else "",
            order=-1 if is_urgent else 0,
            # no `phone`: the desk masks the number of each party until somebody opens it for a purpose
            lat=case.lat,
            lng=case.lng,
            facts=((str(_("Number")), case.number), *(facts(case) if facts else ())),
            words=words(case) if words else "",
            forms=tuple(form.name for form in steps if _may(desk, case, form, actor, roles)),
        )

    def rows(actor: Actor) -> Iterator[Found]:
        by_case: dict[UUID, Assignment] = {}
        for row in first_work(desk, actor.grants, MOST_RECORDS):
            by_case.setdefault(row.case_id, row)  # of two parts in one case the one that is due first
        parts = open_parts_of(by_case)
        steps = [one for one in forms().values() if one.on == desk.kind]
        for one in by_case.values():
            yield Found(one.case_id, partial(item, one, steps, actor, parts.get(one.case_id, {})))

    return Records(name=desk.kind, label=label, icon=icon, permission=desk.work, rows=rows, personal=personal)


def _step_of(desk: Desk, form: FieldForm) -> str:
    return form.name.removeprefix(f"{desk.kind}.")


def _may(desk: Desk, case: Case, form: FieldForm, actor: Actor, roles: Any) -> bool:
    step = desk.lifecycle.by_step.get(_step_of(desk, form))
    return step is not None and case.state in step.sources and may_take(case, step, actor, roles)


def step_form(
    desk: Desk,
    step: str,
    label: Any,
    icon: str,
    button: Any,
    at_once: Any = None,
    *,
    fields: tuple[Field, ...] = (),
    moment: str = "",
) -> FieldForm:
    """A step of a desk as a form of the field: the same action with the same permission.

    at_once  what the phone shows as the state of the case until the answer is there
    moment   of the photos that follow; they hang on the note that the step wrote, inside where it is an inside one
    """
    act = desk.by_act[step]
    declared = desk.lifecycle.by_step[step]
    command = Command(
        name=f"{desk.kind}.{step}", input=Filled, run=partial(_run, desk, act), permission=declared.by
    )
    return FieldForm(
        command=command,
        label=label,
        icon=icon,
        button=button,
        fields=fields,
        on=desk.kind,
        attach=attach_as(moment) if any(one.type in UPLOADS for one in fields) else None,
        at_once=(at_once, "kunyit", icon) if at_once else None,
    )


def _run(desk: Desk, act: Act, *, actor: Actor, given: Filled) -> Refs:
    case = visible_to(actor.grants, kinds=[desk.kind]).filter(pk=given.item).first() if given.item else None
    if case is None:
        raise Missing(
            _("This is not your work any more, or it is gone."),
            remedy=_("Ask the desk. What you wrote is kept on your phone."),
        )
    values = {name: value for name, value in given.values.items() if not isinstance(value, list)}
    run = act.run or partial(step_take, step=act.step)
    by = in_post(actor, [desk.lifecycle.by_step[act.step].by], agencies_of(case))
    result = run(actor=by, case=case, **values)
    return {"case": str(case.pk), **({"note": str(note)} if (note := _note_of(case, result)) else {})}


def _note_of(case: Case, result: object) -> UUID | None:
    if isinstance(result, Note):
        return result.pk
    if isinstance(result, StepResult):
        return Note.objects.filter(case=case, journal_id=result.row.id).values_list("pk", flat=True).first()
    return None


def attach_as(moment: str) -> Attach:
    """How photos that follow a record come to its case (`refs["case"]`): made at that moment of the kind."""
    return partial(_attach, moment)


def _attach(moment: str, actor: Actor, refs: Refs, name: str, file: StoredFile, at: datetime) -> None:
    """Hang a photo that arrived after its record on the case, beside the note that came with it."""
    case = Case.objects.get(pk=refs["case"])
    note = Note.objects.filter(pk=refs["note"]).first() if "note" in refs else None
    add_files(case, [file], moment=moment, note=note, is_inside=note is not None and note.kind == "inside")
