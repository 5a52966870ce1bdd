"""Pages of a round, for each who works on it, in both languages."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.insight.evaluation.models import Evidence, Item, Round, Score
from kotacerdas.insight.evaluation.tests import walk
from kotacerdas.insight.evaluation.tests.walk import media as media

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "media")]


def url(name, *args):
    return reverse(f"evaluation:{name}", args=args)


def pages(round, names):
    item = round.items.first()
    every = {
        "rounds": (),
        "round": (round.slug,),
        "item": (round.slug, item.id),
        "panel": (round.slug,),
        "consensus": (round.slug,),
        "result": (round.slug,),
        "ground": (round.slug, item.id),
        "spreadsheet": (round.slug,),
        "pack": (round.slug,),
        "plan": (),
        "budgets": (),
        "surveys": (),
        "recommendations": (),
    }
    return [url(name, *every[name]) for name in names]


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_team_opens_every_page_of_a_closed_round(language):
    round = walk.closed()
    client = client_of(walk.planner().user)
    client.cookies["lang"] = language
    for address in pages(
        round,
        [
            "rounds",
            "round",
            "item",
            "panel",
            "consensus",
            "result",
            "ground",
            "spreadsheet",
            "pack",
            "plan",
            "budgets",
            "surveys",
            "recommendations",
        ],
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
    number = round.recommendations.get().case.number
    assert client.get(url("recommendation", number)).status_code == 200


@pytest.mark.parametrize("who", [lambda: walk.assessor("anggota-1"), lambda: walk.agency("PU"), walk.planner])
def test_no_page_of_a_round_leads_anybody_to_a_closed_door(who):
    round = walk.closed()
    Round.objects.filter(id=round.id).update(previous=round)  # as a round after it would say
    client = client_of(who().user)
    for address in pages(round, ["rounds", "round", "result", "ground"]):
        page = client.get(address).content.decode()
        led = {one.split("#")[0] for one in re.findall(r'href="(/desk/[^"?]+)', page)}
        assert led
        assert [one for one in led if client.get(one).status_code in (403, 404)] == []


def test_an_agency_fills_in_attaches_and_hands_over_in_the_pages():
    round = walk.opened()
    item = round.items.get(measure__code="outcome")
    client = client_of(walk.agency().user)
    client.cookies["lang"] = "id"
    upload = SimpleUploadedFile("SK.pdf", walk.PDF)
    answer = client.post(url("item_act", round.slug, item.id, "berkas"), {"title": "SK", "file": upload})
    assert answer.status_code == 302
    given = {
        "seen_version": item.version,
        "level": "3.5",
        "words": "Sudah jalan",
        "iceta.received": "1.234",
        "submit": "1",
    }
    assert client.post(url("item_act", round.slug, item.id, "isi"), given).status_code == 302
    item.refresh_from_db()
    assert item.state == "submitted"
    assert item.figures.get(indicator__code="iceta.received").value == 1234
    assert item.figures.get(indicator__code="iceta.received").mark == "claimed"
    assert item.figures.get(indicator__code="iceta.resolved_share").mark == "missing"


def test_a_text_number_is_told_and_nothing_is_half_written():
    round = walk.opened()
    item = round.items.get(measure__code="outcome")
    client = client_of(walk.agency().user)
    client.cookies["lang"] = "en"
    given = {"seen_version": item.version, "level": "3", "words": "Runs", "iceta.received": "many"}
    answer = client.post(url("item_act", round.slug, item.id, "isi"), given)
    assert answer.status_code == 422
    assert "without letters" in answer.content.decode()
    item.refresh_from_db()
    assert (item.version, item.words, item.claimed_level) == (1, "", None)


def test_of_two_people_in_one_item_one_wins_and_the_other_reads_it():
    round = walk.opened()
    item = round.items.first()
    client = client_of(walk.agency().user)
    client.cookies["lang"] = "en"
    first = {"seen_version": 1, "level": "3", "words": "The first one's words"}
    second = {"seen_version": 1, "level": "2", "words": "The second one's words"}
    assert client.post(url("item_act", round.slug, item.id, "isi"), first).status_code == 302
    answer = client.post(url("item_act", round.slug, item.id, "isi"), second)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this item" in page
    assert "The second one&#x27;s words" in page
    item.refresh_from_db()
    assert item.words == "The first one's words"


def test_an_assessor_scores_page_by_page_and_the_chair_rules():
    round = walk.ready(walk.opened())
    for name, first in (("anggota-1", "2"), ("anggota-2", "2.5"), ("anggota-3", "3"), ("ketua", "3.5")):
        client = client_of(walk.assessor(name).user)
        client.cookies["lang"] = "id"
        for place, item in enumerate(walk.items_of(round)):
            given = {
                "value": "3" if place else first,
                "note": "karena buktinya begitu",
                "evidence": [one.id for one in item.evidence.all()],
            }
            assert client.get(url("score_item", round.slug, item.id)).status_code == 200
            assert client.post(url("score_item", round.slug, item.id), given).status_code == 302
        assert client.post(url("ballot", round.slug)).status_code == 302
    round.refresh_from_db()
    assert round.state == Round.State.CONSENSUS
    apart = walk.items_of(round)[0]
    page = client.get(url("consensus", round.slug)).content.decode()
    assert "Krippendorff" in page
    team = client_of(walk.planner().user)
    team.cookies["lang"] = "id"
    refused = team.post(url("round_step", round.slug, "tutup"))
    assert refused.status_code == 409
    assert "1 butir belum" in refused.content.decode()
    ruled = {"value": "2.5", "words": "Rencana berjalan separuh", "advice": "Lengkapi bukti"}
    assert client.post(url("ruling", round.slug, apart.id), ruled).status_code == 302
    assert team.post(url("round_step", round.slug, "tutup")).status_code == 302
    assert client.get(url("round", round.slug)).status_code == 404  # the panel's rights ended with the round


def test_a_file_is_served_as_an_attachment_and_never_to_another_agency():
    round = walk.opened()
    item = round.items.first()
    piece = walk.attached(item)
    address = url("evidence", round.slug, item.id, piece.id)
    answer = client_of(walk.agency().user).get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content == walk.PDF
    assert client_of(walk.agency("PU").user).get(address).status_code == 404


def test_what_people_typed_is_never_a_formula_in_the_spreadsheet():
    from openpyxl import load_workbook

    round = walk.opened()
    item = walk.fresh(round.items.first())
    walk.rounds.item_fill(
        actor=walk.agency(), item=item, seen_version=1, level=None, words="=HYPERLINK(1)\x0b", figures={}
    )
    Item.objects.filter(pk=item.pk).update(state="submitted")
    data = client_of(walk.planner().user).get(url("spreadsheet", round.slug)).content
    sheet = load_workbook(BytesIO(data)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any("=HYPERLINK(1)" in str(cell.value) for cell in cells)


def test_no_store_of_scores_before_all_have_sent():
    round = walk.ready(walk.opened())
    walk.scored(round, "ketua")
    assert not Score.objects.exclude(value=None).exists()
    assert not Score.objects.exclude(note="").exists()
    assert Evidence.objects.count() == 1


def test_an_agency_sees_the_result_when_the_round_is_closed_and_not_before():
    round = walk.in_consensus()
    client = client_of(walk.agency().user)
    item = walk.items_of(round)[0]
    for name, args in (
        ("result", (round.slug,)),
        ("ground", (round.slug, item.id)),
        ("consensus", (round.slug,)),
    ):
        assert client.get(url(name, *args)).status_code == 404
    for one in walk.items_of(round):
        if not hasattr(one, "ruling"):
            walk.panel.ruling_make(
                actor=walk.assessor("ketua"), item=one, value=walk.Decimal(3), words="Cukup bukti"
            )
    walk.caught_up()
    walk.round_close(actor=walk.planner(), round=round)
    walk.caught_up()
    for name, args in (("result", (round.slug,)), ("ground", (round.slug, item.id)), ("pack", (round.slug,))):
        assert client.get(url(name, *args)).status_code == 200
    assert client_of(walk.agency("PU").user).get(url("result", round.slug)).status_code == 404


def test_a_pack_waits_for_the_sealer_and_says_so():
    round = walk.in_consensus()
    for one in walk.items_of(round):
        if not hasattr(one, "ruling"):
            walk.panel.ruling_make(
                actor=walk.assessor("ketua"), item=one, value=walk.Decimal(3), words="Cukup bukti"
            )
    walk.round_close(actor=walk.planner(), round=round)
    assert client_of(walk.planner().user).get(url("pack", round.slug)).status_code == 503
