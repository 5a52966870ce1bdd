"""What people's spreadsheets and editors make of a pack is refused by file, line and name, never by a traceback."""

from dataclasses import dataclass, replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import models
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kotacerdas.kernel.pack import PackError, Problem, Section, folded, read_pack
from kotacerdas.kernel.packcolumns import misfit
from kotacerdas.kernel.packvalues import clean_text, parse_text, parse_toml
from kotacerdas.kernel.regency import Regency, flaws_of_instance


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


CONTROL = [
    *range(0x09),
    *range(0x0B, 0x20),
    *range(0x7F, 0xA0),
    0xD800,
    0xDFFF,
    0xFDD0,
    0xFFFE,
    0x10FFFF,
]


@pytest.mark.parametrize("number", CONTROL)
def test_a_control_character_is_named_by_its_number(number):
    for place in ("{}Desa", "De{}sa", "Desa{}"):
        with pytest.raises(ValueError, match=f"U\\+{number:04X}"):
            clean_text(place.format(chr(number)))


@given(st.text())
def test_a_text_is_stored_as_it_is_or_refused_by_name(text):
    try:
        found = parse_text(str, text)
    except ValueError as error:
        found, refused = "", str(error)
    else:
        refused = ""
    assert found == text.strip() or "U+" in refused
    assert "\0" not in found
    found.encode()


@pytest.mark.parametrize("value", [{"to": "A\x07.head"}, [{"to": ["x\x00"]}], {"a\x1b": 1}])
def test_a_control_character_deep_in_toml_is_named(value):
    with pytest.raises(ValueError, match="control character U"):
        parse_toml(Any, value)


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (int, "1.500", "write 1500"),
        (int, "12.500.000", "write 12500000"),
        (int, "-1.500", "write -1500"),
        (Decimal, "1.500", "write 1500 or 1.5"),
        (Decimal, "1.000", "write 1000 or 1.0"),
        (Decimal, "12.345", "write 12345 or 12.3450"),
        (Decimal, "1.500.000", "write 1500000"),
        (int, "1_500", "a whole number"),
        (int, "1,500", "a whole number"),
        (int, "1 500", "a whole number"),
        (int, "１５００", "a whole number"),
        (int, "١٥", "a whole number"),
        (int, "1e3", "a whole number"),
        (int, "9" * 5000, "a whole number"),
        (float, "1e400", "a number with a decimal point"),
        (float, "nan", "a number with a decimal point"),
        (float, "-inf", "a number with a decimal point"),
        (float, "-6,33", "a number with a decimal point"),
        (Decimal, "1_0.5", "a number with a decimal point"),
        (Decimal, "٢.٥", "a number with a decimal point"),
        (Decimal, "1E+05", "a number with a decimal point"),
        (Decimal, "NaN", "a number with a decimal point"),
    ],
)
def test_a_number_is_read_in_one_way_or_refused_with_the_way_out(kind, text, said):
    with pytest.raises(ValueError, match=said.replace("+", r"\+")):
        parse_text(kind, text)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (int, "1500", 1500),
        (int, "-7", -7),
        (float, "-6.328", -6.328),
        (float, "108.321", 108.321),
        (Decimal, "0.111", Decimal("0.111")),
        (Decimal, "12.3450", Decimal("12.345")),
        (Decimal, "1500.000", Decimal(1500)),
    ],
)
def test_numbers_with_a_decimal_point_stay_readable(kind, text, value):
    assert parse_text(kind, text) == value


@given(st.integers(1, 999), st.lists(st.integers(0, 999), min_size=1, max_size=4))
def test_a_point_between_thousands_is_never_taken_for_a_decimal_point(head, rest):
    text = ".".join([str(head), *(f"{one:03d}" for one in rest)])
    for kind in (int, Decimal):
        with pytest.raises(ValueError, match="write " + text.replace(".", "")):
            parse_text(kind, text)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -float("inf"), 10**400, -(16**6000)],
    ids=("nan", "inf", "-inf", "long", "longer"),
)
def test_a_toml_number_beyond_all_numbers_is_refused(value):
    for kind in (float, Decimal):
        with pytest.raises(ValueError, match="expected"):
            parse_toml(kind, value)


