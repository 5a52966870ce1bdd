"""Identity, canonical bytes, trees, sealed fields, phones."""

from __future__ import annotations

from uuid import uuid4

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kotacerdas.kernel import canonical, ids, merkle, phones
from kotacerdas.kernel.fieldcrypt import CannotOpen, Keyring

RING = Keyring(keys={"a": bytes(32), "b": bytes([1]) * 32}, current="b", index_key=b"index")
SEQUENCE = st.integers(1, 999_999)


class TestTicketNumbers:
    @given(SEQUENCE, st.integers(2020, 2060))
    def test_every_number_made_is_valid(self, sequence, year):
        assert ids.is_ticket_number(ids.ticket_number("IDM", year, sequence))

    @given(SEQUENCE, st.integers(0, 14), st.sampled_from("0123456789"))
    def test_any_single_wrong_digit_is_noticed(self, sequence, at, digit):
        number = ids.ticket_number("IDM", 2026, sequence)
        if number[at].isdigit() and number[at] != digit:
            assert not ids.is_ticket_number(number[:at] + digit + number[at + 1 :])

    def test_of_two_neighbouring_digits_swapped_four_in_a_thousand_at_most_go_unnoticed(self):
        noticed = [
            not ids.is_ticket_number(number[:at] + number[at + 1] + number[at] + number[at + 2 :])
            for number in (ids.ticket_number("IDM", 2026, sequence) for sequence in range(1, 1_000_000, 997))
            for at in range(9, 14)
            if number[at] != number[at + 1]
        ]
        assert noticed.count(False) <= len(noticed) * 0.004

    @pytest.mark.parametrize(
        "text", ["", "IDM", "IDM-2026-000001", "idm 2026 1", "IDM-2026-000001-?", "A-B-C-D"]
    )
    def test_nonsense_is_not_a_number(self, text):
        assert not ids.is_ticket_number(text)

    @given(SEQUENCE, st.sampled_from(["", " ", "  ", "-", " - ", "\u2013", "/"]), st.booleans())
    def test_a_number_is_read_as_people_type_it(self, sequence, between, small):
        number = ids.ticket_number("IDM", 2026, sequence)
        typed = f" {number.replace('-', between)} "
        assert ids.normal_ticket(typed.lower() if small else typed) == number

    def test_a_long_number_and_a_check_that_is_a_digit_are_read_too(self):
        long = ids.ticket_number("IDM", 2026, 1_234_567)
        digit = next(
            one for one in (ids.ticket_number("TML", 2026, n) for n in range(1, 200)) if one[-1].isdigit()
        )
        assert [ids.normal_ticket(one.replace("-", "")) for one in (long, digit)] == [long, digit]

    def test_keys_sort_by_time(self):
        made = [ids.new_id() for _ in range(1000)]
        assert made == sorted(made)


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


class TestCanonicalBytes:
    @given(PLAIN)
    def test_the_fast_way_writes_the_bytes_of_rfc_8785(self, value):
        assert canonical.canonical_bytes(value) == rfc8785.dumps(value)

    def test_the_order_of_keys_does_not_matter(self):
        assert (
            canonical.canonical_bytes({"b": 1, "a": [2, {"d": 1, "c": 2}]})
            == b'{"a":[2,{"c":2,"d":1}],"b":1}'
        )


class TestMerkle:
    @given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
    def test_every_leaf_proves_its_place(self, values, data):
        leaves = [merkle.leaf_hash(value) for value in values]
        index = data.draw(st.integers(0, len(leaves) - 1))
        path = merkle.inclusion_path(leaves, index)
        assert merkle.root_from_path(leaves[index], index, len(leaves), path) == merkle.root(leaves)

    @given(st.lists(st.binary(max_size=8), min_size=2, max_size=20, unique=True), st.data())
    def test_a_changed_leaf_changes_the_root(self, values, data):
        leaves = [merkle.leaf_hash(value) for value in values]
        index = data.draw(st.integers(0, len(leaves) - 1))
        changed = [*leaves]
        changed[index] = merkle.leaf_hash(b"something else entirely")
        assert merkle.root(changed) != merkle.root(leaves)


class TestSealedFields:
    @given(st.text(min_size=1, max_size=200))
    def test_what_is_sealed_opens_for_its_own_row_and_field_alone(self, text):
        row = uuid4()
        token = RING.seal("person.name", row, text)
        assert RING.open("person.name", row, token) == text
        with pytest.raises(CannotOpen):
            RING.open("person.name", uuid4(), token)
        with pytest.raises(CannotOpen):
            RING.open("person.phone", row, token)

    def test_an_old_key_still_opens(self):
        row = uuid4()
        old = Keyring(keys=RING.keys, current="a", index_key=RING.index_key)
        assert RING.open("x", row, old.seal("x", row, "rahasia")) == "rahasia"

    @given(st.text(min_size=1))
    def test_equal_texts_are_found_by_equal_fingerprints(self, text):
        assert RING.blind("phone", text) == RING.blind("phone", text)
        assert RING.blind("phone", text) != RING.blind("name", text)


class TestPhones:
    @pytest.mark.parametrize(
        "typed", ["0812-3456-7890", "+62 812 3456 7890", "6281234567890", "(0812) 34567890"]
    )
    def test_one_number_has_one_stored_form(self, typed):
        assert phones.normal(typed) == "+6281234567890"

    @pytest.mark.parametrize(
        "typed",
        [
            "", "12", "abc", "0", "08123456789012345", "08123456789x", "112", "+999 123 456 789",
            "0812 9900 776 (2)", "0812 9900 776 2", "0812-3456-7890 / 0813-1111-2222", "0812-3456-7890, rumah 3",
            "0812-3456-7890 ext. 2", "(2) 0812-3456-7890 (1)", "0812-3456-7890\n0813-1111-2222",
        ],
    )  # fmt: skip
    def test_what_is_not_one_whole_number_is_asked_back(self, typed):
        """`0812 9900 776 (2)`, glued, would be somebody else's number."""
        assert phones.normal(typed) == ""

    @pytest.mark.parametrize(
        ("typed", "stored", "shown"),
        [
            ("+886 912 345 678", "+886912345678", "+886 912 345 678"),
            ("00852 9123 4567", "+85291234567", "+852 9123 4567"),
            ("+60 12-345 6789", "+60123456789", "+60 12-345 6789"),
        ],
    )
    def test_families_abroad_are_taken_with_their_countrys_code(self, typed, stored, shown):
        assert phones.normal(typed) == stored
        assert phones.shown(stored) == shown
        assert phones.masked(stored).startswith(stored[:4])

    @pytest.mark.parametrize(
        "typed", ["\u202a0812-3456-7890\u202c", "0812\u20113456\u20117890", "0812\u00a03456\u00a07890"]
    )
    def test_marks_that_nobody_sees_do_not_matter(self, typed):
        assert phones.normal(typed) == "+6281234567890"

    def test_a_masked_number_cannot_be_called(self):
        assert phones.masked("+6281234567890") == "0812-••••-7890"

    @given(st.text(max_size=30))
    def test_any_text_is_taken_or_refused_without_failing(self, text):
        number = phones.normal(text)
        assert number == "" or phones.normal(number) == number
