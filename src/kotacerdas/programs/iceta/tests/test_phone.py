"""The phone desk: what a call stores, what it does not, and what a desk may know of a caller."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from trials.cast import Cast, client_of, seat

from kotacerdas.foundation.calls import queries
from kotacerdas.foundation.calls.actions import call_note, call_reveal
from kotacerdas.foundation.calls.models import Call
from kotacerdas.foundation.cases.clocks import policy_on
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import Person, Position, User
from kotacerdas.foundation.territory.models import Place
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Refused
from kotacerdas.programs.iceta.models import Report

pytestmark = pytest.mark.django_db
DESK = "/desk/telepon/"
ASKED = "/desk/iceta/telepon/"  # what the form of a report asks for while one types
NUMBER = "0812-3456-7890"
VILLAGE = "99.01.01.2001"


@pytest.fixture
def dewi(cast: Cast) -> Client:
    return client_of(cast.dewi)


@pytest.fixture
def agent_of_pu(cast: Cast) -> User:
    """Somebody who takes calls at PU's own desk."""
    Position.objects.get_or_create(
        agency=cast.agency("PU"),
        code="phone_agent",
        defaults={"title_id": "Petugas Telepon", "title_en": "Phone Agent", "roles": ["phone_agent"]},
    )
    return seat("agen-pu", "PU", "phone_agent")


def call(**changed: str) -> dict[str, str]:
    """The form as a browser sends it."""
    given = {
        "phone": NUMBER,
        "words": "Papan dermaga patah, anak hampir jatuh",
        "category": "jetty",
        "place": f"area:{VILLAGE}",
        "place_text": "",
        "name": "Wati",
        "urgency": "",
        "seconds": "42",
        "key": str(ids.new_id()),
    }
    return {name: value for name, value in {**given, **changed}.items() if value}


def stored(client: Client, **changed: str) -> Case:
    answer = client.post(DESK, call(**changed))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Case.objects.select_related("report", "lead_agency").get(number=answer.url.split("/")[-2])


def test_a_call_becomes_a_report_and_a_call_at_once(dewi: Client, cast: Cast) -> None:
    case = stored(dewi)
    told = Call.objects.get(case=case)
    assert (case.channel, told.outcome, told.seconds) == ("phone", "case", 42)
    assert told.agency == cast.agency("KOMINFO")
    assert case.state == "received"
    page = dewi.get(f"{DESK}tersimpan/{case.number}/")
    assert case.number in page.content.decode()


def test_sending_twice_stores_one_report_and_one_call(dewi: Client) -> None:
    key = str(ids.new_id())
    assert stored(dewi, key=key).id == stored(dewi, key=key).id
    assert (Report.objects.count(), Call.objects.count()) == (1, 1)


def test_the_same_call_with_other_words_is_said_not_stored_and_nothing_typed_is_lost(dewi: Client) -> None:
    key = str(ids.new_id())
    stored(dewi, key=key)
    again = dewi.post(DESK, call(key=key, words="Papan dermaga patah di dua tempat"))
    page = again.content.decode()
    assert (again.status_code, "Papan dermaga patah di dua tempat" in page) == (409, True)
    assert "Ini sudah terkirim" in page
    assert Report.objects.count() == 1


