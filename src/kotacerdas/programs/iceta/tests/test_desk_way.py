"""The page of a case that was opened from the queue: the cases before and after, by the same filter."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.cases.models import Assignment, Case
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import Holding
from kotacerdas.foundation.parties.posts import post_name
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


@pytest.fixture
def three(cast) -> list[str]:
    """The numbers of three cases of Rudi's agency, in the order of its queue; the last one he holds."""
    filed = [cast.verified(phone=f"0812-3456-789{n}") for n in range(3)]
    actions.report_accept(actor=staff(cast.rudi), case=fresh(filed[2].case))
    page = client_of(cast.rudi).get(reverse("iceta:queue")).content.decode()
    return re.findall(r'data-number="([^"]+)"\s+data-steps', page)


def fresh(case: Case) -> Case:
    return Case.objects.select_related("lead_agency").get(id=case.id)


def case_url(number: str, queue: str = "") -> str:
    url = reverse("iceta:case", args=[number])
    return f"{url}?antrean={queue}" if queue else url


def neighbours(page: str) -> dict[str, str]:
    """The addresses behind J and K."""
    found = {}
    for link in re.findall(r"<a [^>]*data-key=\"[jk]\"[^>]*>", page):
        href, key = re.search(r'href="([^"]+)"', link), re.search(r'data-key="(.)"', link)
        assert href
        assert key
        found[key[1]] = href[1]
    return found


def test_the_queue_opens_a_case_with_its_filter(cast, three):
    page = client_of(cast.rudi).get(reverse("iceta:queue"), {"tiket": three[0], "saring": "kosong"})
    assert f'href="{case_url(three[0], "kosong")}"' in page.content.decode()
    whole = client_of(cast.rudi).get(reverse("iceta:queue"), {"tiket": three[0]}).content.decode()
    assert f'href="{case_url(three[0], "semua")}"' in whole


def test_the_case_leads_to_those_before_and_after_it(cast, three):
    page = client_of(cast.rudi).get(case_url(three[1], "semua")).content.decode()
    assert neighbours(page) == {"k": case_url(three[0], "semua"), "j": case_url(three[2], "semua")}
    assert "2 dari 3" in page


def test_at_the_ends_nothing_leads_on(cast, three):
    browser = client_of(cast.rudi)
    assert set(neighbours(browser.get(case_url(three[0], "semua")).content.decode())) == {"j"}
    assert set(neighbours(browser.get(case_url(three[2], "semua")).content.decode())) == {"k"}


def test_the_filter_goes_along_to_the_tabs_the_steps_and_back(cast, three):
    page = client_of(cast.rudi).get(case_url(three[0], "kosong")).content.decode()
    assert "1 dari 2" in page
    assert f"{case_url(three[0], 'kosong')}&amp;tab=foto" in page
    assert f"{case_url(three[0], 'kosong')}&amp;langkah=resolve" in page
    assert f"{case_url(three[0], 'kosong')}&amp;langkah=support" in page
    assert f'href="{reverse("iceta:queue")}?saring=kosong&amp;tiket={three[0]}"' in page


def test_after_the_step_that_ends_its_work_the_next_one_is_the_first_that_remains(cast, three):
    browser, here = client_of(cast.rudi), case_url(three[0], "semua")
    url = reverse("iceta:step", args=[three[0], "resolve"])
    answer = browser.post(url, {"body": "Papan sudah diganti", "dari": here}, follow=True)
    assert answer.redirect_chain == [(here, 302)]
    page = answer.content.decode()
    assert "2 lagi di antrean" in page
    assert neighbours(page) == {"j": case_url(three[1], "semua")}


def test_a_step_that_was_not_taken_keeps_the_way(cast, three):
    here = case_url(three[1], "semua")
    url = reverse("iceta:step", args=[three[1], "resolve"])
    page = client_of(cast.rudi).post(url, {"body": " ", "dari": here}).content.decode()
    assert set(neighbours(page)) == {"j", "k"}


def test_a_case_that_came_from_elsewhere_has_no_way(cast, three):
    browser = client_of(cast.rudi)
    assert not neighbours(browser.get(case_url(three[1])).content.decode())
    sari = client_of(cast.sari).get(case_url(three[1], "semua"))
    assert not neighbours(sari.content.decode())


def test_an_unknown_filter_is_the_whole_queue(cast, three):
    page = client_of(cast.rudi).get(case_url(three[1], "entah")).content.decode()
    assert "2 dari 3" in page


