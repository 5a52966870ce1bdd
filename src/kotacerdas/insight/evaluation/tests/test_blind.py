"""Before the last ballot is in, nothing anywhere tells what anybody scored.

The proof is by two worlds: the same round is scored once with 1 and once with 4. Every page that others open, every
export, event, metric, log line and row of the journal must be the same in both, but for ids, hashes and times.
"""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from trials.cast import client_of, seat

from kotacerdas.foundation.journal import sealer
from kotacerdas.foundation.journal.models import Row
from kotacerdas.insight.evaluation.models import Score
from kotacerdas.insight.evaluation.panel import actions as panel
from kotacerdas.insight.evaluation.tests import walk
from kotacerdas.insight.evaluation.tests.walk import media as media

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
TOKEN = "catatan-yang-tak-boleh-bocor"
_LOOSE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{4}…[0-9a-f]{4}"
    r'|name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"|&quot;X-CSRFToken&quot;: &quot;[^&]+'
    r'|data-live="[^"]*"|\?t=[^"&]+'
)


def score(round, name, value, *, items=None):
    for item in items or walk.items_of(round):
        pieces = [one.id for one in item.evidence.all()]
        panel.score_save(
            actor=walk.assessor(name), item=item, value=walk.Decimal(value), words=TOKEN, evidence=pieces
        )


def three_sent(value):
    """Three have sent, the chair is half-way: one ballot and some scores are still to come."""
    round = walk.ready(walk.opened())
    for name in walk.FOUR[1:]:
        score(round, name, value)
        panel.ballot_send(actor=walk.assessor(name), round=round)
    score(round, "ketua", value, items=walk.items_of(round)[:2])
    round.refresh_from_db()
    return round


def addresses(round):
    """Everything of the evaluation that answers a GET, and the operator's pages."""
    slug, items = round.slug, [item.id for item in walk.items_of(round)]
    plain = ["rounds", "surveys", "plan", "budgets", "recommendations", "home"]
    of_round = ["round", "panel", "consensus", "result", "pack", "spreadsheet", "scoring"]
    of_item = ["item", "ground"]
    yield from (reverse(f"evaluation:{name}") for name in plain)
    yield from (reverse(f"evaluation:{name}", args=[slug]) for name in of_round)
    yield from (reverse(f"evaluation:{name}", args=[slug, one]) for name in of_item for one in items)
    yield from (reverse(name) for name in ("metrics", "readyz", "notify_outbox", "journal_heads", "gaya"))


def readers(cast):
    """Everybody but the one who scored: the team, an evaluator, the agency, the operator's demo page, a stranger."""
    return {
        "team": client_of(walk.planner().user),
        "evaluator": client_of(seat("penilai", "BAPPEDA", "evaluator")),
        "agency": client_of(walk.agency().user),
        "stranger": Client(),
    }


def seen(round, cast):
    found = {}
    for who, client in readers(cast).items():
        for place, address in enumerate(addresses(round)):
            answer = client.get(address)
            found[who, place, _LOOSE.sub("#", address)] = (answer.status_code, text_of(answer))
    return found


def text_of(answer):
    if "spreadsheetml" in answer.headers.get("Content-Type", ""):
        book = load_workbook(BytesIO(answer.content))
        return str([[cell.value for cell in row] for page in book for row in page.iter_rows()])
    text = _LOOSE.sub("#", answer.content.decode())
    return re.sub(r"^(?!kotacerdas_(set_aside|queue)).*$", "", text, flags=re.M) if "# HELP" in text else text


def world(value, cast):
    """What is seen and stored in the world where everybody gave `value`; then it is undone."""
    with transaction.atomic():
        round = three_sent(value)
        pages = seen(round, cast)
        rows = [
            (row.verb, row.subject_kind, sorted(row.codes.items()), _LOOSE.sub("#", json.dumps(row.payload)))
            for row in Row.objects.filter(verb__startswith="evaluation.").order_by("recorded_at", "id")
        ]
        tables = stored()
        assert sealer.seal_batch() > 40  # its event goes out to every open page
        transaction.set_rollback(True)
    return pages, rows, tables


def stored():
    """Every row of every table as text."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{name}" t')
            found[name] = "\n".join(row[0] for row in cursor.fetchall())
    return found


def test_two_worlds_with_other_scores_look_the_same_to_everybody_else(cast, capfd, monkeypatch):
    events = []
    monkeypatch.setattr(sealer.jobs, "wake", lambda: None)
    real = sealer.json.dumps
    monkeypatch.setattr(
        sealer, "json", type("Spy", (), {"dumps": staticmethod(lambda v: events.append(real(v)) or real(v))})
    )
    ones, rows_of_ones, tables = world("1", cast)
    fours, rows_of_fours, _tables = world("4", cast)
    were_looked_at(ones)
    assert ones.keys() == fours.keys()
    for key, page in ones.items():
        assert page == fours[key], key
        assert TOKEN not in page[1], key
    assert rows_of_ones == rows_of_fours
    logged = "".join(capfd.readouterr())
    assert TOKEN not in logged
    assert not [name for name, text in tables.items() if TOKEN in text]
    told = [_LOOSE.sub("#", event) for event in events]
    assert len(told) == 2
    assert sorted(json.loads(told[0])["topics"]) == sorted(json.loads(told[1])["topics"])
    assert TOKEN not in "".join(told)


def were_looked_at(pages):
    """The team and the agency do get in, so that something was compared."""
    shown = [key for key, (status, _text) in pages.items() if status == 200]
    assert len([key for key in shown if key[0] == "team"]) > 15
    assert len([key for key in shown if key[0] == "agency"]) > 5


def test_another_assessor_sees_their_own_scores_alone(cast):
    round = walk.ready(walk.opened())
    score(round, "ketua", "1")
    client = client_of(walk.assessor("anggota-1").user)
    for item in walk.items_of(round):
        page = client.get(reverse("evaluation:score_item", args=[round.slug, item.id])).content.decode()
        assert TOKEN not in page
        assert "checked" not in page.split('id="nilai"')[1].split("</form>")[0]


def test_the_journal_holds_one_hash_of_a_ballot_until_all_are_in(cast):
    round = walk.ready(walk.opened())
    score(round, "ketua", "3")
    panel.ballot_send(actor=walk.assessor("ketua"), round=round)
    sent = Row.objects.get(verb="evaluation.ballot.sent")
    assert set(sent.payload) == {"seat", "commitment"}
    assert not Row.objects.filter(verb="evaluation.ballot.opened").exists()
    kept = Row.objects.filter(verb="evaluation.score.kept").values_list("payload", flat=True)
    assert {frozenset(one) for one in kept} == {frozenset({"seat"})}


def test_with_the_last_ballot_all_are_opened_at_once_and_agree_with_their_hashes(cast):
    from kotacerdas.insight.evaluation.panel.sealed import commitment_of

    walk.in_consensus()
    sent = {row.payload["seat"]: row.payload for row in Row.objects.filter(verb="evaluation.ballot.sent")}
    opened = {row.payload["seat"]: row.payload for row in Row.objects.filter(verb="evaluation.ballot.opened")}
    assert len(sent) == len(opened) == 4
    for name, told in opened.items():
        assert commitment_of(told["salt"], told["lines"]) == sent[name]["commitment"]
    assert not Score.objects.filter(value=None).exists()