@dataclass(frozen=True, kw_only=True)
class Row:
    code: str
    name: str = ""
    above: str = ""
    count: int = 0
    share: Decimal = Decimal(0)


class Stored:
    """The columns of a table that is in no store."""

    class _meta:
        concrete_fields = (
            models.CharField(name="code", max_length=4),
            models.CharField(name="title", max_length=10),
            models.PositiveSmallIntegerField(name="count"),
            models.DecimalField(name="share", max_digits=5, decimal_places=2),
        )


ROWS = Section(
    name="rows",
    file="rows.csv",
    row=Row,
    key=("code",),
    stored=Stored,
    columns={"name": "title"},
    refs={"above": "rows.code"},
    optional=True,
)
OTHERS = Section(
    name="others", file="others.csv", row=Row, key=("code",), refs={"above": "rows.code"}, optional=True
)


@pytest.fixture
def said(tmp_path):
    def read(text: str, *sections: Section, others: str = "", marks: bytes | None = None) -> list[str]:
        (tmp_path / "pack.toml").write_text("")
        (tmp_path / "rows.csv").write_bytes(marks if marks is not None else text.encode())
        if others:
            (tmp_path / "others.csv").write_text(others)
        try:
            read_pack(tmp_path, sections or (ROWS, OTHERS))
        except PackError as error:
            return [str(one) for one in error.problems]
        return []

    return read


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ABCDE,,,,", "code: 5 characters, at most 4 fit; write it shorter"),
        ("A,Desa Batu Nona,,,", "name: 14 characters, at most 10 fit; write it shorter"),
        ("A,,,32768,", "count: a number from 0 to 32767 is expected"),
        ("A,,,-1,", "count: a number from 0 to 32767 is expected"),
        ("A,,,,1000", "share: 1000 is too large; at most 3 digits stand before the point"),
        ("A,,,,-1000.5", "share: -1000.5 is too large; at most 3 digits stand before the point"),
        ("A,,,,0.1234", "share: 0.1234 has too many digits; at most 2 stand after the point"),
    ],
)
def test_what_its_column_cannot_hold_is_refused_with_both_numbers(said, line, message):
    assert said(f"code,name,above,count,share\n{line}\n") == [f"rows.csv:2: {message}"]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_decimal_that_fits_is_one_that_the_column_holds(value):
    column = models.DecimalField(max_digits=5, decimal_places=2)
    fits = abs(value) < 1000 and value == round(value, 2)
    assert (misfit(column, value) is None) == fits


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_file_with_other_marks_is_told_to_use_commas_and_nothing_else(said, mark, word):
    text = "code,name,above\nA,Satu,\nB,Dua,A\n".replace(",", mark)
    assert said(text) == [f"rows.csv:1: the columns are parted by {word}; save the file with commas"]


