"""Packs as a whole: the house knows no regency, loading is idempotent, a wrong pack changes nothing."""

import ast
import html
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from kotacerdas.config.pack import check_pack, load_pack
from kotacerdas.config.paths import ROOT
from kotacerdas.foundation.cases.clocks import forget_policies, policy_on
from kotacerdas.foundation.cases.models import Policy
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.foundation.territory import queries
from kotacerdas.foundation.territory.cells import district_shapes, village_shapes
from kotacerdas.foundation.territory.index import forget_index
from kotacerdas.foundation.territory.models import Area
from kotacerdas.foundation.workdays.queries import current_calendar, forget_calendar
from kotacerdas.insight.evaluation.models import IndicatorSheet, Programme, PublishedFigure
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Unavailable
from kotacerdas.kernel.pack import PackError
from kotacerdas.kernel.packtables import read_pack_tables
from kotacerdas.kernel.programmes import (
    Named,
    forget_programmes,
    named,
    programme,
    read_programmes,
)
from kotacerdas.kernel.regency import read_regency
from kotacerdas.programs.iceta.models import Category
from kotacerdas.programs.iceta.nav import SECTION
from kotacerdas.programs.iceta.pack_tables import Limits

REAL = ROOT / "packs" / "indramayu"
INVENTED = Path(__file__).parent / "packs" / "telukmelati"
FORBIDDEN = ("Indramayu", "IDM", "DISKOMINFO", "BAPPEDA")
WORDS = (".html", ".txt", ".js", ".css", ".po", ".svg")


@pytest.fixture(autouse=True)
def fresh():
    yield
    forget_index()
    forget_calendar()


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(INVENTED, tmp_path / "pack"))


@pytest.mark.django_db
def test_the_real_pack_loads_whole():
    counts = load_pack(REAL)
    assert (counts["areas"].created, counts["categories"].created, counts["agencies"].created) == (
        349,
        37,
        78,
    )
    assert Area.objects.filter(level="village").count() == 317
    assert (
        PublishedFigure.objects.get(programme__code="iceta", series="reports_received", period="half-1").value
        == 693
    )
    assert all(figure.source for figure in PublishedFigure.objects.all())


def wrong_in(pack: Path) -> str:
    with translation.override("en"), pytest.raises(PackError) as error:
        check_pack(pack)
    return str(error.value)


POLICY = """[[policies]]
key = "sp4n.respond"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (POLICY, POLICY + "valid_to = 2025-12-31\n", "sp4n.respond: no policy is in force today"),
        (
            POLICY,
            POLICY + "valid_to = 2050-12-31\n",
            "sp4n.respond: it ends on 2050-12-31 and nothing follows",
        ),
        (POLICY, POLICY.replace("respond", "respnd"), "Did you mean sp4n.respond?"),
        (POLICY, POLICY.replace("respond", "respnd"), "there is none with the key sp4n.respond"),
    ],
)
def test_a_promise_that_could_not_be_given_is_refused_when_it_is_loaded(copy, old, new, said):
    """It passed, and the first report was answered 503 in an operator's words."""
    file = copy / "policies.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    assert said in wrong_in(copy)
    assert "policies.toml" in wrong_in(copy)


def test_a_policy_that_begins_later_is_refused(copy):
    file = copy / "policies.toml"
    head, tail = file.read_text().split(POLICY)
    file.write_text(head + POLICY + re.sub(r"valid_from = \S+", "valid_from = 2090-01-01", tail, count=1))
    assert "sp4n.respond: no policy is in force today" in wrong_in(copy)


def test_a_regency_in_which_nobody_verifies_is_refused(copy):
    file = copy / "positions.toml"
    file.write_text(file.read_text().replace('code = "coordinator"', 'code = "verifier"'))
    assert "has no post `coordinator`" in wrong_in(copy)


@pytest.mark.django_db
def test_without_its_policy_the_front_page_stands_and_a_report_is_refused_in_words(client):
    load_pack(INVENTED)
    forget_policies()
    Policy.objects.filter(key__in=("sp4n.respond", "sp4n.verify")).update(valid_to="2026-01-01")
    forget_policies()
    try:
        assert client.get("/").status_code == 200
        with pytest.raises(Unavailable) as error, translation.override("id"):
            policy_on("sp4n.verify", clock.now())
        with translation.override("id"):
            assert "Teleponlah" in str(error.value)
    finally:
        forget_policies()


@pytest.mark.django_db
def test_the_same_pack_twice_changes_nothing():
    load_pack(REAL)
    for name, counts in load_pack(REAL).items():
        assert (counts.created, counts.changed, counts.closed) == (0, 0, 0), name