def test_a_page_that_was_open_at_the_address_of_before_still_stores_its_call(dewi: Client) -> None:
    answer = dewi.post("/desk/iceta/telepon/", call())
    assert answer.status_code == 302
    assert Report.objects.count() == Call.objects.count() == 1
    assert dewi.get("/desk/iceta/telepon/?nomor=081234567890").status_code == 200


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(dewi: Client) -> None:
    answer = dewi.post(DESK, call(phone="12", words="Pendek", place=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("field-error") >= 2
    assert re.search(r'id="phone"[^>]*aria-invalid', page, re.DOTALL)
    assert "Pendek" in page
    assert not Case.objects.exists()
    assert not Call.objects.exists()


def test_an_emergency_goes_to_the_agency_from_any_desk(dewi: Client) -> None:
    case = stored(dewi, category="landslide", words="Tanah bergerak di belakang rumah kami")
    assert (case.state, case.lead_agency.code) == ("assigned", "PU")
    assert case.report.verified_at is not None


def test_an_own_desk_assigns_its_own_matter_and_hands_on_the_rest(cast: Cast, agent_of_pu: User) -> None:
    client = client_of(agent_of_pu)
    own, other = stored(client), stored(client, category="question", words="Kapan jadwal kapal besok pagi?")
    assert (own.state, own.lead_agency.code) == ("assigned", "PU")
    assert (other.state, other.lead_agency.code) == ("received", "KOMINFO")
    assert {own.report.desk_agency.code, other.report.desk_agency.code} == {"PU"}


def test_a_prank_is_counted_and_stores_no_report(dewi: Client) -> None:
    answer = dewi.post(f"{DESK}catat/", {"outcome": "prank", "phone": NUMBER, "seconds": "9"})
    assert answer.status_code == 302
    told = Call.objects.get()
    assert (told.outcome, told.case, told.seconds) == ("prank", None, 9)
    assert not Report.objects.exists()
    row = Row.objects.get(verb="calls.call.prank")
    assert row.subject_id == told.id
    assert "3456" not in f"{row.codes}{row.payload}{row.actor}"


def test_a_wrong_number_of_a_prank_answers_with_the_desk_as_it_was_typed(dewi: Client) -> None:
    answer = dewi.post(f"{DESK}catat/", {**call(phone="12"), "outcome": "prank", "sure": "story"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'id="phone"[^>]*value="12"[^>]*aria-invalid', page, re.DOTALL)
    assert page.count('class="field-error"') == 2  # at the number, and below
    assert "Papan dermaga patah" in page
    assert 'name="name" value="Wati"' in page
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("typed", "asked"),
    [({"phone": NUMBER, "words": "Ada ular"}, "story"), ({"words": "Ada ular"}, "story"), ({}, "number")],
)
def test_a_prank_that_would_lose_something_is_asked_about_first(
    dewi: Client, typed: dict[str, str], asked: str
) -> None:
    given = {"outcome": "prank", **typed}
    answer = dewi.post(f"{DESK}catat/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'data-asks="{asked}">', page)
    assert f'name="sure" value="{asked}"' in page
    assert typed.get("words", "") in page
    assert not Call.objects.exists()
    assert dewi.post(f"{DESK}catat/", {**given, "sure": asked}).status_code == 302
    assert Call.objects.get().outcome == "prank"


def test_a_note_sent_twice_is_one_call(dewi: Client) -> None:
    given = {"outcome": "prank", "phone": NUMBER, "key": str(ids.new_id())}
    for _time in range(2):
        assert dewi.post(f"{DESK}catat/", given).status_code == 302
    assert Call.objects.count() == Row.objects.filter(verb="calls.call.prank").count() == 1
    assert dewi.post(f"{DESK}catat/", {**given, "outcome": "missed"}).status_code == 409


@pytest.mark.parametrize("outcome", ["advice", "missed"])
def test_no_story_is_discarded_without_asking(dewi: Client, outcome: str) -> None:
    given = {"outcome": outcome, "words": "Ada ular"}
    answer = dewi.post(f"{DESK}catat/", given)
    assert answer.status_code == 422
    assert "Ada ular" in answer.content.decode()
    assert not Call.objects.exists()
    assert dewi.post(f"{DESK}catat/", {**given, "sure": "story"}).status_code == 302
    assert Call.objects.get().outcome == outcome


def test_the_address_of_a_note_loaded_again_is_the_desk(dewi: Client) -> None:
    assert dewi.get(f"{DESK}catat/").url == DESK


def test_the_next_desk_page_names_the_calls_that_are_done(dewi: Client) -> None:
    filed, noted = str(ids.new_id()), str(ids.new_id())
    stored(dewi, key=filed)
    dewi.post(f"{DESK}catat/", {"outcome": "missed", "phone": NUMBER, "key": noted})
    assert f'data-done="{noted} {filed}"' in dewi.get(DESK).content.decode()


def test_the_number_of_a_call_is_sealed_and_listed_masked(dewi: Client) -> None:
    stored(dewi)
    assert "3456" not in Call.objects.get().phone_sealed
    page = dewi.get(DESK).content.decode()
    assert "0812-••••-7890" in page
    assert "3456-7890" not in page


def test_the_caller_appears_from_the_eighth_digit(dewi: Client) -> None:
    stored(dewi)
    short = dewi.post(f"{DESK}penelepon/", {"phone": "0812345"}).content.decode()
    full = dewi.post(f"{DESK}penelepon/", {"phone": "0812 3456 7890"}).content.decode()
    assert "Wati" not in short
    assert "Wati" in full
    assert f'name="near" value="{VILLAGE}"' in full
    popped = dewi.get(f"{DESK}?nomor=081234567890").content.decode()
    assert "Wati" in popped


def test_pranks_of_a_number_are_counted_among_its_calls(dewi: Client, cast: Cast) -> None:
    stored(dewi)
    for outcome in ("prank", "prank", "missed"):
        dewi.post(f"{DESK}catat/", {"outcome": outcome, "phone": NUMBER})
    known = queries.caller_of(staff(cast.dewi).grants, NUMBER)
    assert known is not None
    assert (known.calls, known.pranks) == (3, 2)


def test_earlier_reports_are_those_the_desk_may_see(cast: Cast, agent_of_pu: User) -> None:
    """Of a report that others have a desk learns number, kind, village and state, and never who sent it."""
    other = cast.report(category=cast.category("wish"), words="Usul kami: tambah lampu di dermaga")
    for user in (agent_of_pu, cast.dewi):
        known = queries.caller_of(staff(user).grants, NUMBER)
        assert known is not None
        assert (known.name, known.village, known.calls) == ("", None, 0)
        line = known.shown[0]
        assert (line["number"], line["is_own"]) == (other.case.number, False)
        assert set(line) == {"number", "url", "title", "tag", "opened_at", "village", "is_own"}


class TestWhatOthersHave:
    """Words, names and numbers of other agencies' reports never reach a phone desk."""

    WORDS = "Kepala dinas minta uang, jangan sebut nama saya"

    @pytest.fixture
    def theirs(self, cast: Cast) -> str:
        filed = cast.verified(words=self.WORDS, phone="0813-0000-2244", name="Tini", is_secret=True)
        return filed.case.number

    def test_the_case_and_all_that_hangs_on_it_is_not_there(self, cast, theirs, agent_of_pu):
        for user in (cast.dewi, cast.officer_of("KOMINFO", "head")):
            client = client_of(user)
            for name in ("case", "print", "evidence"):
                assert client.get(reverse(f"iceta:{name}", args=[theirs])).status_code == 404

    def test_search_finds_its_line_by_number_and_nothing_by_words(self, dewi, theirs):
        by_number = dewi.get(reverse("iceta:search"), {"q": theirs}).content.decode()
        assert "Dermaga rusak" in by_number
        assert "Desa Karang Putih" in by_number
        by_words = dewi.get(reverse("iceta:search"), {"q": "minta uang"}).content.decode()
        assert theirs not in by_words
        for page in (by_number, by_words, dewi.get(reverse("iceta:agency")).content.decode()):
            for hidden in (self.WORDS, "Tini", "2244"):
                assert hidden not in page

    def test_what_it_took_itself_it_goes_on_reading(self, dewi):
        case = stored(dewi)
        assert dewi.get(reverse("iceta:case", args=[case.number])).status_code == 200


def test_what_was_told_anonymously_does_not_come_back_with_the_number(dewi: Client, cast: Cast) -> None:
    case = stored(dewi, is_anonymous="on")
    assert case.parties.get().person is not None  # sealed at the coordinating desk
    known = queries.caller_of(staff(cast.dewi).grants, NUMBER)
    assert known is not None
    assert (known.name, list(known.earlier), known.village) == ("", [], None)
    assert "0812-••••-7890" not in dewi.get(DESK).content.decode()


def test_an_own_desk_keeps_nothing_of_an_anonymous_caller(cast: Cast, agent_of_pu: User) -> None:
    case = stored(client_of(agent_of_pu), is_anonymous="on")
    told = Call.objects.get(case=case)
    assert case.parties.get().person is None
    assert (told.phone_index, told.phone_sealed) == ("", "")
    assert not Person.objects.exists()


def test_a_place_as_it_was_typed_is_kept_and_found_again(dewi: Client) -> None:
    case = stored(dewi, place_text="warung Bu Siti dekat tambatan")
    assert case.report.place_words == "warung Bu Siti dekat tambatan"
    place = Place.objects.get(kind="typed")
    found = dewi.post(f"{ASKED}tempat/", {"place_text": "warung bu siti"}).content.decode()
    assert f"place:{place.id}" in found


@pytest.mark.parametrize("asked", ["karang putih", "Ds. Karangputih"])
def test_a_village_of_exactly_that_name_comes_before_what_bears_it(dewi: Client, asked: str) -> None:
    Place.objects.create(
        kind="landmark",
        name="Puskesmas Karang Putih",
        name_key="puskesmas karang putih",
        lat=-1.17,
        lng=122.49,
    )
    found = dewi.post(f"{ASKED}tempat/", {"place_text": asked, "near": VILLAGE}).content.decode()
    assert re.findall(r'name="place" value="(\w+):', found)[0] == "area"
    within = dewi.post(f"{ASKED}tempat/", {"place_text": "puskesmas", "near": VILLAGE}).content.decode()
    assert re.findall(r'name="place" value="(\w+):', within)[0] == "place"


@pytest.mark.parametrize("private", ["is_secret", "is_anonymous"])
def test_a_place_of_a_secret_or_anonymous_report_is_not_kept(dewi: Client, private: str) -> None:
    stored(dewi, place_text="warung Bu Siti dekat tambatan", **{private: "on"})
    assert not Place.objects.filter(kind="typed").exists()


@pytest.mark.parametrize("path", ["penelepon/", "jenis/", "tempat/", "akibat/"])
def test_number_name_and_story_never_stand_in_an_address(dewi: Client, cast: Cast, path: str) -> None:
    assert dewi.get(ASKED + path).status_code == 405
    assert dewi.post(ASKED + path).status_code == 200
    assert client_of(cast.rudi).post(ASKED + path).status_code == 404
    page = dewi.get(DESK).content.decode()
    assert "hx-get" not in page[page.index('id="call"') : page.index("</form>", page.index('id="call"'))]


def test_the_shift_counts_calls_and_who_must_be_called_back(dewi: Client, cast: Cast) -> None:
    stored(dewi)
    stored(dewi, category="landslide", seconds="20")
    for outcome in ("prank", "missed", "abandoned", "advice"):
        dewi.post(f"{DESK}catat/", {"outcome": outcome, "phone": "0857-1111-2222"})
    desk = cast.agency("KOMINFO")
    seen = queries.shift(staff(cast.dewi).grants, desk, queries.day_start())
    assert (seen.calls, seen.stored, seen.advice) == (6, 2, 1)
    assert (seen.pranks, seen.missed, seen.abandoned) == (1, 1, 1)
    assert seen.calls == len(queries.calls_between(desk, seen.since, clock.now()))
    assert (seen.emergencies, seen.seconds) == (1, 31)
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        dewi.post(f"{DESK}catat/", {"outcome": "missed", "phone": "0857-3333-4444"})
        assert queries.to_call_back(desk) >= 1
    assert "<h1" in dewi.get(f"{DESK}regu/").content.decode()


def test_a_missed_caller_spoken_to_later_need_not_be_called_back(cast: Cast) -> None:
    actor, desk = staff(cast.dewi), cast.agency("KOMINFO")
    call_note(actor=actor, desk=desk, outcome="missed", phone=NUMBER)
    assert queries.to_call_back(desk) == 1
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        call_note(actor=actor, desk=desk, outcome="advice", phone=NUMBER)
        assert queries.to_call_back(desk) == 0


def missed(cast: Cast, desk: str = "KOMINFO", phone: str = NUMBER, outcome: str = "missed") -> Call:
    """A call that nobody took, at a desk of the agency."""
    user = cast.dewi if desk == "KOMINFO" else User.objects.get(username="agen-pu")
    return call_note(actor=staff(user), desk=cast.agency(desk), outcome=outcome, phone=phone)


@pytest.mark.parametrize("outcome", ["missed", "abandoned"])
def test_a_call_that_waits_is_called_back_from_the_list(dewi: Client, cast: Cast, outcome: str) -> None:
    waiting = missed(cast, outcome=outcome)
    assert f'value="{waiting.id}">Telepon balik' in dewi.get(DESK).content.decode()
    answer = dewi.post(f"{DESK}balik/", {"call": waiting.id})
    assert (answer.status_code, answer.url) == (302, DESK)
    assert "3456" not in str(dict(dewi.session))
    assert f'value="{NUMBER}"' not in dewi.get(DESK, headers={"X-Live": "1"}).content.decode()
    assert re.search(rf'id="phone"[^>]*value="{NUMBER}"', dewi.get(DESK).content.decode(), re.DOTALL)
    assert NUMBER not in dewi.get(DESK).content.decode()  # for one page
    row = Row.objects.get(verb="calls.call.reveal")
    assert (row.subject_id, row.actor) == (waiting.id, staff(cast.dewi).code)
    assert "3456" not in f"{row.codes}{row.payload}{row.measures}"


def test_the_number_is_read_only_by_the_post_that_opened_it(cast: Cast, agent_of_pu: User) -> None:
    waiting, desk = missed(cast), cast.agency("KOMINFO")
    assert queries.number_of(staff(cast.dewi), desk, str(waiting.id)) == ""
    call_reveal(actor=staff(cast.dewi), desk=desk, call_id=waiting.id)
    assert queries.number_of(staff(cast.dewi), desk, str(waiting.id)) == NUMBER
    assert queries.number_of(staff(agent_of_pu), desk, str(waiting.id)) == ""


def test_a_caller_spoken_to_since_waits_no_longer(dewi: Client, cast: Cast) -> None:
    waiting = missed(cast)
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        stored(dewi)
        assert "Telepon balik" not in dewi.get(DESK).content.decode()
        assert dewi.post(f"{DESK}balik/", {"call": waiting.id}).status_code == 409
    assert not Row.objects.filter(verb="calls.call.reveal").exists()


def test_only_calls_of_ones_own_desk_that_nobody_took_are_called_back(
    dewi: Client, cast: Cast, agent_of_pu: User
) -> None:
    case = stored(dewi, is_anonymous="on")
    unknown = missed(cast, phone="")
    for call_id in (missed(cast, "PU").id, unknown.id, Call.objects.get(case=case).id, ids.new_id()):
        assert dewi.post(f"{DESK}balik/", {"call": call_id}).status_code == 404
    assert dewi.post(f"{DESK}balik/", {"call": "bukan"}).status_code == 422
    assert client_of(cast.rudi).post(f"{DESK}balik/", {"call": missed(cast).id}).status_code == 404
    assert not Row.objects.filter(verb="calls.call.reveal").exists()


def test_a_call_that_waits_stays_on_the_list_and_the_sheet_has_no_button(dewi: Client, cast: Cast) -> None:
    waiting = missed(cast)
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        for _time in range(queries.RECENT + 1):
            missed(cast, phone="0857-1111-2222", outcome="prank")
        listed = queries.recent(cast.agency("KOMINFO"), queries.day_start())
        assert [told.call.id for told in listed if told.waits] == [waiting.id]
        sheet = dewi.get(f"{DESK}regu/").content.decode()
    assert "perlu ditelepon balik" in sheet
    assert "<button" not in sheet[sheet.index("<table") : sheet.index("</table")]


def test_calls_of_another_desk_are_not_counted_here(cast: Cast, agent_of_pu: User) -> None:
    call_note(actor=staff(cast.dewi), desk=cast.agency("KOMINFO"), outcome="prank", phone=NUMBER)
    known = queries.caller_of(staff(agent_of_pu).grants, NUMBER)
    assert known is not None
    assert (known.calls, known.pranks) == (0, 0)


def test_a_call_is_noted_at_ones_own_desk_only(cast: Cast) -> None:
    with pytest.raises(Refused):
        call_note(actor=staff(cast.dewi), desk=cast.agency("PU"), outcome="prank")
    with pytest.raises(LookupError):
        call_note(actor=staff(cast.dewi), desk=cast.agency("KOMINFO"), outcome="case")


def test_what_sending_does_is_said_before(dewi: Client) -> None:
    usual = dewi.post(
        f"{ASKED}akibat/", {"category": "jetty", "phone": NUMBER, "name": "Wati"}
    ).content.decode()
    urgent = dewi.post(f"{ASKED}akibat/", {"category": "landslide"}).content.decode()
    assert "Kominfo" in usual
    assert "PU" in urgent
    assert f"{policy_on('emergency.handover', clock.now()).budget} menit" in urgent


def test_the_emergency_panel_names_an_agency_for_an_emergency_only(dewi: Client) -> None:
    def panel(**given: str) -> str:
        return dewi.post(f"{ASKED}akibat/", given).content.decode().split('id="emergency"')[1]

    assert "call-agency" not in panel(category="jetty")
    assert "call-agency" in panel(category="landslide")
    assert "call-agency" in panel(category="jetty", urgency="emergency")
    assert "Dinas yang tepat muncul di sini setelah jenisnya dipilih." in panel(urgency="emergency")


def test_without_a_number_the_agent_reads_the_ticket_number_out(dewi: Client) -> None:
    page = dewi.post(f"{ASKED}akibat/", {"category": "jetty", "name": "Wati Uji"}).content.decode()
    assert "Tanpa nomor HP tidak ada pesan: bacakan nomor tiketnya." in page


@pytest.mark.parametrize("path", ["", "regu/", "tersimpan/TML-2026-000001-1/"])
def test_strangers_and_officers_find_no_phone_desk(cast: Cast, path: str) -> None:
    assert Client().get(DESK + path).status_code == 302
    for user in (cast.asep, cast.rudi, cast.sari):
        assert client_of(user).get(DESK + path).status_code == 404
    assert client_of(cast.rudi).post(f"{DESK}catat/", {"outcome": "prank"}).status_code == 404
    assert client_of(cast.rudi).post(DESK, call()).status_code == 404


def test_a_desk_does_not_open_another_agencys_report_by_number(cast: Cast, agent_of_pu: User) -> None:
    other = cast.report(category=cast.category("wish"), words="Usul kami: tambah lampu di dermaga")
    answer = client_of(agent_of_pu).get(f"{DESK}tersimpan/{other.case.number}/")
    assert answer.status_code == 404
