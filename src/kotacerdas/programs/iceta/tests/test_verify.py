"""The verifier's page: decisions, the next report, lost races, and who may open an anonymous caller."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from trials.cast import Cast, client_of

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.ui.marking import marked
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.models import Report
from kotacerdas.programs.iceta.verify import present
from kotacerdas.programs.iceta.verify.queries import undecided

pytestmark = pytest.mark.django_db
DESK = "/desk/iceta/verifikasi/"
NUMBER = "0812-3456-7890"


@pytest.fixture
def sari(cast: Cast) -> Client:
    return client_of(cast.sari)


def disposition(cast: Cast, case: Case, **changed: object) -> dict[str, object]:
    return {
        "step": "verify",
        "seen_version": case.version,
        "category": "jetty",
        "agency": str(cast.agency("PU").id),
        "report_class": "complaint",
        "urgency": "normal",
        "publish": "on",
        **changed,
    }


def state_of(case: Case) -> str:
    return Case.objects.get(id=case.id).state


def test_a_decision_assigns_and_opens_the_next_report(sari: Client, cast: Cast) -> None:
    first, second = cast.report().case, cast.report(phone="0813-1111-2222").case
    answer = sari.post(f"{DESK}{first.number}/putuskan/", disposition(cast, first, lain=second.number))
    assert answer.status_code == 302
    assert answer.url.endswith(f"tiket={second.number}")
    case = Case.objects.select_related("report", "lead_agency").get(id=first.id)
    assert (case.state, case.lead_agency.code, case.report.is_published) == ("assigned", "PU", True)
    assert (case.report.words_published, case.report.photos_published) == (False, False)


def test_a_decision_whose_answer_was_lost_is_answered_again_and_taken_once(sari: Client, cast: Cast) -> None:
    first, second = cast.report().case, cast.report(phone="0813-1111-2222").case
    given = disposition(cast, first, key="a-form-of-this-report", lain=second.number)
    answers = [sari.post(f"{DESK}{first.number}/putuskan/", given) for _time in range(2)]
    assert [(one.status_code, one.url.endswith(second.number)) for one in answers] == [(302, True)] * 2
    assert Row.objects.filter(subject_id=first.id, verb="iceta.report.verify").count() == 1
    changed = sari.post(f"{DESK}{first.number}/putuskan/", {**given, "urgency": "urgent"})
    assert changed.status_code == 409


def test_supporting_agencies_come_with_the_decision(sari: Client, cast: Cast) -> None:
    case = cast.report().case
    support = ["", str(cast.agency("BAPPEDA").id)]
    sari.post(f"{DESK}{case.number}/putuskan/", disposition(cast, case, supporting=support))
    open_roles = case.assignments.filter(is_open=True).values_list("role", "agency__code")
    assert set(open_roles) == {("lead", "PU"), ("support", "BAPPEDA")}


def test_a_lost_race_is_said_in_place_and_keeps_what_was_typed(sari: Client, cast: Cast) -> None:
    case = cast.report().case
    actions.report_note(actor=staff(cast.sari), case=case, body="Sudah ditelepon")
    bappeda = str(cast.agency("BAPPEDA").id)
    answer = sari.post(
        f"{DESK}{case.number}/putuskan/", disposition(cast, case, seen_version=1, agency=bappeda)
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'role="alert"' in page
    assert f'<option value="{bappeda}" selected>' in page
    assert state_of(case) == "received"
    now = Case.objects.get(id=case.id).version
    assert f'name="seen_version" value="{now}"' in page


def test_a_report_decided_elsewhere_says_what_it_is_now(sari: Client, cast: Cast) -> None:
    case = cast.verified().case
    answer = sari.post(f"{DESK}{case.number}/putuskan/", disposition(cast, case))
    assert answer.status_code == 409
    assert 'data-key="v"' not in answer.content.decode()


def test_postponing_needs_a_date_and_a_reason_and_happens_once(sari: Client, cast: Cast) -> None:
    case = cast.report().case
    address = f"{DESK}{case.number}/putuskan/"
    far, near = clock.today() + timedelta(days=40), clock.today() + timedelta(days=7)
    assert sari.post(address, {"step": "postpone", "until": near}).status_code == 422
    assert sari.post(address, {"step": "postpone", "until": far, "reason": "Menunggu"}).status_code == 422
    kept = sari.post(address, {"step": "postpone", "until": far, "reason": "Menunggu data"})
    assert "Menunggu data" in kept.content.decode()
    assert state_of(case) == "received"
    done = sari.post(address, {"step": "postpone", "until": near, "reason": "Menunggu data"})
    assert done.status_code == 302
    assert state_of(case) == "postponed"
    page = sari.get(f"{DESK}?tiket={case.number}").content.decode()
    assert "langkah=postpone" not in page


@pytest.mark.parametrize(("step", "state"), [("archive", "archived"), ("not_ours", "not_ours")])
def test_ending_a_report_needs_a_reason(sari: Client, cast: Cast, step: str, state: str) -> None:
    case = cast.report().case
    address = f"{DESK}{case.number}/putuskan/"
    assert sari.post(address, {"step": step}).status_code == 422
    assert state_of(case) == "received"
    sari.post(address, {"step": step, "reason": "Bukan urusan kabupaten"})
    assert state_of(case) == state


def test_merging_lets_the_reporter_follow_the_other(sari: Client, cast: Cast) -> None:
    place = {"lat": -8.5, "lng": 120.5}
    kept = cast.report(**place).case
    case = cast.report(phone="0813-1111-2222", **place).case
    page = sari.get(f"{DESK}?tiket={case.number}").content.decode()
    assert f'name="into" value="{kept.number}"' in page
    answer = sari.post(f"{DESK}{case.number}/putuskan/", {"step": "merge", "into": kept.number})
    assert answer.status_code == 302
    assert state_of(case) == "merged"
    assert kept.parties.count() == 2


def test_a_flagged_twin_is_asked_about_before_a_report_is_handed_over(sari: Client, cast: Cast) -> None:
    words = "Jembatan di depan balai desa ambles, motor tidak bisa lewat"
    kept = cast.report(words=words).case
    case = cast.report(words=f"Tolong, {words.lower()}", phone="0813-1111-2222", lat=-8.5, lng=120.5).case
    address, given = f"{DESK}{case.number}/putuskan/", disposition(cast, case, key="first", urgency="urgent")
    asked = sari.post(address, given)
    page = asked.content.decode()
    assert (asked.status_code, state_of(case)) == (409, "received")
    assert f'name="lain" value="{kept.number}"' in page
    assert 'id="haste-urgent" name="urgency" value="urgent" checked' in page
    assert sari.post(address, {**given, "key": "second", "lain": kept.number}).status_code == 302
    assert state_of(case) == "assigned"


def test_the_list_counts_what_is_alike_in_the_village_where_one_has_no_position(cast: Cast) -> None:
    words = "Jembatan di depan balai desa ambles, motor tidak bisa lewat"
    cast.report(words=words)
    cast.report(words=words, phone="0813-1111-2222", lat=-8.5, lng=120.5)
    cast.report(words=words, phone="0813-1111-3333", area_code="99.01.01.2002")
    cast.report(words="Lampu jalan padam sejak kemarin malam", phone="0813-1111-4444")
    counts = sorted(one.alike for one in undecided(staff(cast.sari).grants))
    assert counts == [0, 0, 1, 1]


@pytest.mark.parametrize("rough", [(), (0,), (1,), (0, 1)])
def test_a_rough_position_is_counted_in_the_list_as_the_page_offers_it(cast: Cast, rough) -> None:
    """Of two at one point: as of the village by their words, where one is too rough to tell it."""
    words = "Jembatan di depan balai desa ambles, motor tidak bisa lewat"
    for text, expected in ((words, 1), ("Lampu jalan padam sejak kemarin malam", 0 if rough else 1)):
        Case.objects.filter(report__isnull=False).update(state="archived")
        first = cast.report(words=words, lat=-8.5, lng=120.5, is_anonymous=True).case
        second = cast.report(words=text, lat=-8.5, lng=120.5, is_anonymous=True).case
        for one in rough:
            Report.objects.filter(case=(first, second)[one]).update(accuracy_m=50_000)
        for one in undecided(staff(cast.sari).grants):
            offered = present.twins(staff(cast.sari).grants, one, "")
            assert (one.alike, sum(twin.is_strong for twin in offered)) == (expected, expected)


def test_the_list_counts_near_reports_of_the_same_matter(cast: Cast) -> None:
    place = {"lat": -8.5, "lng": 120.5}
    cast.report(**place)
    cast.report(phone="0813-1111-2222", **place)
    cast.report(phone="0813-1111-3333", lat=-8.6, lng=120.6)
    counts = sorted(one.alike for one in undecided(staff(cast.sari).grants))
    assert counts == [0, 1, 1]


def test_a_returned_report_says_who_returned_it_and_is_handed_over_again(sari: Client, cast: Cast) -> None:
    case = cast.verified().case
    actions.report_return(actor=staff(cast.rudi), case=case, reason="Bukan wilayah kami")
    page = sari.get(f"{DESK}?tiket={case.number}").content.decode()
    assert "Bukan wilayah kami" in page
    assert "Rudi" in page
    again = Case.objects.get(id=case.id)
    sari.post(
        f"{DESK}{case.number}/putuskan/",
        disposition(cast, again, step="assign", agency=str(cast.agency("BAPPEDA").id)),
    )
    assert Case.objects.get(id=case.id).lead_agency == cast.agency("BAPPEDA")


def test_an_emergency_is_suggested_but_not_preselected(cast: Cast) -> None:
    case = cast.report(words="Ada longsor di belakang sekolah kami").case
    case = undecided(staff(cast.sari).grants).get(id=case.id)
    seen = present.suggested(case)
    assert "landslide" in [offer.category.code for offer in seen.offers]
    assert seen.chosen is None


def test_a_report_raised_to_an_emergency_gets_the_emergency_clocks(sari: Client, cast: Cast) -> None:
    case = cast.report().case
    sari.post(f"{DESK}{case.number}/putuskan/", disposition(cast, case, urgency="emergency"))
    live = set(case.clocks.filter(state="running").values_list("name", flat=True))
    assert {"handover", "arrive"} <= live
    assert not live & {"respond", "resolve"}


def test_the_words_preselect_what_they_plainly_say(cast: Cast) -> None:
    case = undecided(staff(cast.sari).grants).get(id=cast.report().case.id)
    seen = present.suggested(case)
    assert seen.chosen == categories()["jetty"]
    assert "<mark>dermaga</mark>" in marked(case.report.words, seen.words)


def test_marking_never_lets_markup_through() -> None:
    text = marked("<b>dermaga</b> & tambatan", ["dermaga"])
    assert text == "&lt;b&gt;<mark>dermaga</mark>&lt;/b&gt; &amp; tambatan"


def test_the_category_refills_agency_and_promise(sari: Client, cast: Cast) -> None:
    case = cast.report().case
    given = {"category": "landslide", "filled_for": "jetty", "urgency": "normal", "report_class": "complaint"}
    page = sari.get(f"{DESK}{case.number}/usulan/", given).content.decode()
    assert f'<option value="{cast.agency("PU").id}" selected>' in page
    assert 'name="filled_for" value="landslide"' in page


def anonymous_call(cast: Cast) -> Case:
    draft = actions.Draft(
        words="Petugas dermaga meminta uang tambahan",
        category=cast.category(),
        channel="phone",
        area_code="99.01.01.2001",
        phone=NUMBER,
        name="Wati",
        is_anonymous=True,
    )
    return actions.call_report(actor=staff(cast.dewi), desk=cast.agency("KOMINFO"), draft=draft).case


def test_an_anonymous_identity_opens_for_a_purpose_only_and_is_journaled(sari: Client, cast: Cast) -> None:
    case = anonymous_call(cast)
    page = sari.get(f"{DESK}?tiket={case.number}").content.decode()
    assert "Wati" not in page
    assert "7890" not in page
    refused = sari.post(f"{DESK}{case.number}/pelapor/", {"purpose": ""})
    assert refused.status_code == 422
    assert "Wati" not in refused.content.decode()
    assert not Row.objects.filter(verb="iceta.report.read").exists()
    opened = sari.post(f"{DESK}{case.number}/pelapor/", {"purpose": "ask"}).content.decode()
    assert "Wati" in opened
    assert NUMBER in opened
    row = Row.objects.get(verb="iceta.report.read", subject_id=case.id)
    assert (row.codes["purpose"], row.codes["field"]) == ("ask", "anonymous_identity")
    assert "Wati" not in sari.get(f"{DESK}?tiket={case.number}").content.decode()


def test_strangers_officers_and_phone_agents_find_no_verification(cast: Cast) -> None:
    case = cast.report().case
    assert Client().get(DESK).status_code == 302
    for user in (cast.asep, cast.rudi, cast.dewi):
        client = client_of(user)
        assert client.get(DESK).status_code == 404
        assert client.get(f"{DESK}{case.number}/usulan/").status_code == 404
        assert client.post(f"{DESK}{case.number}/putuskan/", {"step": "archive"}).status_code == 404
        assert client.post(f"{DESK}{case.number}/pelapor/", {"purpose": "ask"}).status_code == 404
    assert state_of(case) == "received"


def test_an_empty_list_says_so(sari: Client) -> None:
    assert 'class="nothing' in sari.get(DESK).content.decode()
    assert sari.get(f"{DESK}?tiket=TML-2026-999999-9").status_code == 404


def test_what_is_alike_but_of_another_village_is_not_offered_for_merging(cast: Cast, sari: Client) -> None:
    far = cast.report(area_code="99.01.01.2002").case
    same = cast.report().case
    case = cast.report().case
    page = sari.get(f"{DESK}?tiket={case.number}").content.decode()
    assert f'name="into" value="{same.number}"' in page
    assert far.number not in page.split('id="twins-title"')[1]


def test_an_emergency_that_the_reporter_chose_stands_chosen(cast: Cast) -> None:
    case = cast.report(category=cast.category("landslide"), words="Tolong segera datang ke sini, bahaya").case
    chosen = present.suggested(case).chosen
    assert chosen is not None
    assert chosen.code == "landslide"


def test_after_a_decision_an_emergency_is_opened_before_the_next_report(cast: Cast, sari: Client) -> None:
    first, second = cast.report().case, cast.report().case
    urgent = cast.report(category=cast.category("landslide")).case
    answer = sari.post(f"{DESK}{second.number}/putuskan/", {"step": "archive", "reason": "Tidak jelas"})
    assert urgent.number in answer["Location"]
    assert first.number not in answer["Location"]


@pytest.mark.parametrize("code", ["jetty", "question"])
def test_where_no_word_decides_the_reporters_own_kind_stands_chosen(
    cast: Cast, sari: Client, code: str
) -> None:
    case = cast.report(category=cast.category(code), words="Mohon ditinjau, terima kasih").case
    chosen = present.suggested(case).chosen
    assert chosen is not None
    assert chosen.code == code
    page = sari.get(f"{DESK}?tiket={case.number}").content.decode()
    assert f'name="filled_for" value="{code}"' in page


def test_words_that_plainly_say_another_kind_go_before_the_reporters_own(cast: Cast) -> None:
    case = cast.report(category=cast.category("question")).case
    assert present.suggested(case).chosen == categories()["jetty"]


def test_a_secret_report_is_marked_in_the_list(cast: Cast, sari: Client) -> None:
    cast.report()
    assert ">rahasia<" not in listed(sari)
    cast.report(is_secret=True)
    assert "rahasia</span>" in listed(sari)


def listed(client: Client) -> str:
    page = client.get(DESK).content.decode()
    return page[page.index('id="verify-list"') : page.index("</aside>")]
