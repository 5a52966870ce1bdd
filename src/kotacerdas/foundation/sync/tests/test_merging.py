"""Two people changed one record: what a rule settles, what a person must, and that nothing is overwritten silently."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kotacerdas.foundation.commands.fields import Field
from kotacerdas.foundation.sync.merging import merged

FIELDS = (
    Field(name="roof", type="text", label="Roof"),
    Field(name="seen", type="text", label="Seen", merge="last"),
    Field(name="count", type="integer", label="Count", merge="add"),
)


def test_changes_of_different_fields_both_stand():
    found = merged(
        FIELDS, base={"roof": "tin"}, stored={"roof": "tin", "seen": "Monday"}, mine={"roof": "tile"}
    )
    assert found.values == {"roof": "tile", "seen": "Monday"}
    assert not found.asked


def test_two_changes_of_one_field_are_left_to_a_person():
    found = merged(FIELDS, base={"roof": "tin"}, stored={"roof": "palm"}, mine={"roof": "tile"})
    assert found.values == {"roof": "palm"}
    assert found.asked == {"roof": ["tin", "palm", "tile"]}


def test_the_later_one_wins_where_that_is_the_rule():
    changes = {"base": {"seen": "a"}, "stored": {"seen": "b"}, "mine": {"seen": "c"}}
    assert merged(FIELDS, **changes).values == {"seen": "c"}
    assert merged(FIELDS, **changes, newer={"seen"}).values == {"seen": "b"}


def test_both_changes_of_a_count_count():
    assert merged(FIELDS, base={"count": 10}, stored={"count": 12}, mine={"count": 9}).values == {"count": 11}


def test_an_answer_taken_away_is_a_change_too():
    assert merged(FIELDS, base={"roof": "tin"}, stored={"roof": "tin"}, mine={}).values == {}
    assert merged(FIELDS, base={"roof": "tin"}, stored={"roof": "palm"}, mine={}).asked == {
        "roof": ["tin", "palm", None]
    }


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "roof": st.sampled_from("abc"),
        "seen": st.sampled_from("abc"),
        "count": st.integers(0, 3),
    },
)


@settings(max_examples=200)
@given(base=ANSWERS, stored=ANSWERS, mine=ANSWERS)
def test_no_change_of_anybody_is_lost_in_silence(base, stored, mine):
    found = merged(FIELDS, base=base, stored=stored, mine=mine)
    for name in ("roof", "count"):
        was, theirs, ours = base.get(name), stored.get(name), mine.get(name)
        if name not in found.asked and name == "roof":
            assert found.values.get(name) == (theirs if ours in (was, theirs) else ours)
            assert ours in (was, theirs) or theirs == was
    assert (
        merged(FIELDS, base=stored, stored=stored, mine=mine).values == mine
    )  # nobody else changed anything
