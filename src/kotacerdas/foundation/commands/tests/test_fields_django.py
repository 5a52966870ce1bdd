"""A declaration as a Django form: the same verdicts, in the words of the same problems."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.utils.translation import override

from kotacerdas.foundation.commands.fields import Choice, Field, When, check, django_form, problem_words
from kotacerdas.foundation.commands.tests.test_fields import FORMS, TODAY, VECTORS, expected, kinds, shown
from kotacerdas.foundation.commands.tests.vector_forms import plain, revived

FLAT = {name: fields for name, fields in FORMS.items() if not any(one.type == "group" for one in fields)}
ALL = (
    Field(name="name", type="text", label="Name", shortest=3),
    Field(name="words", type="text", label="Words", lines=3, required=False),
    Field(name="homes", type="integer", label="Homes", most=5000, unit="homes"),
    Field(name="height", type="decimal", label="Height", required=False),
    Field(name="dry", type="boolean", label="Dry?"),
    Field(name="way", type="choice", label="Way", choices=(Choice("car", "by car"), Choice("boat", "by boat"))),
    Field(name="boat", type="text", label="Which boat?", shown_if=When("way", "is", "boat")),
    Field(name="tags", type="choices", label="Tags", choices=(Choice("a", "A"), Choice("b", "B")), required=False),
    Field(name="day", type="date", label="Day", most="today"),
    Field(name="at", type="time", label="At", required=False),
    Field(name="since", type="moment", label="Since", required=False),
    Field(name="phone", type="phone", label="Phone", required=False),
    Field(name="place", type="position", label="Place"),
    Field(name="code", type="code", label="Code", required=False),
)  # fmt: skip
TYPED = {
    "name": ["Balai  desa"], "words": ["satu\r\ndua"], "homes": ["1.500"], "height": ["2,5"], "dry": ["false"],
    "way": ["car"], "boat": ["left over"], "tags": ["b", "a"], "day": ["2026-11-29"], "at": ["14.05"],
    "since": ["2026-11-29T08:30"], "phone": ["0812-3456-7890"], "code": ["ab-12"],
    "place_lat": ["-6,3265"], "place_lng": ["108.3214"], "place_accuracy": ["8.0"],
}  # fmt: skip


def posted(**changed):
    given = QueryDict(mutable=True)
    for name, values in (TYPED | changed).items():
        given.setlist(name, values)
    return given


def test_every_vector_has_its_verdict_through_the_form():
    made = {name: django_form(fields) for name, fields in FLAT.items()}
    wrong, tried = [], 0
    for vector in VECTORS:
        if vector["form"] not in made or vector["given"] is None:  # a form without data is one to fill in
            continue
        tried += 1
        given = revived(vector["given"])
        form = made[vector["form"]](given, today=TODAY)
        is_right = form.is_valid() == (not vector["problems"])
        if not is_right or kinds(plain(form.checked)) != kinds(expected(vector)):
            wrong.append(f"{shown(vector)} got {shown(plain(form.checked))}")
        if form.is_valid() and form.cleaned_data != form.checked.clean:
            wrong.append(f"{shown(vector)} is stored as {shown(form.cleaned_data)}")
    assert not wrong, "\n".join(wrong)
    assert tried > 100


def test_a_problem_stands_at_its_field_in_the_same_words():
    fields = (Field(name="a", type="integer", label="A", most=5),)
    with override("id"):
        form = django_form(fields)({"a": 7, "other": 1}, today=TODAY)
        found = check(fields, {"a": 7}, today=TODAY).problems["a"]
        assert form.errors["a"] == [problem_words(found, fields[0])]
        assert len(form.non_field_errors()) == 1


def test_rows_are_refused_when_the_form_is_declared():
    row = Field(name="rows", type="group", label="Rows", fields=(Field(name="a", type="text", label="A"),))
    with pytest.raises(LookupError, match="rows"):
        django_form((row,))


def test_what_a_browser_posts_is_read_as_what_a_phone_sends():
    form = django_form(ALL)(posted(), today=TODAY)
    assert form.is_valid(), form.errors
    found = form.cleaned_data
    assert found["place"] == {"lat": -6.3265, "lng": 108.3214, "accuracy": 8.0}
    assert (found["homes"], found["height"], found["dry"], found["tags"]) == (1500, 2.5, False, ["a", "b"])
    assert (found["name"], found["words"], found["code"]) == ("Balai desa", "satu\ndua", "AB-12")
    assert found["since"].startswith("2026-11-29T08:30:00+")
    assert "boat" not in found
    assert check(ALL, found, today=TODAY).clean == found


def test_what_was_shown_is_what_comes_back():
    first = django_form(ALL)(posted(), today=TODAY)
    assert first.is_valid()
    form = django_form(ALL)(initial=first.cleaned_data)
    again = QueryDict(mutable=True)
    for bound in form:
        widget, value = bound.field.widget, bound.value()
        for one in widget.get_context(bound.html_name, value, {})["widget"].get("subwidgets") or [None]:
            if one is None:
                again.setlist(bound.html_name, [str(value if value is not None else "")])
            elif one["value"] is not None:
                again.setlist(one["name"], [str(one["value"])])
        if bound.name in ("tags", "dry", "way"):
            again.setlist(bound.name, value if isinstance(value, list) else [value])
    second = django_form(ALL)(again, today=TODAY)
    assert second.is_valid(), second.errors
    assert second.cleaned_data == first.cleaned_data


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"homes": ["viele"]}, "homes"),
        ({"place_lat": ["utara"]}, "place"),
        ({"place_lat": ["nan"]}, "place"),
        ({"place_lat": [""], "place_lng": [""]}, "place"),
        ({"dry": ["perhaps"]}, "dry"),
        ({"dry": []}, "dry"),
        ({"since": ["2026-13-29T08:30"]}, "since"),
        ({"way": ["boat"], "boat": [" "]}, "boat"),
        ({"tags": ["c"]}, "tags"),
        ({"day": ["2026-12-01"]}, "day"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(changed, wrong):
    form = django_form(ALL)(posted(**changed), today=TODAY)
    assert list(form.errors) == [wrong]


def test_a_form_is_drawn_whole_with_what_a_question_depends_on():
    with override("id"):
        page = django_form(ALL)(posted(homes=["x"]), today=TODAY).as_p()
    assert "Hanya untuk" in page
    assert 'type="date"' in page
    assert 'name="place_lng"' in page


def test_a_moment_that_nobody_touched_keeps_its_seconds_and_its_offset():
    fields = (Field(name="since", type="moment", label="Since"),)
    stored = {"since": check(fields, {"since": "2026-11-29T08:30:42+08:00"}, today=TODAY).clean["since"]}
    showed = django_form(fields)(initial=stored).initial["since"]
    same, other = QueryDict(mutable=True), QueryDict(mutable=True)
    same["since"], other["since"] = showed, "2026-11-29T09:15"
    for data, is_same in ((same, True), (other, False)):
        form = django_form(fields)(data, initial=stored, today=TODAY)
        assert form.is_valid(), form.errors
        assert (form.cleaned_data == stored) is is_same
