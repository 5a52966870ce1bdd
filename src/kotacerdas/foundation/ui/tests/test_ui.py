"""What every page may rely on: icons that exist, words that are escaped, states that differ in shape."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from kotacerdas.foundation.ui import drawing, finders, samples, shapes, views
from kotacerdas.foundation.ui.icons import UnknownIcon, icon
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing

ROOM = Path(samples.__file__).parent
EVIL = "<script>alert(1)</script>"
NOW = clock.now()


def render(source: str, language: str = "id", **context: object) -> str:
    with translation.override(language):
        return Template("{% load ui %}" + source).render(Context(context))


class Staff:
    is_staff = is_authenticated = True


class Stranger:
    is_staff = is_authenticated = False


def page(user: object, language: str = "id") -> str:
    request = RequestFactory().get("/gaya/")
    request.user = user
    with translation.override(language):
        return views.gaya(request).content.decode()


def test_an_unknown_icon_raises():
    with pytest.raises(UnknownIcon):
        icon("no-such-icon")


def test_every_icon_named_in_a_template_of_this_room_exists():
    named = re.compile(r'{% icon "([^"]+)"|\|default:"([a-z0-9-]+)" size')
    for template in (ROOM / "templates").rglob("*.html"):
        for found in named.finditer(template.read_text()):
            assert icon(found[1] or found[2])


def test_an_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in icon("check")
    assert 'aria-label="hapus"' in icon("x", label="hapus")


def test_the_stylesheet_is_one_and_small():
    css = finders.join_css()
    assert len(gzip.compress(css.encode(), 9)) <= 12 * 1024
    assert "/*" not in css
    assert css.count("{") == css.count("}")


def test_every_part_of_the_stylesheet_is_joined():
    on_disk = {part.stem for part in (ROOM / "static/kotacerdas/css/parts").glob("*.css")}
    assert on_disk == set(finders.PARTS) - finders.ELSEWHERE.keys() | set(finders.ALONE)


def test_the_finder_serves_the_joined_file_and_nothing_else():
    finder = finders.StylesheetFinder()
    assert Path(finder.find(finders.NAME)).read_text() == finders.join_css()
    assert finder.find("kotacerdas/js/desk.js") == []
    [(name, storage)] = list(finder.list(None))
    assert storage.open(name).read().decode() == finders.join_css()


def test_every_colour_that_is_used_is_a_token():
    css = finders.join_css()
    used, defined = set(re.findall(r"var\((--[\w-]+)", css)), set(re.findall(r"(--[\w-]+):", css))
    assert used <= defined


@pytest.mark.parametrize("theme", ["tokens", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "ground"), ("ink-2", "ground"), ("ink-3", "ground"), ("ink-3", "card"), ("ink-2", "sunken"),
        ("laut-text", "ground"), ("laut-text", "laut-wash"), ("padi-text", "padi-wash"),
        ("terasi-text", "terasi-wash"), ("terasi-text", "card"), ("kunyit-text", "kunyit-wash"),
        ("on-laut", "laut"), ("on-bar", "bar"), ("on-bar-2", "bar"), ("ink-2", "mangga-wash"), ("ink-3", "laut-wash"),
    ],
)  # fmt: skip
def test_text_stands_out_from_its_ground(theme, text, ground):
    tokens = _tokens("tokens") | (_tokens("dark") if theme == "dark" else {})
    assert _contrast(tokens[text], tokens[ground]) >= 4.5


def test_the_wall_is_read_from_five_metres():
    tokens = _tokens("tokens") | _tokens("dark") | _tokens("wall")
    for text in ("ink", "ink-2", "ink-3", "kunyit-text"):
        assert _contrast(tokens[text], tokens["card"]) >= 7
    assert _contrast("#FF9A8C", tokens["card"]) >= 7


def test_each_state_of_a_clock_has_its_own_shape():
    drawn = {}
    for badge, _meaning in samples.badges():
        html = render("{% clock_badge b %}", b=badge)
        assert f'class="clock {badge.state}"' in html
        drawn[badge.state] = re.sub(r"<b>.*", "", html).split(">", 1)[1]
    assert set(drawn) == {"running", "soon", "overdue", "paused", "kept", "broken"}
    assert len(set(drawn.values())) == 6


def test_a_clock_tells_its_due_date_in_the_readers_language():
    badge = shapes.Badge(state="running", text="2 hari", due=NOW)
    assert "pukul" in render("{% clock_badge b %}", b=badge)
    assert " at " in render("{% clock_badge b %}", language="en", b=badge)


def test_words_are_escaped_in_every_piece():
    tag = shapes.Tag(text=EVIL, icon="check")
    entry = shapes.TimelineEntry(
        kind="public", icon="send", at=NOW, who=EVIL, title=EVIL, body=EVIL, caption=EVIL
    )
    event = shapes.TimelineEntry(kind="event", icon="check", at=NOW, who=EVIL, title=EVIL, body=EVIL)
    given = {
        "{% clock_badge x %}": shapes.Badge(state="kept", text=EVIL, detail=EVIL),
        "{% state_tag x %}": tag,
        "{% chip x %}": shapes.Chip(text=EVIL, url='"><script>'),
        "{% timeline x %}": [entry, event],
        "{% timeline x look='citizen' %}": [entry, event],
        "{% step_bar x %}": [shapes.Step(name=EVIL, label=EVIL), shapes.Step(name="a", label=EVIL, url=EVIL)],
        "{% tile x %}": shapes.Tile(label=EVIL, value=EVIL, at=NOW, comparison=EVIL, unit=EVIL),
        "{% breadcrumb x %}": [shapes.Crumb(text=EVIL, url=EVIL), shapes.Crumb(text=EVIL)],
        "{% empty_state x %}": shapes.Empty(icon="inbox", title=EVIL, text=EVIL),
        "{% case_head x %}": shapes.CaseHead(number=EVIL, title=EVIL, tag=tag, place=EVIL, holder=EVIL),
        "{% meter x %}": shapes.Meter(label=EVIL, value=0.5, shown=EVIL, note=EVIL),
        "{% sparkline x %}": shapes.Sparkline(values=(1, 2), label=EVIL),
        "{% bar_chart x %}": shapes.BarChart(title=EVIL, source=EVIL, groups=(shapes.BarGroup(label=EVIL, missing=EVIL),)),
        "{% choropleth x %}": shapes.Choropleth(
            title=EVIL, box=(0, 0, 1, 1), regions=(shapes.Region(code="a", label=EVIL, d='"><script>', at=(0, 0)),)
        ),
        "{% avatar x %}": EVIL,
    }  # fmt: skip
    for source, shape in given.items():
        assert "<script" not in render(source, x=shape), source


def test_a_tile_says_when_it_is_stale_and_when_it_has_nothing():
    fresh = render("{% tile t %}", t=shapes.Tile(label="a", value=9, at=clock.now()))
    old = render("{% tile t %}", t=shapes.Tile(label="a", value=9, at=clock.now() - timedelta(hours=1)))
    none = render("{% tile t %}", t=shapes.Tile(label="a", value=9))
    assert ("fresh" in fresh, "stale" in old.split(">")[0], " none" in none) == (True, True, True)
    assert ">9" in old
    assert ">9" not in none


def test_a_gap_in_a_trend_stays_a_gap():
    assert len(drawing.polyline([1, 2, None, 3, 4], 100, 10, 0, 4)) == 2
    assert drawing.spark(shapes.Sparkline(values=(None, None), label="x"))["runs"] == []


def test_a_chart_has_its_table_behind_it():
    html = render("{% bar_chart c %}", c=samples.chart())
    assert html.count("<tr>") == 5
    assert 'class="missing"' in html
    assert 'aria-hidden="true"' in html


def test_a_field_tells_its_input_about_hint_and_error():
    form = samples.SampleForm({})
    html = render("{% field form.village %}{% field form.phone %}", form=form)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_village-error"' in html
    assert 'aria-describedby="id_phone-hint id_phone-error"' in html
    assert html.index('id="id_village-error"') < html.index('name="village"')


def test_the_summary_links_every_error_to_its_field_and_is_silent_without():
    html = render("{% error_summary form %}", form=samples.SampleForm({}))
    assert 'href="#id_village"' in html
    assert 'role="alert"' in html
    good = samples.SampleForm({"phone": "1", "village": "a", "kind": "road"})
    assert render("{% error_summary form %}", form=good).strip() == ""


@pytest.mark.django_db
def test_only_staff_see_the_page_of_pieces():
    with pytest.raises(Missing):
        page(Stranger())
    assert "IDM" not in page(Staff())


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["id", "en"])
def test_no_page_carries_inline_style_or_script(language):
    html = page(Staff(), language)
    assert " style=" not in html
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*src=)", html)
    assert not re.search(r"\son\w+=", html)


def test_nothing_here_names_a_regency():
    for file in [*ROOM.rglob("*.py"), *ROOM.rglob("*.html"), *ROOM.rglob("*.js"), *ROOM.rglob("*.po")]:
        if "tests" not in file.parts:
            assert "indramayu" not in file.read_text().lower(), file


def test_every_message_of_this_room_has_its_indonesian():
    text = (ROOM / "locale/id/LC_MESSAGES/django.po").read_text()
    assert "fuzzy" not in text
    assert not re.search(r'msgstr(?:\[0\])? ""\n(?!")', text)


def _tokens(part: str) -> dict[str, str]:
    text = (ROOM / f"static/kotacerdas/css/parts/{part}.css").read_text()
    return dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{3,6})\b", text))


def _contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_icon_that_a_sample_or_tag_names_exists():
    named = re.compile(r'icon="([a-z0-9-]+)"|"(?:overdue|paused|kept|broken)": "([a-z0-9-]+)"')
    for module in [ROOM / "samples.py", *(ROOM / "tags").glob("*.py")]:
        for found in named.finditer(module.read_text()):
            assert icon(found[1] or found[2])


def test_a_message_becomes_a_toast_and_only_errors_stay():
    told = [Message(constants.SUCCESS, EVIL), Message(constants.ERROR, "Belum terkirim")]
    html = render("{% toast %}", messages=told)
    assert "<script" not in html
    assert html.count("data-leaves") == 1
    assert 'class="toast terasi"' in html
    assert "data-toasts" in render("{% toast %}")


def test_dark_has_an_answer_for_every_colour_of_the_map():
    tokens = _tokens("tokens") | _tokens("dark")
    for level in ("c3", "c4"):
        assert _contrast(tokens["on-c"], tokens[level]) >= 4.5
        assert _contrast(_tokens("tokens")["on-c"], _tokens("tokens")[level]) >= 4.5
    for level in ("c0", "c1", "c2"):
        assert _contrast(tokens["ink"], tokens[level]) >= 4.5
        assert _contrast(_tokens("tokens")["ink"], _tokens("tokens")[level]) >= 4.5
