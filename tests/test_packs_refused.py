"""What the check of a pack lets through, the store can take; what it refuses, it names with file, line and the way out."""

import csv
import shutil
from itertools import product
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation

from kotacerdas.config import stamps
from kotacerdas.config.belonging import Owner
from kotacerdas.config.pack import check_pack, load_pack, must_keep_code
from kotacerdas.config.paths import ROOT
from kotacerdas.config.store import StoreError
from kotacerdas.foundation.notify.hours import FILE, LEAST, _read
from kotacerdas.foundation.notify.pack import SECTIONS
from kotacerdas.foundation.territory.index import forget_index
from kotacerdas.foundation.workdays.queries import forget_calendar
from kotacerdas.kernel.pack import PackError, read_pack

REAL, INVENTED = ROOT / "packs" / "indramayu", Path(__file__).parent / "packs" / "telukmelati"


@pytest.fixture(autouse=True)
def fresh():
    yield
    forget_index()
    forget_calendar()


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(INVENTED, tmp_path / "pack"))


def said(pack: Path, language: str = "en") -> list[str]:
    """The problems of a pack, none where it is right."""
    with translation.override(language):
        try:
            check_pack(pack)
        except PackError as error:
            return [str(one) for one in error.problems]
    return []


def change(pack: Path, file: str, old: str, new: str) -> None:
    text = (pack / file).read_text()
    assert old in text, f"{old!r} is not in {file}"
    (pack / file).write_text(text.replace(old, new, 1))


