"""What citizens drawn into a survey are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.foundation.notify.declarations import Template, Words
from kotacerdas.insight.evaluation.models import Invitation, Round
from kotacerdas.insight.evaluation.survey.actions import link_of


def _invited(recipient: UUID, args: Mapping[str, Any]) -> Words | None:
    """None when it was answered meanwhile, or the round is closed."""
    found = (
        Invitation.objects.filter(id=str(args.get("invitation")), is_used=False)
        .select_related("survey__programme", "survey__round")
        .first()
    )
    if found is None or found.survey.round.state == Round.State.CLOSED:
        return None
    body = _("How were you served by %(programme)s? Nine short questions, without your name: %(link)s") % {
        "programme": found.survey.programme.name,
        "link": link_of(found),
    }
    return Words(subject=_("How were you served?"), body=body)


TEMPLATES = (Template(name="evaluation.survey", compose=_invited),)
