"""The desk of any kind: an invented one with other columns, acts, filters and words; no citizen, no urgency."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse
from openpyxl import load_workbook
from trials.cast import client_of

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.cases.models import Case, Note
from kotacerdas.foundation.cases.tests.repairs import KIND, OWNER, REPAIR, WORK, declared_kind
from kotacerdas.foundation.casework.history import History
from kotacerdas.foundation.casework.registry import desks, flaws, page_of
from kotacerdas.foundation.casework.tests.bench import BENCH, begin
from kotacerdas.foundation.casework.timeline import with_post
from kotacerdas.foundation.casework.views_step import _each
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import SYSTEM, staff
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.parties.people import contact_made, person_new
from kotacerdas.foundation.tables.writing import XLSX
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.urls("kotacerdas.foundation.casework.tests.bench")]
PANE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "pane"}


@pytest.fixture
def bench(cast, monkeypatch):
    monkeypatch.setitem(desks(), KIND, BENCH)
    with declared_kind(REPAIR, "officer"):
        yield cast


@pytest.fixture
def bring(bench):
    """Somebody brings a thing to PU."""

    def brought(thing: str = "bicycle") -> Case:
        owner, contact = person_new(name="Made"), contact_made(phone="0812-5555-6666")
        return cases.open(
            REPAIR,
            actor=SYSTEM,
            title_code=thing,
            channel="counter",
            parties=[cases.Party(OWNER.name, owner, contact)],
            given_to=[(LEAD, bench.agency("PU"))],
            own=lambda case: None,
        ).case

    return brought


def url(name: str, *args) -> str:
    return reverse(f"repairs:{name}", args=args)


def state(case: Case) -> str:
    return Case.objects.get(id=case.id).state


class TestPages:
    def test_the_queue_has_the_kinds_columns_and_filters(self, bench, bring):
        case = bring()
        page = client_of(bench.rudi).get(url("queue")).content.decode()
        assert "a bicycle" in page
        assert "Thing" in page
        assert "saring=bengkel" in page
        assert f'data-number="{case.number}"' in page
        assert "Kanal" not in page

    def test_the_case_shows_facts_acts_box_and_story(self, bench, bring):
        case = bring()
        page = client_of(bench.rudi).get(url("case", case.number)).content.decode()
        for words in ("Made", "Begin", "Finish", "The owner reads it", "We read it", "Ready"):
            assert words in page, words
        assert url("step", case.number, "begin") in page
        for noun in ("elapor", "erifikator"):  # reporter, verifier
            assert noun not in page

    def test_list_sheet_and_evidence_are_there_too(self, bench, bring):
        case = bring()
        browser = client_of(bench.rudi)
        assert "a bicycle" in browser.get(url("agency")).content.decode()
        assert case.number in browser.get(url("print", case.number)).content.decode()
        assert browser.get(url("evidence", case.number)).json()["case"] == case.number
        assert browser.get(url("case", case.number), {"tab": "jurnal"}).status_code == 200

    def test_the_journal_names_posts_and_agencies_as_people_do(self, bench, bring):
        case, browser = bring(), client_of(bench.rudi)
        browser.post(url("step", case.number, "begin"))
        Agency.objects.filter(code="PU").update(short_name="Dinas PU")
        page = browser.get(url("case", case.number), {"tab": "jurnal"}).content.decode()
        assert f"<td>{bench.agency('PU').positions.get(code='officer').title_id}</td>" in page
        assert page.count("<td>Dinas PU</td>") == 2

    def test_nobody_is_missed_where_no_work_is_left(self, bench, bring):
        case = bring()
        browser = client_of(bench.rudi)
        nobody = 'class="nobody"'
        assert nobody in browser.get(url("agency")).content.decode()
        case.assignments.update(is_open=False)
        assert nobody not in browser.get(url("agency")).content.decode()

    def test_a_stranger_and_another_agency_find_nothing(self, bench, bring):
        case = bring()
        for browser in (client_of(bench.sari), client_of(bench.officer_of("BAPPEDA"))):
            for name in ("case", "print", "evidence"):
                assert browser.get(url(name, case.number)).status_code == 404
            assert browser.post(url("step", case.number, "begin")).status_code == 404
            assert browser.get(reverse("casework:by_number", args=[case.number])).status_code == 404
        assert client_of(bench.sari).get(url("queue")).status_code == 404
        assert state(case) == "waiting"

    def test_a_note_of_a_kind_that_is_declared_no_more_is_read_inside(self, bench, bring):
        case, browser = bring(), client_of(bench.rudi)
        browser.post(url("step", case.number, "write"), {"body": "Rantainya aus", "audience": "public"})
        Note.objects.filter(case=case).update(kind="telegram")
        assert "Rantainya aus" in browser.get(url("case", case.number)).content.decode()
        assert "Rantainya aus" not in browser.get(url("print", case.number)).content.decode()

    def test_the_list_offers_who_holds_work_that_it_shows(self, bench, bring):
        bring(), bring()
        report, other = bench.verified().case, bench.officer_of("PU", "head")
        cases.hold_lead(report, staff(other))
        page = client_of(bench.rudi).get(url("agency")).content.decode()
        assert f'value="{other.id}"' not in page

    def test_a_part_of_an_overdue_emergency_is_counted_as_it_is_shown(self, bench, bring):
        case, now = bring(), clock.now()
        Case.objects.filter(id=case.id).update(priority="emergency", due_at=now - timedelta(minutes=2))
        case.assignments.update(due_at=None)  # it has no promise of its own
        page = client_of(bench.rudi).get(url("queue"), {"saring": "lewat"}).content.decode()
        assert f'data-number="{case.number}"' in page
        chip = page.split('id="queue-chips"')[1].split("saring=lewat")[1].split("</a>")[0]
        assert " 1" in " ".join(re.sub(r"<[^>]*>|[>\"]", " ", chip).split())
        Case.objects.filter(id=case.id).update(due_at=now + timedelta(minutes=2))
        page = client_of(bench.rudi).get(url("queue"), {"saring": "hari-ini"}).content.decode()
        assert f'data-number="{case.number}"' in page


class TestActs:
    def test_a_step_at_once_is_taken_and_said(self, bench, bring):
        case = bring()
        answer = client_of(bench.rudi).post(url("step", case.number, "begin"), follow=True)
        assert "Begun." in answer.content.decode()
        assert state(case) == "on_bench"

    def test_a_form_is_asked_and_its_fields_go_to_the_action(self, bench, bring):
        case, browser = bring(), client_of(bench.rudi)
        form = browser.get(url("case", case.number), {"langkah": "find"}).content.decode()
        assert 'name="hours"' in form
        assert browser.post(url("step", case.number, "find"), {"hours": ""}).status_code == 422
        assert browser.post(url("step", case.number, "find"), {"hours": "0"}).status_code == 302
        assert Row.objects.get(verb=f"{KIND}.find").payload["hours"] == 0

    def test_what_was_kept_inside_never_goes_out(self, bench, bring):
        case, browser = bring(), client_of(bench.rudi)
        given = {"body": "Rantainya aus", "audience": "inside"}
        assert browser.post(url("step", case.number, "write"), given, **PANE).status_code == 200
        assert Note.objects.get(case=case).kind == "inside"
        sheet = browser.get(url("print", case.number)).content.decode()
        assert "Rantainya aus" not in sheet
        assert "jotted" not in sheet

    def test_what_changed_meanwhile_is_not_overwritten(self, bench, bring):
        case = bring()
        cases_seen = case.version
        client_of(bench.rudi).post(url("step", case.number, "find"), {"hours": "1"})
        given = {"seen_version": cases_seen}
        assert client_of(bench.rudi).post(url("step", case.number, "begin"), given).status_code == 409
        assert state(case) == "waiting"

    def test_the_same_press_twice_does_it_once(self, bench, bring):
        case, browser = bring(), client_of(bench.rudi)
        given = {"body": "Besok", "audience": "public", "key": "0198c0de-0000-7000-8000-000000000001"}
        for _press in range(2):
            assert browser.post(url("step", case.number, "write"), given, **PANE).status_code == 200
        assert Note.objects.filter(case=case).count() == 1

    @pytest.mark.parametrize("name", ["fetch", "nothing"])
    def test_a_step_that_is_no_act_here_is_not_found(self, bench, bring, name):
        assert client_of(bench.rudi).post(url("step", bring().number, name)).status_code == 404


class TestNumbers:
    def test_a_number_opens_for_a_purpose_that_the_journal_keeps(self, bench, bring):
        case, browser = bring(), client_of(bench.rudi)
        reveal = url("reveal", case.number, case.parties.get().id)
        assert browser.post(reveal, {"purpose": ""}).status_code == 422
        assert not Row.objects.filter(verb=f"{KIND}.read").exists()
        assert "0812-5555-6666" in browser.post(reveal, {"purpose": "fetch"}).content.decode()
        read = Row.objects.get(verb=f"{KIND}.read")
        assert (read.codes["field"], read.codes["purpose"]) == ("owner", "fetch")
        assert "0812-5555-6666" not in browser.get(url("case", case.number)).content.decode()

    def test_others_open_none(self, bench, bring):
        case = bring()
        reveal = url("reveal", case.number, case.parties.get().id)
        for user in (bench.sari, bench.officer_of("BAPPEDA")):
            assert client_of(user).post(reveal, {"purpose": "fetch"}).status_code == 404


class TestBulk:
    def test_each_case_is_taken_alone(self, bench, bring):
        done, left = bring(), bring()
        with_begun = bring()
        client_of(bench.rudi).post(url("step", with_begun.number, "begin"))
        given = {"number": [done.number, with_begun.number]}
        page = client_of(bench.rudi).post(url("bulk", "begin"), given, follow=True).content.decode()
        assert (state(done), state(left)) == ("on_bench", "waiting")
        assert with_begun.number in page

    def test_what_is_asked_goes_to_each(self, bench, bring):
        some, browser = [bring(), bring()], client_of(bench.rudi)
        numbers = [one.number for one in some]
        browser.post(url("bulk", "finish"), {"number": numbers, "shelf": ""})
        assert {state(one) for one in some} == {"waiting"}
        browser.post(url("bulk", "finish"), {"number": numbers, "shelf": "B2"})
        assert {state(one) for one in some} == {"ready"}
        assert {row.payload["shelf"] for row in Row.objects.filter(verb=f"{KIND}.finish")} == {"B2"}

    def test_one_that_fails_stops_no_other(self, bench, bring, monkeypatch):
        first, second = bring(), bring()

        def fail(*, case, **given):
            if case.id == first.id:
                raise LookupError("the shelf is gone")
            return begin(case=case, **given)

        desk = replace(BENCH, acts=(replace(BENCH.acts[0], run=fail), *BENCH.acts[1:]))
        request = RequestFactory().post("/", {"number": [first.number, second.number], "key": "k"})
        request.user = bench.rudi
        request.grants = staff(bench.rudi).grants
        request.session = {}
        done, refused = _each(request, desk, desk.by_act["begin"], {})
        assert (done, [*refused.values()]) == (1, [[first.number]])
        assert (state(first), state(second)) == ("waiting", "on_bench")

    def test_what_was_typed_for_several_counts_to_its_last_letter(self, bench, bring):
        case, browser = bring(), client_of(bench.rudi)
        given = {"number": [case.number], "key": str(ids.new_id()), "shelf": "Rak di sebelah pintu kiri"}
        browser.post(url("bulk", "finish"), given)
        answer = browser.post(
            url("bulk", "finish"), {**given, "shelf": "Rak di sebelah pintu kanan"}, follow=True
        )
        assert case.number in answer.content.decode()
        assert Row.objects.get(verb=f"{KIND}.finish").payload["shelf"] == given["shelf"]

    def test_what_is_no_bulk_act_is_not_found(self, bench, bring):
        given = {"number": [bring().number], "hours": "1"}
        assert client_of(bench.rudi).post(url("bulk", "find"), given).status_code == 404


class TestSearch:
    def test_one_search_finds_every_kind_one_may_see(self, bench, bring):
        repair, report = bring(), bench.verified(words="Lampu bicycle lane padam sejak kemarin").case
        page = client_of(bench.rudi).get(reverse("casework:search"), {"q": "bicycle"}).content.decode()
        assert repair.number in page
        assert report.number in page
        assert "Repair" in page

    def test_a_number_leads_to_the_page_of_its_kind(self, bench, bring):
        case, report = bring(), bench.verified().case
        browser = client_of(bench.rudi)
        for one in (case, report):
            answer = browser.get(reverse("casework:by_number", args=[one.number]))
            assert answer.headers["Location"] == page_of(one)
        assert page_of(case) == url("case", case.number)

    def test_others_find_nothing_of_it(self, bench, bring):
        case = bring()
        page = client_of(bench.sari).get(reverse("casework:search"), {"q": case.number}).content.decode()
        assert url("case", case.number) not in page


class TestSpreadsheet:
    def sheet(self, user, **query) -> list[tuple]:
        answer = client_of(user).get(url("queue_sheet"), query)
        assert answer.headers["Content-Type"] == XLSX
        assert answer.headers["Content-Disposition"].startswith("attachment")
        return list(load_workbook(BytesIO(answer.content)).active.values)

    def test_it_has_what_the_page_shows(self, bench, bring):
        case = bring()
        heads, row = self.sheet(bench.rudi)
        assert (heads[0], heads[2], heads[5], len(heads)) == ("Kelompok", "Sisa waktu", "Thing", 8)
        assert row[3:6] == (case.number, REPAIR.title("bicycle"), "a bicycle")
        due = case.assignments.get().due_at.astimezone(clock.local_zone()).replace(tzinfo=None)
        assert abs(row[1] - due) < timedelta(seconds=2)

    def test_as_csv_it_says_the_same(self, bench, bring):
        case = bring("=1+1")
        assert url("queue_csv") in client_of(bench.rudi).get(url("queue")).content.decode()
        answer = client_of(bench.rudi).get(url("queue_csv"))
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        text = answer.content.decode("utf-8-sig")
        heads, row = csv.reader(StringIO(text), delimiter=";")
        assert heads[0] == "Kelompok"
        assert row[3] == case.number
        assert row[4] == "'=1+1"
        assert client_of(bench.sari).get(url("queue_csv")).status_code == 404

    def test_what_is_filtered_is_what_is_written(self, bench, bring):
        first, second = bring(), bring("kettle")
        cases.hold_lead(second, staff(bench.rudi))
        page = client_of(bench.rudi).get(url("queue"), {"saring": "saya"}).content.decode()
        assert f"{url('queue_sheet')}?saring=saya" in page
        assert [row[3] for row in self.sheet(bench.rudi)[1:]] == [first.number, second.number]
        assert [row[3] for row in self.sheet(bench.rudi, saring="saya")[1:]] == [second.number]

    def test_all_pages_are_in_it(self, bench, bring, monkeypatch):
        monkeypatch.setattr("kotacerdas.foundation.casework.queries.PAGE_SIZE", 2)
        monkeypatch.setattr("kotacerdas.foundation.casework.export._AT_ONCE", 2)
        numbers = [bring().number for _one in range(5)]
        assert [row[3] for row in self.sheet(bench.rudi)[1:]] == numbers

    def test_it_names_nobody_whom_a_case_concerns(self, bench, bring):
        bring()
        assert not any("Made" in str(cell) or "5555" in str(cell) for cell in self.sheet(bench.rudi)[1])

    def test_what_somebody_wrote_is_never_a_formula(self, bench, bring):
        bring("=1+1")
        case = self.sheet(bench.rudi)[1]
        assert case[4] == "=1+1"
        book = client_of(bench.rudi).get(url("queue_sheet"))
        cell = load_workbook(BytesIO(book.content)).active["E2"]
        assert (cell.data_type, cell.quotePrefix) == ("s", True)

    def test_others_get_the_work_of_their_own_agency_alone(self, bench, bring):
        bring()
        assert client_of(bench.sari).get(url("queue_sheet")).status_code == 404
        assert client_of(bench.asep).get(url("queue_sheet")).status_code == 404


class TestDeclarations:
    def test_the_desk_of_the_tests_holds_together(self):
        assert flaws(BENCH) == []

    def test_an_act_without_a_step_is_a_flaw(self):
        wrong = replace(BENCH, acts=(replace(BENCH.acts[0], step="vanish"),), states=("gone",))
        assert len(flaws(wrong)) == 2

    def test_who_does_not_work_takes_no_step_by_hand(self, bench, bring):
        case = bring()
        with pytest.raises(Refused):
            cases.take(case, "begin", actor=staff(bench.sari))
        assert WORK not in staff(bench.sari).grants.scopes


class TestRowsOfBefore:
    def test_a_row_that_names_the_post_by_its_id_is_told_as_one_of_now(self, bench, bring):
        case, post = bring(), bench.agency("PU").positions.get(code="officer")
        cases.take(case, "begin", actor=staff(bench.rudi, position=post))
        now = Row.objects.get(subject_id=case.id, verb=f"{KIND}.begin")
        with transaction.atomic():
            before = append(
                verb=now.verb,
                subject=(KIND, case.id),
                actor=f"position:{post.id}",
                codes=now.codes,
                payload={**now.payload, "position": str(post.id)},
            )
        now.payload = {**now.payload, "position": now.actor}
        told = History.of(case, [now, before], grants=staff(bench.rudi).grants, names={})
        assert [with_post(told, row) for row in (now, before)] == [with_post(told, now)] * 2
        assert told.who(before) == bench.rudi.name
        assert {told.posts[row.payload["position"]] for row in (now, before)} == {post}
        page = client_of(bench.rudi).get(url("case", case.number), {"tab": "jurnal"}).content.decode()
        assert page.count(post.title_id) >= 2
