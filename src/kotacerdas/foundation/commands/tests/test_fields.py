"""The field vocabulary: one verdict in Python and on the phone, over the same vectors."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from django.utils.translation import override

from kotacerdas.foundation.commands import typed
from kotacerdas.foundation.commands.fields import (
    Choice,
    Field,
    When,
    Words,
    as_json,
    check,
    flaws,
    problem_templates,
    problem_words,
)
from kotacerdas.foundation.commands.tests.vector_forms import STORED, declared, on_the_phone, plain, revived

TODAY = STORED["today"]
FORMS = {name: declared(fields) for name, fields in STORED["forms"].items()}
VECTORS = STORED["vectors"]


def expected(vector):
    problems = {
        path: {"code": one[0], "params": one[1] if len(one) > 1 else {}}
        for path, one in vector["problems"].items()
    }
    return {"clean": revived(vector["clean"]), "problems": problems}


def kinds(value):
    """A value whose booleans differ from its numbers, as they do in JSON."""
    if isinstance(value, dict):
        return {name: kinds(one) for name, one in value.items()}
    if isinstance(value, list):
        return [kinds(one) for one in value]
    return ("boolean", value) if isinstance(value, bool) else value


def shown(vector):
    return str(vector)[:300].encode("ascii", "backslashreplace").decode()


def test_every_vector_has_its_verdict():
    wrong = []
    for vector in VECTORS:
        found = plain(check(FORMS[vector["form"]], revived(vector["given"]), today=TODAY))
        if kinds(found) != kinds(expected(vector)):
            wrong.append(f"{shown(vector)} got {shown(found)}")
    assert not wrong, "\n".join(wrong)


def test_the_phone_gives_the_same_verdicts_and_words():
    templates = problem_templates("id")
    cases = [(one["form"], one["given"], TODAY) for one in VECTORS]
    wrong = []
    with override("id"):
        for vector, found in zip(VECTORS, on_the_phone(STORED["forms"], cases, templates), strict=True):
            words = dict(found.pop("words"))
            fields = {one.name: one for one in FORMS[vector["form"]]}
            problems = check(FORMS[vector["form"]], revived(vector["given"]), today=TODAY).problems
            ours = {
                path: problem_words(one, fields[path]) for path, one in problems.items() if path in fields
            }
            if kinds(found) != kinds(expected(vector)) or words != ours:
                wrong.append(f"{shown(vector)} got {shown(found)} {shown(words)} {shown(ours)}")
    assert not wrong, "\n".join(wrong)


def test_what_is_clean_is_clean_again():
    for vector in VECTORS:
        if not vector["problems"]:
            clean = revived(vector["clean"])
            assert plain(check(FORMS[vector["form"]], clean, today=TODAY)) == {"clean": clean, "problems": {}}


def test_a_declaration_goes_to_the_phone_without_its_defaults():
    for name, fields in STORED["forms"].items():
        assert as_json(FORMS[name], "en") == fields
    asked = Field(
        name="a", type="choice", label=Words("Akses", "Access"), choices=(Choice("x", Words("Ya", "Yes")),)
    )
    assert as_json((asked,), "id") == [
        {"name": "a", "type": "choice", "label": "Akses", "choices": [["x", "Ya"]]}
    ]


def test_the_declarations_of_the_vectors_have_no_flaw():
    named = {name: list(flaws(fields)) for name, fields in FORMS.items()}
    # The level's own look at a name of another level is what this form is for.
    assert len(named.pop("rows_if")) == 1
    assert not any(named.values()), named


@pytest.mark.parametrize(
    "parts",
    [
        {"name": "A b"},
        {"label": ""},
        {"type": "colour"},
        {"type": "choice"},
        {"type": "choice", "choices": (Choice("x", "X"), Choice("x", "Y"))},
        {"type": "group"},
        {"choices": (Choice("x", "X"),)},
        {"type": "integer", "least": 5, "most": 1},
        {"type": "integer", "least": 0.5},
        {"type": "integer", "step": 0},
        {"type": "decimal", "places": 9},
        {"type": "date", "least": "30/11/2026"},
        {"least": 3},
        {"shortest": 9, "longest": 5},
        {"merge": "add"},
        {"quick": (1, 2)},
        {"shown_if": When("later", "filled")},
        {"shown_if": When("before", "is", "many")},
        {"shown_if": When("before", "above", 1)},
    ],
)
def test_a_flaw_is_named(parts):
    before = Field(name="before", type="integer", label="Before")
    asked = Field(**{"name": "a", "type": "text", "label": "A", **parts})
    assert list(flaws((before, asked)))


def test_every_invisible_character_that_this_python_knows_is_dropped():
    """Line breaks and separators of records are spaces; all others of Cc, Cf and Cs go."""
    hidden = [
        chr(one) for one in range(sys.maxunicode + 1) if unicodedata.category(chr(one)) in ("Cc", "Cf", "Cs")
    ]
    assert [one for one in hidden if typed.line(one)] == []
    spaces = [
        chr(one) for one in range(sys.maxunicode + 1) if chr(one).isspace() or re.match(r"\s", chr(one))
    ]
    assert {typed.line(f"a{one}b") for one in spaces} == {"a b"}


def test_a_long_run_of_accents_takes_no_time():
    """It would take minutes to bring it into normal form."""
    hostile = "a" + "\u0323\u0301" * 300_000
    for name in ("text", "lines", "integer", "choice", "code", "phone", "date"):
        assert check(FORMS[name], {"a": hostile, "b": hostile}, today=TODAY).problems
