"""Labels on the phone: a blank one is stuck on a good or a door, scanned, and bound by its NIBAR or the room's code."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.fields import Field
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.parties.actors import Actor, in_post
from kotacerdas.foundation.sync.declarations import FieldForm, Filled
from kotacerdas.kernel.errors import Missing
from kotacerdas.programs.lada import queries
from kotacerdas.programs.lada.actions.labels import label_bind
from kotacerdas.programs.lada.permissions import COUNT


def _bind(*, actor: Actor, given: Filled) -> Refs:
    """Bind what was scanned. Raises Missing for a good or a room that is not theirs, and what `label_bind` raises."""
    text = str(given.values["thing"]).strip()
    asset = queries.assets_for(actor.grants).filter(nibar=text).first()
    rooms = queries.rooms_for(actor.grants).filter(code__iexact=text, closed_on=None)[:2]
    room = rooms[0] if asset is None and len(rooms) == 1 else None
    thing = asset or room
    if thing is None:
        raise Missing(
            _("There is no such good or room in your agency: %(text)s.") % {"text": text},
            remedy=_("Compare the NIBAR with the book of goods. What you wrote is kept on your phone."),
        )
    by = in_post(actor, [COUNT], [thing.agency_id])
    label = label_bind(actor=by, token=str(given.values["token"]), asset=asset, room=room)
    return {"label": label.token}


LABEL_FORMS = (
    FieldForm(
        command=Command(name="lada.label.bind", input=Filled, run=_bind, permission=COUNT),
        label=gettext_lazy("Bind a label"),
        icon="qr-code",
        fields=(
            Field(name="token", type="code", label=gettext_lazy("Code of the blank label"), longest=200),
            Field(
                name="thing",
                type="text",
                label=gettext_lazy("NIBAR of the good, or code of the room"),
                shortest=1,
                longest=30,
            ),
        ),
        button=gettext_lazy("Bind"),
    ),
)
