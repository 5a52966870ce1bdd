"""The demo's survey records: what somebody of the cast found, from the pack's `demo.toml`."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kotacerdas.foundation.commands.fields import check
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.sync.declarations import Filled, forms, surveys
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.kernel import clock
from kotacerdas.kernel.pack import Pack, Section


@dataclass(frozen=True, kw_only=True)
class FoundRow:
    """One record of a survey: who found it, the village at whose reference point it is, its answers as JSON."""

    survey: str
    username: str
    village: str
    answers: str


SECTIONS = (
    Section(
        name="survey_records",
        file="demo.toml",
        row=FoundRow,
        key=("survey", "answers"),
        refs={"village": "areas.code", "username": "cast.username"},
        optional=True,
    ),
)


def finish(pack: Pack) -> int:
    """Make the records; how many there are. A survey of a program that is not chosen has none."""
    rows = [row for row in pack.of("survey_records") if row.survey in surveys()]
    for row in rows:
        survey, area = surveys()[row.survey], area_by_code(row.village)
        answers = json.loads(row.answers)
        if survey.place and area is not None and area.point is not None:
            answers[survey.place] = {"lat": area.point[0], "lng": area.point[1], "accuracy": 8}
        form = forms()[f"{row.survey}.make"]
        checked = check(form.asked, answers, today=clock.today().isoformat())
        if checked.problems:
            raise ValueError(f"{row.survey}: {checked.problems}")
        finder = staff(User.objects.get(username=row.username))
        form.command.run(actor=finder, given=Filled(item=None, values=checked.clean))
    return len(rows)
