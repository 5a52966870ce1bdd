"""A pack is taken whole or not at all, and says where it is wrong."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Literal

import pytest
from django.utils import translation

from kotacerdas.kernel.pack import Counts, PackError, Section, in_order, read_manifest, read_pack


@dataclass(frozen=True, kw_only=True)
class Agency:
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Thing:
    code: str
    kind: Literal["big", "small"]
    lead: str = ""
    helpers: tuple[str, ...] = ()
    size: float | None = None
    price: Decimal = Decimal(0)
    count: int = 1
    public: bool = True
    since: date | None = None
    opens: time | None = None


AGENCIES = Section(name="agencies", file="agencies.csv", row=Agency, key=("code",))
THINGS = Section(
    name="things",
    file="things.csv",
    row=Thing,
    key=("code",),
    refs={"lead": "agencies.code", "helpers": "agencies.code"},
    after=("agencies",),
)
RULES = Section(name="rules", file="rules.toml", row=Thing, key=("code",), optional=True)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pack.toml").write_text('[instance]\ncode = "TML"\n')
    (tmp_path / "agencies.csv").write_text('code,name\nA,"Dinas, satu"\nB,Dinas dua\n')
    (tmp_path / "things.csv").write_text("code,kind\nx,big\n")
    return tmp_path


def problems(folder, *sections):
    with pytest.raises(PackError) as caught:
        read_pack(folder, sections or (AGENCIES, THINGS))
    return [str(problem) for problem in caught.value.problems]


def test_values_are_parsed_by_their_annotations(folder):
    (folder / "things.csv").write_text(
        "code,kind,lead,helpers,size,price,count,public,since,opens\n"
        "x,small,A,A; B,1.5,12.50,7,no,2026-11-24,07:30\n"
        "y,big,,,,,,,,\n"
    )
    full, bare = read_pack(folder, (AGENCIES, THINGS)).of("things")
    assert full == Thing(
        code="x",
        kind="small",
        lead="A",
        helpers=("A", "B"),
        size=1.5,
        price=Decimal("12.50"),
        count=7,
        public=False,
        since=date(2026, 11, 24),
        opens=time(7, 30),
    )
    assert bare == Thing(code="y", kind="big")


def test_every_mistake_of_every_file_is_named_with_its_line(folder):
    (folder / "agencies.csv").write_text("code,name\nA,\nB,dua,tiga\nC,baik\n")
    (folder / "things.csv").write_text("code,kind,count,public,since\nx,huge,many,ya,24-11-2026\n")
    assert problems(folder) == [
        "agencies.csv:2: name: a value is missing",
        "agencies.csv:3: 3 values for 2 columns; put a value with a comma in double quotes",
        "things.csv:2: count: a whole number is expected, not many",
        "things.csv:2: kind: huge is none of big, small",
        "things.csv:2: public: yes or no is expected, not ya",
        "things.csv:2: since: a date like 2026-11-24 is expected, not 24-11-2026",
    ]


def test_an_unknown_column_is_a_mistake(folder):
    (folder / "things.csv").write_text("code,kind,colour\nx,big,red\n")
    assert "things.csv:1: unknown: colour; known are code" in problems(folder)[0]


def test_a_missing_column_and_a_missing_file_are_mistakes(folder):
    (folder / "things.csv").write_text("code\nx\n")
    (folder / "agencies.csv").unlink()
    assert [one.split(";")[0] for one in problems(folder)] == [
        "agencies.csv: the file is missing",
        "things.csv:1: missing: kind",
    ]


def test_a_reference_must_lead_somewhere(folder):
    (folder / "things.csv").write_text("code,kind,lead,helpers\nx,big,Z,A;Y\n")
    assert [one.split(";")[0] for one in problems(folder)] == [
        "things.csv:2: helpers: there is no Y in agencies.code",
        "things.csv:2: lead: there is no Z in agencies.code",
    ]


def test_the_same_key_twice_is_a_mistake(folder):
    (folder / "things.csv").write_text("code,kind\nx,big\ny,big\nx,small\n")
    assert problems(folder) == ["things.csv:4: x stands already in line 2; keep one"]


def test_a_line_number_counts_lines_of_the_file_not_rows(folder):
    (folder / "agencies.csv").write_text('code,name\nA,"dua\nbaris"\n\nA,lagi\n')
    assert problems(folder) == ["agencies.csv:5: A stands already in line 3; keep one"]


def test_toml_rows_are_named_by_the_line_of_their_header(folder):
    (folder / "rules.toml").write_text(
        '[[rules]]\ncode = "a"\nkind = "big"\n\n# note\n[[rules]]\ncode = "b"\nkind = "huge"\nhue = 1\n'
    )
    assert problems(folder, AGENCIES, THINGS, RULES) == [
        "rules.toml:6: kind: huge is none of big, small",
        "rules.toml:6: unknown: hue; known are code, kind, lead, helpers, size, price, count, public, "
        "since, opens",
    ]


def test_text_that_is_not_utf8_or_not_toml_is_named(folder):
    (folder / "agencies.csv").write_bytes(b"code,name\nA,caf\xe9\n")
    (folder / "rules.toml").write_text("[[rules]]\ncode = \n")
    found = problems(folder, AGENCIES, THINGS, RULES)
    assert found[0] == "agencies.csv:2: this is not UTF-8; save the file as UTF-8"
    assert found[1].startswith("rules.toml:2: this is no TOML")


def test_files_and_tables_that_nobody_reads_are_mistakes(folder):
    (folder / "thing.csv").write_text("code,kind\nx,big\n")
    (folder / "rules.toml").write_text('# note\n[[rule]]\ncode = "a"\n')
    with pytest.raises(PackError) as caught:
        read_pack(folder, (AGENCIES, THINGS, RULES), whole=True)
    assert [str(problem) for problem in caught.value.problems] == [
        "rules.toml:2: unknown: rule; known are rules",
        "thing.csv: nothing reads this file; known are agencies.csv, pack.toml, rules.toml, things.csv",
    ]


def test_a_folder_that_is_not_there_is_said_so(tmp_path):
    assert "there is no such folder" in problems(tmp_path / "none", AGENCIES)[0]


def test_sections_load_after_what_they_need():
    assert [one.name for one in in_order((THINGS, AGENCIES))] == ["agencies", "things"]


def test_a_circle_of_sections_is_refused():
    ring = Section(name="a", file="a.csv", row=Agency, key=("code",), after=("a",))
    with pytest.raises(LookupError, match="wait for one another"):
        in_order((ring,))


@pytest.mark.parametrize(
    "wrong",
    [
        Section(name="agencies", file="x.csv", row=Agency, key=("code",)),
        Section(name="x", file="x.csv", row=Agency, key=("id",)),
        Section(name="x", file="x.csv", row=Agency, key=("code",), refs={"code": "nobody.code"}),
        Section(name="x", file="x.csv", row=Agency, key=("code",), after=("nobody",)),
    ],
)
def test_a_wrong_declaration_fails_at_once(folder, wrong):
    with pytest.raises(LookupError):
        read_pack(folder, (AGENCIES, wrong))


def test_a_further_check_names_its_row(folder):
    def check(rows, pack):
        for row in rows:
            yield row, f"{row.name} is not wanted"

    section = Section(name="agencies", file="agencies.csv", row=Agency, key=("code",), check=check)
    assert problems(folder, section)[0] == "agencies.csv:2: Dinas, satu is not wanted"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    instance: Agency
    things: tuple[Thing, ...]


def test_the_manifest_is_read_table_by_table(folder):
    (folder / "pack.toml").write_text(
        '[instance]\ncode = "T"\nname = "Teluk"\n[[things]]\ncode = "x"\nkind = "big"\n'
    )
    found = read_manifest(folder, Manifest)
    assert found == Manifest(instance=Agency(code="T", name="Teluk"), things=(Thing(code="x", kind="big"),))


def test_a_wrong_manifest_names_its_line(folder):
    (folder / "pack.toml").write_text('# head\n[instance]\ncode = "T"\n[colours]\n')
    with pytest.raises(PackError) as caught:
        read_manifest(folder, Manifest)
    assert [str(one) for one in caught.value.problems] == [
        "pack.toml: unknown: colours; known are instance, things",
        "pack.toml:2: missing: name",
    ]


def test_counts_add_up():
    assert Counts(created=1) + Counts(changed=2, closed=1) == Counts(created=1, changed=2, closed=1)