@pytest.mark.parametrize("break_", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85"])
def test_a_line_breaks_where_editors_break_it(said, break_):
    """Python's splitlines breaks at these too: the lines after were counted wrong, and a row became two."""
    found = said(f"code,name\nA,Ba{break_}tu\nA,Dua\n")
    assert found == [
        f"rows.csv:2: name: the control character U+{ord(break_):04X}; remove it",
    ]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029"])
def test_a_separator_in_a_name_is_no_new_line(said, mark):
    assert said(f"code,name\nA,Ba{mark}tu\nA,Dua\n") == ["rows.csv:3: A stands already in line 2; keep one"]


@pytest.mark.parametrize("length", [1, 2, 3, 17])
def test_rows_that_lead_back_to_themselves_are_refused(said, length):
    codes = [f"A{number}" for number in range(length)]
    lines = [f"{code},{codes[(place + 1) % length]}" for place, code in enumerate(codes)]
    found = said("code,above\nX,A0\n" + "\n".join(lines) + "\nY,\n")
    assert len(found) == 1
    assert found[0].startswith("rows.csv:3: above: it leads back to itself (A0 → ")
    assert found[0].endswith("A0); leave it empty at the topmost")


@given(st.lists(st.integers(0, 20), min_size=1, max_size=12))
def test_a_circle_is_found_exactly_where_there_is_one(tmp_path_factory, above):
    folder = tmp_path_factory.mktemp("pack")
    (folder / "pack.toml").write_text("")
    known = {str(number): str(up) if up < len(above) else "" for number, up in enumerate(above)}
    lines = [f"{code},{up}" for code, up in known.items()]
    (folder / "rows.csv").write_text("code,above\n" + "\n".join(lines) + "\n")

    def leads_back(code: str) -> bool:
        place = known[code]
        for _step in known:
            if place == code:
                return True
            place = known.get(place, "")
        return False

    section = replace(ROWS, stored=None)
    if any(leads_back(code) for code in known):
        with pytest.raises(PackError, match="it leads back to itself"):
            read_pack(folder, (section,))
    else:
        assert len(read_pack(folder, (section,)).of("rows")) == len(known)


def test_a_message_that_stands_on_many_lines_is_said_once():
    many = [Problem("areas.csv", line, "parent: there is none") for line in range(2, 45)]
    assert folded(
        [*many, Problem("areas.csv", 3, "name: missing"), Problem("a.csv", 3, "name: missing")]
    ) == [
        "areas.csv:2, 3, 4 and 40 more: parent: there is none",
        "areas.csv:3: name: missing",
        "a.csv:3: name: missing",
    ]
    error = PackError(many)
    assert len(error.problems) == 43
    assert "has 43 mistakes" in str(error.message)
    assert len(str(error.message).splitlines()) == 2


def test_references_between_good_files_are_checked_although_another_is_bad(said):
    third = Section(name="third", file="third.csv", row=Row, key=("code",))
    found = said("code,above\nA,Z\n", ROWS, OTHERS, third, others="code,above\nB,Q\n")
    assert [one.split(";")[0] for one in found] == [
        "others.csv:2: above: there is no Q in rows.code",
        "rows.csv:2: above: there is no Z in rows.code",
        "third.csv: the file is missing",
    ]


def test_a_bad_file_makes_no_mistakes_in_those_that_refer_to_it(said):
    found = said("code,count\nA,many\n", others="code,above\nB,A\n")
    assert found == ["rows.csv:2: count: a whole number is expected, not many"]


def test_a_check_waits_for_every_file_that_it_asks_for(said):
    def check(rows, pack):
        for row in rows:
            if row.above not in [one.code for one in pack.of("rows")]:
                yield row, "lost"

    asking = replace(OTHERS, refs={}, check=check)
    bad = said("code,count\nA,many\n", ROWS, asking, others="code,above\nB,A\n")
    assert bad == ["rows.csv:2: count: a whole number is expected, not many"]
    assert said("code\nA\n", ROWS, asking, others="code,above\nB,A\nC,Q\n") == ["others.csv:3: lost"]


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "9" * 5000,
        "a = " + "[" * 3000 + "]" * 3000,
        "rows = 5",
        "rows = [1, 2]",
        'rows = ["x"]',
        "[rows]\ncode = 1",
        "\x00",
        "[[rows]]\ncode = nan",
        "[[rows]]\ncode = 0x" + "F" * 6000,
    ],
)
def test_toml_of_any_shape_is_answered_by_a_problem(tmp_path, text):
    (tmp_path / "pack.toml").write_text("")
    (tmp_path / "rows.toml").write_text(text)
    with pytest.raises(PackError) as error:
        read_pack(tmp_path, (Section(name="rows", file="rows.toml", row=Row, key=("code",)),), whole=True)
    assert all(one.file == "rows.toml" for one in error.value.problems)


def test_a_column_is_found_by_its_own_name_or_the_one_that_is_told():
    assert ROWS.column("name").max_length == 10
    assert ROWS.column("above") is None
    assert OTHERS.column("name") is None


@pytest.mark.parametrize(
    ("code", "area", "count"),
    [
        ("TML", "99.01", 0),
        ("tml", "99.01", 1),
        ("T", "99.01", 1),
        ("TELUKM", "99.01", 1),
        ("TML", "9901", 1),
        ("ТМЛ", "99.01.01", 2),
    ],
)
def test_the_code_before_every_ticket_number_is_two_to_five_capitals(code, area, count):
    regency: Regency = SimpleNamespace(instance=SimpleNamespace(code=code, area=area))  # type: ignore[assignment]
    assert len(list(flaws_of_instance(regency))) == count