def test_the_way_back_counts_the_rows_of_the_queue_not_its_cases(cast, three, monkeypatch):
    from kotacerdas.foundation.casework import neighbours as way
    from kotacerdas.foundation.casework import queries

    case = Case.objects.get(number=three[0])
    Assignment.objects.create(case=case, role="support", agency=cast.agency("PU"), due_at=case.opened_at)
    for module in (queries, way):
        monkeypatch.setattr(module, "PAGE_SIZE", 2)
    browser, queue = client_of(cast.rudi), reverse("iceta:queue")
    page = browser.get(case_url(three[1], "semua")).content.decode()
    assert neighbours(page) == {"k": case_url(three[0], "semua"), "j": case_url(three[2], "semua")}
    assert f'href="{queue}?halaman=2&amp;tiket={three[1]}"' in page
    second = browser.get(queue, {"halaman": 2}).content.decode()
    assert re.findall(r'data-number="([^"]+)"\s+data-steps', second) == three[1:]


class TestSeveralPosts:
    """A step is taken in the post that gives it, whichever is chosen; and the menu offers the others."""

    @pytest.fixture
    def rudi(self, cast):
        other = cast.agency("KOMINFO").positions.get(code="officer")
        Holding.objects.create(user=cast.rudi, position=other, since=clock.today(), acting="plt")
        return cast.rudi

    @pytest.mark.parametrize("agency", ["PU", "KOMINFO"])
    def test_the_journal_names_the_post_of_the_agency_that_works_on_the_case(self, cast, rudi, agency):
        case, browser = cast.verified().case, client_of(rudi)
        chosen = cast.agency(agency).positions.get(code="officer")
        assert browser.post(reverse("choose_post", args=[chosen.id])).status_code == 302
        browser.post(
            reverse("iceta:step", args=[case.number, "note"]), {"body": "Besok", "audience": "inside"}
        )
        row = Row.objects.get(subject_id=case.id, verb="iceta.report.note")
        post = cast.agency("PU").positions.get(code="officer")
        assert (row.actor, row.codes["actor_agency"]) == (post_name(post), "PU")
        assert "actor_acting" not in row.codes

    def test_who_stands_in_is_journaled_as_such(self, cast, rudi):
        head = cast.agency("PU").positions.get(code="head")
        Holding.objects.filter(position=head).delete()
        Holding.objects.filter(user=rudi, position__agency__code="PU").update(position=head, acting="plt")
        case, browser = cast.verified().case, client_of(rudi)
        browser.post(
            reverse("iceta:step", args=[case.number, "note"]), {"body": "Besok", "audience": "inside"}
        )
        assert Row.objects.get(subject_id=case.id, verb="iceta.report.note").codes["actor_acting"] == "plt"
        page = browser.get(reverse("iceta:case", args=[case.number]), {"tab": "jurnal"}).content.decode()
        assert f"Plt {head.title_id}" in page
        browser.cookies["lang"] = "en"
        page = browser.get(reverse("iceta:case", args=[case.number]), {"tab": "jurnal"}).content.decode()
        assert f"Acting {head.title_en}" in page
        story = browser.get(reverse("iceta:case", args=[case.number])).content.decode()
        assert f"Acting {head.title_en} · " in story.split('<ol class="timeline')[1]
        assert "Plt" not in page

    def test_the_menu_switches_to_another_post(self, cast, rudi):
        browser = client_of(rudi)
        page = browser.get(reverse("iceta:queue")).content.decode()
        other = re.search(r'action="(/akun/jabatan/[^"]+)"', page)
        assert other
        assert page.count("Bertindak sebagai") == 1
        shown = browser.post(other[1], follow=True).content.decode()
        assert other[1] not in shown
        assert shown.count("Bertindak sebagai") == 1

    def test_a_number_is_opened_in_the_post_that_may(self, cast):
        case = cast.verified().case
        elsewhere = cast.agency("BAPPEDA").positions.create(
            code="officer9", title_id="Petugas", title_en="Officer", roles=["officer"]
        )
        Holding.objects.create(user=cast.sari, position=elsewhere, since=clock.today())
        browser = client_of(cast.sari)
        browser.post(reverse("choose_post", args=[elsewhere.id]))
        browser.post(reverse("iceta:verify_reporter", args=[case.number]), {"purpose": "ask"})
        coordinator = cast.agency("KOMINFO").positions.get(code="coordinator")
        assert Row.objects.get(verb="iceta.report.read").actor == post_name(coordinator)