REFUSED = {
    "a rule for goods that are on no list": (
        "asset_lives.csv",
        "2015-01-01,1.3.2.01,120",
        "2015-01-01,1.3.2.99,120",
        "asset_lives.csv:3: code: there is no 1.3.2.99 in goods_codes.code",
    ),
    "a band for goods that are on no list": (
        "overhaul_bands.csv",
        "1.3.2.02,0,",
        "1.9.9,0,",
        "code: there is no 1.9.9 in goods_codes.code",
    ),
    "a threshold for goods that are on no list": (
        "asset_thresholds.csv",
        ",1.3.3,",
        ",1.3.99,",
        "code: there is no 1.3.99 in goods_codes.code",
    ),
    "an indicator that its program does not count": (
        "indicators.csv",
        "iceta.received,",
        "iceta.recieved,",
        "indicators.csv:2: code: the program does not count iceta.recieved; known are iceta.first_answer",
    ),
    "an indicator counted otherwise": (
        "indicators.csv",
        "reports,flow",
        "reports,ratio",
        "indicators.csv:2: kind: iceta.received is a flow",
    ),
    "a group of an emergency number": (
        "pack.toml",
        'basis = "invented for tests"',
        'basis = "invented"\ngroups = ["fires"]',
        "[[emergency_numbers]]: no category has the group fires; known are talk, works",
    ),
    "a figure of the wall": (
        "pack.toml",
        '"iceta.on_time"',
        '"icetta.on_time"',
        "there is no icetta.on_time",
    ),
    "an agency of a program": (
        "pack.toml",
        'agency = "PU"',
        'agency = "PUPR"',
        "[gopal] agency: there is no PUPR",
    ),
    "times of a program": (
        "pack.toml",
        'agency = "PU"',
        'agency = "PU"\nslots = ["08:00-10:00", "09:00-11:00"]',
        "[gopal] slots: 09:00-11:00 is no time",
    ),
    "a season that never comes": (
        "hours.toml",
        "closes = 15:00:00",
        'closes = 15:00:00\nseason = "ramadhan"',
        "hours.toml:1: season: no [[season]] is called ramadhan",
    ),
    "an area unlike the areas": (
        "pack.toml",
        'area = "99.01"',
        'area = "99.02"',
        "areas.csv:2: code: pack.toml says [instance] area = 99.02, not 99.01",
    ),
    "a code that is none": (
        "pack.toml",
        'code = "TML"',
        'code = "Teluk"',
        "[instance] code: write 2 to 5 capital",
    ),
    "a regency with something above it": (
        "areas.csv",
        "Teluk Melati,,,",
        "Teluk Melati,99.01.01,,",
        "areas.csv:2: parent: the regency has none",
    ),
    "a regency above itself": (
        "areas.csv",
        "Teluk Melati,,,",
        "Teluk Melati,99.01,,",
        "it leads back to itself (99.01 → 99.01)",
    ),
    "districts of one name": (
        "areas.csv",
        "Melati Selatan",
        "MELATI  utara",
        "areas.csv: 99.01.02 makes the agency KEC-MELATI-UTARA as 99.01.01 does",
    ),
    "swapped numbers": (
        "areas.csv",
        "-1.1700,122.4900",
        "122.4900,-1.1700",
        "areas.csv:4: lat, lng: they are swapped; write -1.17, 122.49",
    ),
    "one number without the other": (
        "areas.csv",
        "-1.1700,122.4900",
        "-1.1700,",
        "areas.csv:4: lat, lng: write both",
    ),
    "a point in the sea of another island": (
        "areas.csv",
        "-1.1700,122.4900",
        "-6.1700,106.4900",
        "km from Teluk Melati; compare the numbers",
    ),
    "a degree too many": (
        "areas.csv",
        "-1.1700,122.4900",
        "-2.1700,122.4900",
        "km from Melati Utara; compare",
    ),
    "a number with a thousands point": (
        "plan_indicators.csv",
        "service,100,2023",
        "service,1.500,2023",
        "plan_indicators.csv:3: baseline: 1.500 may be read in two ways; write 1500 or 1.5",
    ),
    "a thousands point in rupiah": (
        "budgets.csv",
        "100000000",
        "100.000.000",
        "budgets.csv:2: planned: 100.000.000: numbers have no point between thousands; write 100000000",
    ),
    "a control character": (
        "agencies.csv",
        "Dinas Komunikasi",
        "Dinas\x07Komunikasi",
        "agencies.csv:2: name: the control character U+0007; remove it",
    ),
    "a text too long": (
        "categories.csv",
        "Dermaga rusak",
        "D" * 81,
        "categories.csv:2: name_id: 81 characters, at most 80 fit",
    ),
    "a number too large": (
        "policies.toml",
        "budget = 2",
        "budget = 99999999999",
        "policies.toml:1: budget: a number",
    ),
    "an escalation to nobody's kind": (
        "policies.toml",
        'to = "agency.head"',
        "to = 5",
        "policies.toml:11: escalation: each step is a table",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_both_languages(copy, name):
    file, old, new, message = REFUSED[name]
    change(copy, file, old, new)
    assert any(message in one for one in said(copy)), said(copy)
    told = said(copy, "id")
    assert told
    assert not any(message in one for one in told)


@pytest.mark.parametrize(
    "desks", ["desks = 5", "desks = []", '[desks]\ncoordinating_agency = ["KOMINFO"]', "[[desks]]"]
)
def test_a_manifest_of_another_shape_is_refused(copy, desks):
    text = (copy / "pack.toml").read_text()
    head, tail = text.split("[desks]")
    rest = tail[tail.index("[contact]") :]
    (copy / "pack.toml").write_text(
        desks + "\n" + head + rest if "[" not in desks[:1] else head + desks + "\n" + rest
    )
    assert any(one.startswith("pack.toml") for one in said(copy))


LANDMARKS = "name,kind,lat,lng,area,basis\n"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("Pasar Baru", "pasar baru"), "are one name to a search"),
        (("Pasar Baru", "PASAR  BARU"), "are one name to a search"),
        (("Pasar Baru", "Pasar-Baru."), "are one name to a search"),
        (("Café", "Cafe"), "are one name to a search"),
        (("Café", "Cafe\u0301"), "are one name to a search"),
        (("Pasar Baru", "Pasar Baru"), "stands already in line 2"),
        (("مسجد", "كنيسة"), "are one name to a search"),
        (("Pasar Baru", "Pasar Baru II"), ""),
    ],
)
def test_landmarks_that_a_search_cannot_tell_apart_are_refused(copy, lines, message):
    rows = [f"{name},market,-1.18,122.5,99.01.01.2001,invented" for name in lines]
    (copy / "landmarks.csv").write_text(LANDMARKS + "\n".join(rows) + "\n")
    found = said(copy)
    assert (message in found[0] and "landmarks.csv:3" in found[0]) if message else found == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("122.5,-1.18,99.01.01.2001", "they are swapped; write -1.18, 122.5"),
        ("122.5,-1.18,", "they are swapped"),
        ("-3.18,122.5,99.01.01.2001", "km from Karang Putih"),
        ("-8.18,112.5,", "km from every village"),
        ("51.5,-0.1,", "this is not in Indonesia"),
        ("-1.4,122.6,99.01.01.2001", ""),
        ("-1.4,122.6,", ""),
    ],
)
def test_a_landmark_is_near_its_area(copy, row, message):
    (copy / "landmarks.csv").write_text(LANDMARKS + f"Pasar,market,{row},invented\n")
    found = said(copy)
    assert (message in found[0] and "landmarks.csv:2" in found[0]) if message else found == []


def test_a_forgotten_minus_is_told(tmp_path):
    pack = Path(shutil.copytree(REAL, tmp_path / "real"))
    with (pack / "areas.csv").open() as file:
        rows = list(csv.DictReader(file))
    village = next(row for row in rows if row["kind"] == "desa")
    change(pack, "areas.csv", f"{village['lat']},{village['lng']}", f"{village['lat'][1:]},{village['lng']}")
    assert any("south is negative, so perhaps lat is -6" in one for one in said(pack))


@pytest.mark.parametrize("code", ["ICETA", "i-ceta", "icetta", "ceta", "lapor", "tanggap"])
def test_a_programs_programme_under_another_code_is_refused(copy, code):
    for file in (
        "programmes.csv",
        "programme_dimensions.csv",
        "indicators.csv",
        "budgets.csv",
        "plan_indicators.csv",
        "plan_targets.csv",
    ):
        text = (copy / file).read_text()
        (copy / file).write_text(text.replace("iceta", code))
    found = said(copy)
    words = f"the programme of the program iceta is called iceta, not {code}, in every file"
    assert any(one == f"programmes.csv:2: code: {words}" for one in found), found