@pytest.mark.django_db
def test_every_agency_has_its_posts_and_districts_are_agencies():
    load_pack(REAL)
    assert {"head", "liaison", "officer"} <= set(
        Position.objects.filter(agency__code="KEC-JATIBARANG").values_list("code", flat=True)
    )
    assert Position.objects.get(agency__code="KEC-JATIBARANG", code="head").title_id == "Camat"
    assert Position.objects.filter(agency__code="DISKOMINFO").count() == 7
    assert Agency.objects.filter(kind="kecamatan").count() == 31


@pytest.mark.django_db
def test_another_regency_runs_from_its_own_pack_alone():
    load_pack(INVENTED)
    regency = read_regency(INVENTED)
    assert (regency.instance.code, regency.instance.brand) == ("TML", "Melati Satu")
    assert regency.instance.time_zone == "Asia/Makassar"
    assert read_pack_tables(INVENTED)[Limits].least_story_letters == 15
    assert [one.name for one in queries.districts()] == ["Melati Utara", "Melati Selatan"]
    assert queries.search_places("batu nonna")[0].name == "Desa Batu Nona"
    assert not queries.inside_regency(-6.33, 108.32)
    assert [shape.name for shape in district_shapes(300, 200)] == ["Melati Utara", "Melati Selatan"]
    assert [shape.name for shape in village_shapes("99.01.02", 300, 200)] == ["Batu Nona", "Muara Dua"]
    assert not current_calendar().is_workday(date(2026, 11, 25))
    assert current_calendar().is_workday(date(2026, 11, 28))
    assert Policy.objects.get(key="sp4n.verify").budget == 2
    assert set(Category.objects.values_list("code", flat=True)) == {"jetty", "landslide", "question", "wish"}
    assert Category.objects.get(code="jetty").supporting.get().code == "KOMINFO"
    assert Programme.objects.get().name == "Melati Tanggap"
    assert IndicatorSheet.objects.count() == 3


@pytest.mark.django_db
def test_what_a_pack_no_longer_has_is_closed_and_can_come_back(copy):
    load_pack(copy)
    whole = (copy / "categories.csv").read_text()
    (copy / "categories.csv").write_text(
        "\n".join(line for line in whole.splitlines() if not line.startswith("jetty"))
    )
    assert load_pack(copy)["categories"].closed == 1
    assert Category.objects.get(code="jetty").closed_on is not None
    assert load_pack(copy)["categories"].closed == 0
    (copy / "categories.csv").write_text(whole)
    load_pack(copy)
    assert Category.objects.get(code="jetty").closed_on is None


@pytest.mark.django_db
def test_a_lost_agency_and_a_lost_policy_are_ended(copy):
    load_pack(copy)
    before, after = (copy / "policies.toml").read_text().split('key = "reassign"')
    after = after.replace("valid_from = 2024-01-01", "valid_from = 2025-01-01", 1)
    (copy / "policies.toml").write_text(f'{before}key = "reassign"{after}')
    (copy / "areas.csv").write_text(
        "\n".join(
            line for line in (copy / "areas.csv").read_text().splitlines() if not line.startswith("99.01.02")
        )
    )
    load_pack(copy, may_close_many=True)
    assert Policy.objects.get(key="reassign", valid_from="2024-01-01").valid_to is not None
    assert Policy.objects.get(key="reassign", valid_from="2025-01-01").valid_to is None
    assert Agency.objects.get(code="KEC-MELATI-SELATAN").closed_on is not None
    assert Position.objects.get(agency__code="KEC-MELATI-SELATAN", code="head").closed_on is not None


