"""Cases as subjects: each kind by its life-cycle's name, and all of them for papers of a case."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.lifecycle import Lifecycle, lifecycles
from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.casework.papers import SUBJECT
from kotacerdas.foundation.casework.registry import page_of
from kotacerdas.foundation.parties.subjects import Subject

_ACTS = {
    "receive": _("Received"),
    "read": _("Number opened"),
    "escalate": _("Deadline missed"),
    "restore": _("Deadline not missed after all"),
}


def _of_kind(lifecycle: Lifecycle) -> Subject:
    steps = {step.name: step.label for step in lifecycle.steps}
    return Subject(
        kind=lifecycle.kind,
        label=lifecycle.label,
        visible=partial(visible_to, kinds=[lifecycle.kind]),
        words=str,
        url=page_of,
        acts={**_ACTS, **steps},
    )


def SUBJECTS() -> tuple[Subject, ...]:
    """Asked for when life-cycles are known."""
    every = Subject(kind=SUBJECT, label=_("Case"), visible=visible_to, words=str, url=page_of)
    return (every, *(_of_kind(one) for one in lifecycles().values()))
