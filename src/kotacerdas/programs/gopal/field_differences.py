"""What an operator is asked about a trip, on the phone: the question in plain words, and the form that answers it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.kinds import OTHER
from kotacerdas.foundation.cases.models import CaseClock
from kotacerdas.foundation.casework.rows import state_tag
from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.fields import Field
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.parties.actors import Actor, in_post
from kotacerdas.foundation.sync.cases import attach_as
from kotacerdas.foundation.sync.declarations import FieldForm, Filled, Found, Item, Records
from kotacerdas.foundation.ui.tags.words import clock_time, number
from kotacerdas.kernel.errors import Missing
from kotacerdas.programs.gopal.actions.differences import LONGEST, difference_answer
from kotacerdas.programs.gopal.lifecycles.differences import KIND
from kotacerdas.programs.gopal.models import SludgeDifference
from kotacerdas.programs.gopal.permissions import WORK

NAME = f"{KIND}.answer"


def _rows(actor: Actor) -> Iterator[Found]:
    """The open questions about one's own trips."""
    mine = SludgeDifference.objects.filter(asked=actor.user, case__closed_at=None)
    for one in mine.select_related("case", "unit", "manifest").order_by("case__opened_at"):
        yield Found(one.pk, partial(_item, one))


def _item(one: SludgeDifference) -> Item:
    case = one.case
    tag = state_tag(case)
    ticking = case.clocks.filter(name="explain", state=CaseClock.State.RUNNING).first()
    return Item(
        id=case.id,
        title=_("Question about %(trip)s") % {"trip": one.manifest.number if one.manifest else one.unit.name},
        small=one.unit.name,
        state=(str(tag.text), tag.tone, tag.icon),
        due=ticking.due_at.isoformat(timespec="minutes") if ticking is not None else "",
        facts=((str(_("Number")), case.number), *_figures(one)),
        words=question(one),
        forms=(NAME,) if case.state in ("asked", "unheard") else (),
    )


def _figures(one: SludgeDifference) -> Iterator[tuple[str, str]]:
    for label, litres in (
        (_("Pumped"), one.pumped_l),
        (_("Carried"), one.carried_l),
        (_("Received"), one.received_l),
    ):
        if litres is not None:
            yield str(label), f"{number(litres)} L"


def question(one: SludgeDifference) -> str:
    """What is asked, without a word of blame."""
    words = []
    if one.fell_at is not None:
        given = {"n": number(one.fell_l or 0), "at": clock_time(one.fell_at)}
        words.append(_("The truck's sensor shows %(n)s litres less at %(at)s, away from the plant.") % given)
    if one.pumped_l is not None and one.received_l is not None:
        given = {"pumped": number(one.pumped_l), "received": number(one.received_l)}
        words.append(_("The forms say %(pumped)s litres, the plant's meter %(received)s.") % given)
    words.append(_("What do you know of it? A sensor, a meter or a form may be wrong."))
    return " ".join(words)


def _answer(*, actor: Actor, given: Filled) -> Refs:
    asked = SludgeDifference.objects.filter(pk=given.item or UUID(int=0), asked=actor.user)
    found = asked.select_related("case", "asked").first()
    if found is None:
        raise Missing(_("Nobody asks you about this any more."), remedy=_("Ask the planner."))
    by = in_post(actor, [WORK], [found.case.lead_agency_id])
    result = difference_answer(actor=by, case=found.case, body=given.values["body"])
    note = result.case.notes.filter(journal_id=result.row.id).first()
    return {"case": str(found.pk), **({"note": str(note.pk)} if note is not None else {})}


RECORDS = (
    Records(
        name=KIND,
        label=gettext_lazy("Questions to you"),
        icon="message-circle-question-mark",
        permission=WORK,
        rows=_rows,
    ),
)
FORMS = (
    FieldForm(
        command=Command(name=NAME, input=Filled, run=_answer, permission=WORK),
        label=gettext_lazy("Explain the difference"),
        icon="message-square",
        button=gettext_lazy("Send the explanation"),
        on=KIND,
        fields=(
            Field(
                name="body",
                type="text",
                label=gettext_lazy("What do you know of it?"),
                shortest=3,
                longest=LONGEST,
                lines=4,
            ),
            Field(name="photos", type="photos", label=gettext_lazy("Photos"), required=False, most=3),
        ),
        attach=attach_as(OTHER.name),
        at_once=(gettext_lazy("Explained (not sent yet)"), "kunyit", "message-square"),
    ),
)
