"""Calls that broke off are gone on with, and an emergency is helped by its kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from trials.cast import client_of

from kotacerdas.foundation.calls import queries
from kotacerdas.foundation.calls.actions import forget_stories
from kotacerdas.foundation.calls.models import Call
from kotacerdas.kernel import clock
from kotacerdas.kernel.regency import EmergencyInstead, regency
from kotacerdas.programs.iceta import rules
from kotacerdas.programs.iceta.categories import forget_categories
from kotacerdas.programs.iceta.models import Category
from kotacerdas.programs.iceta.tests.test_phone import ASKED, DESK, NUMBER, agent_of_pu, dewi, stored

__all__ = ["agent_of_pu", "dewi"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


class TestBrokenCalls:
    """Who hangs up in the middle of their story, or did not get through, is gone on with."""

    def hang_up(self, dewi: Client, **given: str) -> Call:
        call = {"outcome": "abandoned", "phone": NUMBER, "words": "Ada ular di dapur, warnanya", **given}
        assert dewi.post(f"{DESK}catat/", call).status_code == 302
        return Call.objects.latest("began_at")

    def test_the_story_is_kept_sealed_and_comes_back_with_the_call(self, dewi):
        call = self.hang_up(dewi)
        assert "ular" not in call.story_sealed
        page = dewi.get(DESK).content.decode()
        assert "cerita tersimpan" in page
        assert "ular" not in page
        dewi.post(f"{DESK}balik/", {"call": call.id})
        page = dewi.get(DESK).content.decode()
        assert "Ada ular di dapur" in page
        assert f'name="resumed" value="{call.id}"' in page

    def test_a_caller_without_a_number_who_told_something_is_gone_on_with_too(self, dewi, cast):
        call = self.hang_up(dewi, phone="")
        assert queries.to_call_back(cast.agency("KOMINFO")) == 1
        dewi.post(f"{DESK}balik/", {"call": call.id})
        assert "Ada ular di dapur" in dewi.get(DESK).content.decode()
        stored(dewi, resumed=str(call.id))
        call.refresh_from_db()
        assert call.story_sealed == ""
        assert queries.to_call_back(cast.agency("KOMINFO")) == 0

    def test_the_story_goes_once_the_caller_was_spoken_to_and_after_a_week(self, dewi):
        spoken, old = self.hang_up(dewi), self.hang_up(dewi, phone="0813-0000-1111")
        with clock.frozen(clock.now() + timedelta(minutes=5)):
            stored(dewi)
            forget_stories()
        spoken.refresh_from_db()
        assert spoken.story_sealed == ""
        with clock.frozen(clock.now() + timedelta(days=8)):
            forget_stories()
        old.refresh_from_db()
        assert old.story_sealed == ""

    def test_midnight_ends_nobodys_waiting(self, dewi, cast):
        call = self.hang_up(dewi, words="")
        with clock.frozen(clock.now() + timedelta(days=1)):
            dewi = client_of(cast.dewi)  # signed in today
            assert f"back-{call.id}" in dewi.get(DESK).content.decode()
            assert queries.to_call_back(cast.agency("KOMINFO")) == 1

    def test_an_agencys_own_desk_keeps_no_number_of_who_wants_to_stay_unknown(self, agent_of_pu):
        client_of(agent_of_pu).post(
            f"{DESK}catat/", {"outcome": "abandoned", "phone": NUMBER, "words": "Ada", "is_anonymous": "on"}
        )
        assert Call.objects.get().phone_sealed == ""


class TestHelpInAnEmergency:
    """A fire is not answered with the ambulance's number."""

    def panel(self, client: Client, category: str) -> str:
        given = {"category": category, "urgency": "emergency"}
        return client.post(f"{ASKED}akibat/", given).content.decode().split('id="emergency"')[1]

    def test_numbers_stand_by_the_kind_and_without_one_whom_to_reach_instead(self, dewi, monkeypatch):
        pack = regency()
        number = replace(pack.emergency_numbers[0], number="119", groups=("health",))
        instead = EmergencyInstead(
            groups=("geology",), words_id="Jauhi lereng.", words_en="Keep off the slope."
        )
        told = replace(pack, emergency_numbers=(number,), emergency_instead=(instead,))
        monkeypatch.setattr(rules, "regency", lambda: told)
        Category.objects.filter(code="landslide").update(group="geology")
        forget_categories()
        with translation.override("id"):
            assert "119" not in self.panel(dewi, "landslide")
            assert "Jauhi lereng." in self.panel(dewi, "landslide")
            assert rules.emergency_help(["health"]).lines[0]["number"] == "119"
            assert rules.emergency_help(["health"]).instead == []
            assert "Nomor" in rules.emergency_help(["flood"]).instead[0]
        forget_categories()