@pytest.mark.parametrize("code", ["ledig", "dokmaru", "samsat", "gopay"])
def test_a_programme_without_a_program_may_have_any_code(copy, code):
    with (copy / "programmes.csv").open("a") as file:
        file.write(f"{code},Lain,KOMINFO,2024-01-01,,invented\n")
    assert said(copy) == []


@pytest.mark.parametrize(
    ("owner", "refused"),
    [
        (Owner("IDM", "99.01"), True),
        (Owner("TML", "99.01"), False),
        (Owner("", "99.01"), False),
        (Owner("IDM", "32.12"), False),
        (None, False),
    ],
)
def test_the_check_names_a_changed_code_of_the_same_regency(owner, refused):
    pack = check_pack(INVENTED)
    if not refused:
        must_keep_code(pack, owner)
        return
    with (
        translation.override("en"),
        pytest.raises(PackError, match="this store begin with IDM; write IDM, not TML"),
    ):
        must_keep_code(pack, owner)


@pytest.mark.django_db
def test_a_changed_code_is_refused_by_a_store_that_knows_only_its_tickets(copy, regency, cast):
    cast.report()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kotacerdas_stamp WHERE name IN ('instance', 'area')")
    assert "instance" not in stamps.known_here()
    change(copy, "pack.toml", 'code = "TML"', 'code = "TLM"')
    with pytest.raises(StoreError, match="belongs to TML"):
        load_pack(copy)


def test_a_semicolon_file_is_told_and_the_others_are_checked_on(copy):
    file = copy / "landmarks.csv"
    file.write_text((LANDMARKS + "Pasar,market,-1,18,122,5,,x\n").replace(",", ";"))
    change(copy, "categories.csv", ",PU,", ",PUPR,")
    assert [one.split(";")[0] for one in said(copy)] == [
        "categories.csv:2: lead: there is no PUPR in agencies.code",
        "landmarks.csv:1: the columns are parted by semicolons",
    ]


def test_the_same_mistake_on_many_lines_is_one_line(tmp_path):
    pack = Path(shutil.copytree(REAL, tmp_path / "real"))
    text = (pack / "areas.csv").read_text()
    (pack / "areas.csv").write_text(text.replace(",32.12.13,", ",32.12.99,"))
    with translation.override("en"), pytest.raises(PackError) as error:
        check_pack(pack)
    lines = str(error.value).splitlines()
    assert sum("there is no 32.12.99" in line for line in lines) == 1
    assert any("and " in line and " more: parent: there is no 32.12.99" in line for line in lines)


HOURS = ["07:00:00", "20:00:00", "00:00:00", "23:59:59", "24:00:00", "25:00", "07:00", "7", "-1", "1e300", "nan", '""',
    '"07:00"', '"7 pagi"', "2026-01-01", "2026-01-01T07:00:00Z", "true", "[]", "{}", '"\\u0000"', "06:59:59.999", "07.00"]  # fmt: skip


def flaws_of(folder: Path) -> list[str]:
    """What is wrong with the hours of messages alone."""
    try:
        read_pack(folder, SECTIONS)
    except PackError as error:
        return [str(one) for one in error.problems]
    return []


def test_hours_of_messages_are_a_part_of_one_day_or_refused(tmp_path):
    """Any value at either end: what the check lets through is what people are written to by."""
    (tmp_path / "pack.toml").write_text("")
    taken = 0
    for begins, ends in product(HOURS, HOURS):
        (tmp_path / FILE).write_text(f"[messages]\nfrom = {begins}\nuntil = {ends}\n")
        problems = flaws_of(tmp_path)
        assert all(one.startswith(FILE) for one in problems)
        if not problems:
            assert _read(tmp_path).length >= LEAST
            taken += 1
        _read.cache_clear()
    assert taken > 10


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "from = 20:00:00\nuntil = 07:00:00",
            "until: 07:00 is less than an hour after 20:00 on the same day",
        ),
        (
            "from = 07:00:00\nuntil = 07:00:00",
            "until: 07:00 is less than an hour after 07:00 on the same day",
        ),
        ("from = 21:00:00", "until: 20:00 is less than an hour after 21:00 on the same day"),
        ("from = true", "from: "),
        ("til = 20:00:00", "unknown: til; known are from, until"),
    ],
)
def test_hours_of_messages_that_nobody_can_keep_are_named(copy, text, message):
    usual = (copy / "hours.toml").read_text()
    (copy / "hours.toml").write_text(f"{usual}\n[messages]\n{text}\n")
    line = usual.count("\n") + 2
    assert [one for one in said(copy) if one.startswith(f"hours.toml:{line}: {message}")] == said(copy) != []


@pytest.mark.parametrize(
    "text", ["messages = 7", "[[messages]]\nfrom = 07:00:00", "[message]\nfrom = 07:00:00"]
)
def test_messages_are_one_table(copy, text):
    usual = (copy / "hours.toml").read_text()
    (copy / "hours.toml").write_text(f"{text}\n{usual}")
    assert all(one.startswith("hours.toml") for one in said(copy))
    assert said(copy)
