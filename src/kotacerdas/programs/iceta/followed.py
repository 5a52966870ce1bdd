"""ICeta's declarations for following reports by secret link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.following.declarations import Act, Following
from kotacerdas.foundation.following.forms import AnswerForm, RateForm, ReopenForm
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.actions.following import ACTING_ROLES, check_concerned, check_reporter
from kotacerdas.programs.iceta.lifecycles import KIND
from kotacerdas.programs.iceta.lifecycles.kinds import ANSWER, QUESTION, REOPENING, RESOLUTION
from kotacerdas.programs.iceta.messages import FIRST, LINK
from kotacerdas.programs.iceta.public import following
from kotacerdas.programs.iceta.public.story import STORY

Given = Mapping[str, Any]
TOO_MANY_PHOTOS = gettext_lazy("At most %(most)d photos fit one report.")


def _answer(*, actor: Actor, party: CaseParty, given: Given, photos: Sequence[StoredFile]) -> None:
    actions.report_answer(actor=actor, party=party, body=given["body"], photos=photos)


def _rate(*, actor: Actor, party: CaseParty, given: Given, photos: Sequence[StoredFile]) -> None:
    rating = int(given["rating"]) if given["rating"] in ("1", "2", "3", "4") else 0
    actions.report_rate(actor=actor, party=party, rating=rating, words=given["words"])


def _reopen(*, actor: Actor, party: CaseParty, given: Given, photos: Sequence[StoredFile]) -> None:
    actions.report_reopen(actor=actor, party=party, body=given["body"])


FOLLOWED = (
    Following(
        kind=KIND,
        acting=ACTING_ROLES,
        acts=(
            Act(
                name="answer",
                slug="jawab",
                form=AnswerForm,
                check=check_reporter,
                run=_answer,
                asked=QUESTION,
                gives=ANSWER,
                photos=True,
            ),
            Act(
                name="rate",
                slug="nilai",
                form=RateForm,
                check=check_concerned,
                run=_rate,
                asked=RESOLUTION,
            ),
            Act(
                name="reopen",
                slug="buka-lagi",
                form=ReopenForm,
                check=check_reporter,
                run=_reopen,
                asked=RESOLUTION,
                gives=REOPENING,
            ),
        ),
        open_acts=following.open_acts,
        template="iceta/public/follow.html",
        context=following.context,
        timeline=STORY.of,
        card=following.card,
        sent=following.sent,
        link=LINK,
        first=FIRST,
        main_clock="resolve",
        too_many_photos=TOO_MANY_PHOTOS,
        related=("case__report",),
        prefetch=("clocks", "files__file"),
    ),
)