@pytest.mark.django_db
def test_a_pack_with_a_mistake_changes_nothing(copy):
    load_pack(copy)
    (copy / "areas.csv").write_text((copy / "areas.csv").read_text().replace("Batu Nona", "Batu Baru"))
    (copy / "categories.csv").write_text((copy / "categories.csv").read_text().replace(",PU,", ",PUPR,"))
    with translation.override("en"), pytest.raises(PackError) as caught:
        load_pack(copy)
    assert "categories.csv:2, 3: lead: there is no PUPR in agencies.code" in str(caught.value)
    assert Area.objects.filter(name="Batu Nona").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("pack.toml", 'code = "TML"', 'code = "TML"\ncolour = "red"', "pack.toml:3: unknown: colour"),
        (
            "pack.toml",
            "least_story_letters = 15",
            'least_story_letters = "many"',
            "pack.toml:30: least_story",
        ),
        (
            "pack.toml",
            "[iceta]",
            "[limits]",
            "pack.toml:30: least_story_letters belongs under [iceta] now; move the line there",
        ),
        ("pack.toml", "[iceta]", "[icetta]", "unknown: icetta"),
        ("pack.toml", '"Asia/Makassar"', '"Mars"', "pack.toml:3: time_zone: Mars is none of"),
        ("pack.toml", '"KOMINFO"', '"KOM"', "pack.toml names KOM as coordinating_agency"),
        (
            "areas.csv",
            "99.01.02.2002,desa",
            "99.01.02,desa",
            "areas.csv:9: 99.01.02 stands already in line 7",
        ),
        ("areas.csv", ",99.01.02,99103,-1.2600", ",99.01.09,99103,-1.2600", "parent: there is no 99.01.09"),
        ("positions.toml", '["coordinator"]', '["king"]', "positions.toml:22: roles: nobody declares king"),
        (
            "policies.toml",
            '"KOMINFO.head"',
            '"KOMINFO.boss"',
            "policies.toml:1: escalation: there is no post KOMINFO.boss",
        ),
        ("policies.toml", "budget = 2", "budget = 0", "policies.toml:1: budget: at least 1"),
        ("categories.csv", "anchor", "no-such-icon", "categories.csv:2: icon: the lucide set has no"),
        (
            "categories.csv",
            "information,no",
            "information,yes",
            "categories.csv:4: oversight: only a complaint",
        ),
        (
            "indicators.csv",
            "iceta.received",
            "received",
            "indicators.csv:2: code: received must begin with",
        ),
        ("indicators.csv", ",percent,", ",permille,", "indicators.csv:3: unit: permille has no words"),
        (
            "hours.toml",
            "closes = 15:00:00",
            "closes = 07:00:00",
            "hours.toml:1: closes: 07:00 is not after 08:00",
        ),
        ("calendar.csv", "holiday", "feast", "calendar.csv:2: kind: feast is none of"),
        ("programmes.csv", "KOMINFO", "KOMDIGI", "programmes.csv:2: owner: there is no KOMDIGI"),
        ("dimensions.csv", "users,2", "users,1", "dimensions.csv:3: sequence: 1 stands twice"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(copy, file, old, new, problem):
    text = (copy / file).read_text()
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1))
    with translation.override("en"), pytest.raises(PackError) as caught:
        check_pack(copy)
    assert problem in str(caught.value)


def test_every_pack_has_the_same_promises():
    def keys(folder):
        return {row.key for row in check_pack(folder).of("policies")}

    assert keys(INVENTED) == keys(REAL)
    assert len(keys(REAL)) == 25


def test_nothing_in_the_code_names_a_regency_or_one_of_its_programmes():
    """A programme's proper name, "ICeta", leaked into another regency's desk and front page."""
    found = []
    programmes = {one.name for one in read_programmes(REAL).values()}
    assert {"ICeta", "La-Da", "Gopal"} <= programmes
    forbidden = (*FORBIDDEN, *programmes)
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix == ".py" and "tests" not in path.parts:
            found += [
                f"{path}: {text[:60]!r}" for text in _spoken(path) if any(word in text for word in forbidden)
            ]
        elif path.suffix in WORDS and "tests" not in path.parts:
            found += [f"{path}: {word}" for word in forbidden if word in path.read_text(encoding="utf-8")]
    assert found == []


def _spoken(path: Path) -> Iterator[str]:
    """The string constants of a module; docstrings may give examples."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    explained = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield node.value


@pytest.mark.django_db
def test_agencies_and_posts_that_the_pack_never_brought_stay_open(regency):
    shop = Agency.objects.create(code="KOPERASI", kind="cooperative", name="Koperasi", short_name="Koperasi")
    post = Position.objects.create(agency=shop, code="head", title_id="Ketua", title_en="Chair")
    load_pack(INVENTED)
    for one in (shop, post):
        one.refresh_from_db()
    assert (shop.closed_on, post.closed_on) == (None, None)
    assert Agency.objects.get(code="PU").from_pack
    assert not Position.objects.filter(agency__code="PU", from_pack=False).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["Melati Tanggap", "Lapor Cepat (Layanan Pengaduan)", "ﷺ <b>", "A & B", "()"]
)
def test_a_programs_name_and_icon_are_those_of_the_pack(copy, settings, client, cast, name):
    file = copy / "programmes.csv"
    rows = (
        file.read_text().replace("code,name,", "code,name,icon,").replace("Melati Tanggap", f"{name},anchor")
    )
    file.write_text(rows)
    settings.PACK = copy
    forget_programmes()
    try:
        short = named(name).name
        assert programme("iceta") == named(name, "anchor")
        home = html.unescape(client.get("/").content.decode())
        assert short in home
        cast.sari.is_demo = True
        cast.sari.save()
        client.force_login(cast.sari)
        assert f"<h2>{short}</h2>" in html.unescape(client.get("/desk/", follow=True).content.decode())
    finally:
        forget_programmes()


def test_a_program_without_a_programme_is_called_by_what_it_is_about(tmp_path, settings):
    settings.PACK = tmp_path
    forget_programmes()
    try:
        with translation.override("id"):
            assert (programme("iceta"), str(SECTION)) == (Named(), "Laporan")
        (tmp_path / "programmes.csv").write_bytes(b"\xff\xfe;;\n")
        forget_programmes()
        assert programme("iceta") == Named()
    finally:
        forget_programmes()
