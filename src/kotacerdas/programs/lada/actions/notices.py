"""What strangers write about a labelled thing: a note that its agency reads, with what came of it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.programs.lada.models import Label, Notice
from kotacerdas.programs.lada.permissions import VIEW

SHORTEST, LONGEST = 5, 500
LONGEST_OUTCOME = 300
SUBJECT = "lada.notice"


def notice_give(*, actor: Actor, label: Label, words: str) -> Notice:
    """Keep what somebody wrote, for the agency that has the good today. Raises Invalid at `words`."""
    words = " ".join(words.split())
    if not SHORTEST <= len(words) <= LONGEST:
        error = _("Write between 5 and 500 letters.")
        raise Invalid(error, fields={"words": error})
    asset = label.asset if label.ended_at is None else None
    with transaction.atomic():
        agency = asset.agency if asset is not None else label.agency
        notice = Notice.objects.create(asset=asset, agency=agency, words=words)
        append(
            verb=f"{SUBJECT}.give",
            subject=(SUBJECT, notice.id),
            actor=actor.code,
            codes={"agency": agency.code},
        )
        return notice


def notice_close(*, actor: Actor, notice: Notice, outcome: str) -> Notice:
    """Say what came of it. Raises Refused, Invalid at `outcome`, Conflict for one that somebody else closed."""
    require(actor.grants, VIEW, agencies=[notice.agency_id])
    outcome = " ".join(outcome.split())
    if not outcome or len(outcome) > LONGEST_OUTCOME:
        words = _("Say what came of it, in at most 300 letters.")
        raise Invalid(words, fields={"outcome": words})
    with transaction.atomic():
        notice = Notice.objects.select_for_update(of=("self",)).get(id=notice.id)
        if notice.read_at is not None:
            raise Conflict(_("Somebody has answered this already."), remedy=_("Load the page again."))
        notice.read_at, notice.read_by, notice.outcome = clock.now(), actor.user, outcome
        notice.save(update_fields=["read_at", "read_by", "outcome"])
        append(
            verb=f"{SUBJECT}.close",
            subject=(SUBJECT, notice.id),
            actor=actor.code,
            codes={"agency": notice.agency.code},
        )
        return notice
