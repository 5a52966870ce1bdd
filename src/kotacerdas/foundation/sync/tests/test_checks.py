"""What a program declares of its field work and cannot work is said at start."""

from __future__ import annotations

from dataclasses import replace

from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.fields import Field
from kotacerdas.foundation.sync import checks
from kotacerdas.foundation.sync.declarations import FieldForm, Filled, surveys

GOOD = FieldForm(
    command=Command(name="iceta.report.try", input=Filled, run=lambda **_given: {}),
    label="Try",
    icon="check",
    button="Try",
    fields=(Field(name="words", type="text", label="Words"),),
    on="iceta.report",
)


def flaws_of(form: FieldForm) -> list[str]:
    return list(checks._flaws(form, {}))


def test_what_is_declared_today_is_sound():
    assert checks.field_declarations() == []
    assert flaws_of(GOOD) == []


def test_each_mistake_is_named():
    photos = (Field(name="photos", type="photos", label="Photos"),)
    assert "no `attach`" in flaws_of(replace(GOOD, fields=photos))[0]
    assert "undeclared records" in flaws_of(replace(GOOD, on="iceta.nonsense"))[0]
    needs = Command(
        name="iceta.report.try", input=Filled, run=lambda **_given: {}, permission="iceta.nonsense"
    )
    assert "undeclared permission" in flaws_of(replace(GOOD, command=needs))[0]
    assert flaws_of(replace(GOOD, fields=(Field(name="c", type="choice", label="C"),)))


def test_a_survey_names_fields_that_it_has():
    survey = surveys()["iceta.spot"]
    assert not list(checks._flaws_of_survey(survey))
    for part in ("title", "small", "place"):
        assert part in next(checks._flaws_of_survey(replace(survey, **{part: "nonsense"})))
    assert list(checks._flaws_of_survey(replace(survey, title="")))
