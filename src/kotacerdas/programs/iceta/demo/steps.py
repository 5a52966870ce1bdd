"""What the people of the demo do with a report, each by the real action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Protocol
from uuid import UUID

from kotacerdas.foundation.calls.actions import call_note
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.files.actions import store_photo
from kotacerdas.foundation.files.drawings import photo
from kotacerdas.foundation.parties.actors import Actor, reporter, staff
from kotacerdas.foundation.parties.demo import worker_of
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.parties.people import contact_made, person_new
from kotacerdas.foundation.territory.models import Area
from kotacerdas.foundation.territory.queries import villages
from kotacerdas.foundation.workdays.moments import office_moment
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.demo.declarations import StoryRow
from kotacerdas.programs.iceta.models import Category
from kotacerdas.programs.iceta.rules import reception_agency

CALLERS = 60  # distinct phone numbers, from a range that is not given out
CHANNELS = (("phone", 84), ("web", 10), ("instagram", 3), ("facebook", 2), ("sp4n", 1))
CHANNELS_WITH_PHOTO = (("phone", 50), ("web", 46), ("instagram", 3), ("facebook", 1))


class Later(Protocol):
    """A function that schedules the next step."""

    random: Random

    def at(self, when: datetime, act: Any) -> None: ...


@dataclass
class Stage:
    """The places, categories and people of the demo."""

    life: Later
    categories: dict[str, Category]
    weights: list[float]
    places: Sequence[Any]
    reception: Agency
    workers: dict[tuple[UUID, str, date], Actor] = field(default_factory=dict)

    @classmethod
    def set(cls, life: Later, stories: Sequence[StoryRow]) -> Stage:
        """Look everything up once; emergencies and roads are told more often than permits."""
        categories = {
            one.code: one
            for one in Category.objects.select_related("lead")
            .prefetch_related("supporting")
            .filter(closed_on=None)
        }
        weight = {"emergency": 1.6, "urgent": 0.8, "normal": 1.0}
        return cls(
            life=life,
            categories=categories,
            weights=[weight[categories[story.category].urgency] for story in stories],
            places=villages(),
            reception=reception_agency(),
        )

    def emergencies(self, stories: Sequence[StoryRow]) -> list[StoryRow]:
        """The stories of emergencies; all of them where a pack has none."""
        urgent = [one for one in stories if self.categories[one.category].urgency == "emergency"]
        return urgent or list(stories)

    def next_story(
        self, stories: Sequence[StoryRow], number: int, cases: int, pictured: int
    ) -> tuple[StoryRow, str]:
        """The next story and its channel ("" for a random one); the last two are running emergencies."""
        random = self.life.random
        if number >= cases - 2:
            return random.choice(self.emergencies(stories)), "phone"
        with_scene = [one for one in stories if one.scene]
        if cases - 12 - pictured <= number < cases - 12 and with_scene:
            return random.choice(with_scene), "web"
        return random.choices(stories, self.weights)[0], ""

    def file(self, story: StoryRow, when: datetime, channel: str = "") -> None:
        """File a story's report: by telephone through the coordinating desk, or by another channel."""
        random, category = self.life.random, self.categories[story.category]
        village = random.choice(self.places)
        doors = CHANNELS_WITH_PHOTO if story.scene else CHANNELS
        channel = channel or random.choices([name for name, _ in doors], [share for _, share in doors])[0]
        by_phone = channel == "phone"
        anonymous = random.random() < 0.06
        lat, lng = _near(village, random) if category.is_public else (None, None)
        draft = actions.Draft(
            words=story.words,
            category=category,
            channel=channel,
            area_code=village.code,
            lat=lat,
            lng=lng,
            place_words=story.place,
            phone="" if anonymous else f"0899000{random.randrange(CALLERS):04d}",
            photos=() if by_phone or not story.scene else [store_photo(photo(story.scene, "before"))],
            is_anonymous=anonymous,
            is_secret=random.random() < 0.04,
        )
        if by_phone:
            agent = self._worker(self.reception, "phone_agent")
            seconds = random.randint(60, 240)
            filed = actions.call_report(actor=agent, draft=draft, desk=self.reception, seconds=seconds)
            self._other_calls(agent)
        else:
            sender = (
                reporter(person_new(), contact=contact_made(phone=draft.phone)) if draft.phone else reporter()
            )
            filed = actions.report_file(actor=sender, draft=draft)
        if filed.case.priority == "emergency" and by_phone:
            self._emergency(filed.case, story, when)
        else:
            self._decide(filed.case, filed.party, story, when)

    def _other_calls(self, agent: Actor) -> None:
        """Between the reports come pranks, calls that nobody took, and questions answered at once."""
        random = self.life.random
        for outcome, share in (("prank", 0.25), ("missed", 0.12), ("abandoned", 0.06), ("advice", 0.2)):
            if random.random() < share:
                number = f"0899000{random.randrange(CALLERS, CALLERS + 20):04d}"
                seconds = random.randint(4, 90)
                call_note(actor=agent, desk=self.reception, outcome=outcome, phone=number, seconds=seconds)

    def _decide(self, case: Case, party: CaseParty, story: StoryRow, when: datetime) -> None:
        random = self.life.random
        slow = 0.05 if case.priority == "emergency" else random.choice((0, 0, 0, 1, 1, 2, 2, 4))
        moment = (
            when + timedelta(minutes=random.uniform(2, 20))
            if case.priority == "emergency"
            else office_moment(random, when, slow)
        )
        self.life.at(moment, lambda at: self._verify(case, party, story, at))

    def _verify(self, case: Case, party: CaseParty, story: StoryRow, when: datetime) -> None:
        random = self.life.random
        actor = self._worker(self.reception, "coordinator")
        luck = random.random()
        fresh = Case.objects.select_related("lead_agency").get(id=case.id)
        if fresh.state == "assigned":  # the desk's own matter was assigned at the desk
            self._work(fresh, party, story, when)
        elif luck < 0.04:
            actions.report_end(
                actor=actor, case=fresh, step="not_ours", reason="Kewenangan provinsi, bukan kabupaten."
            )
        elif luck < 0.06:
            actions.report_end(
                actor=actor,
                case=fresh,
                step="archive",
                reason="Keterangan tidak cukup untuk ditindaklanjuti.",
            )
        elif luck < 0.08:
            actions.report_end(actor=actor, case=fresh, step="prank", reason="")
        else:
            category = self.categories[story.category]
            actions.report_verify(
                actor=actor,
                case=fresh,
                agency=category.lead,
                report_class=category.report_class,
                supporting=[*category.supporting.all()] if random.random() < 0.5 else [],
                publish_words=True,
                publish_photos=True,
            )
            if fresh.priority == "emergency":
                self._emergency(fresh, story, when)
            else:
                self._work(fresh, party, story, when)

    def _emergency(self, case: Case, story: StoryRow, when: datetime) -> None:
        random = self.life.random
        worker = self._worker(self.categories[story.category].lead)
        accepted = when + timedelta(minutes=random.choice((1, 1, 2, 2, 3, 3, 4, 4, 7)))
        arrived = accepted + timedelta(minutes=random.uniform(6, 30))
        done = arrived + timedelta(minutes=random.uniform(20, 150))
        self.life.at(accepted, lambda at: actions.report_accept(actor=worker, case=case))
        self.life.at(arrived, lambda at: actions.report_on_scene(actor=worker, case=case))
        self.life.at(done, lambda at: self._resolve(case, None, story, at))

    def _work(self, case: Case, party: CaseParty, story: StoryRow, when: datetime) -> None:
        random = self.life.random
        worker = self._worker(self.categories[story.category].lead)
        accepted = office_moment(random, when, random.choice((0, 0, 1, 1, 2)))
        replied = office_moment(random, accepted, random.choice((0, 1, 1, 2, 3, 6)))
        done = office_moment(random, replied, random.choice((1, 2, 3, 4, 5, 7, 9, 14)))
        self.life.at(accepted, lambda at: actions.report_accept(actor=worker, case=case))
        if story.question and random.random() < 0.6:
            self.life.at(replied, lambda at: actions.report_ask(actor=worker, case=case, body=story.question))
            if random.random() < 0.8:
                answered = office_moment(random, replied, random.choice((0, 1, 2)))
                self.life.at(
                    answered,
                    lambda at: actions.report_answer(
                        actor=reporter(), party=_fresh(party), body=story.answer
                    ),
                )
                done = office_moment(random, answered, random.choice((1, 2, 4, 6)))
        elif story.reply:
            self.life.at(replied, lambda at: actions.report_reply(actor=worker, case=case, body=story.reply))
        for part in case.assignments.filter(role="support", is_open=True).select_related("agency"):
            helper = self._worker(part.agency)
            helped = office_moment(random, when, random.choice((1, 2, 3, 4, 6)))
            self.life.at(helped, lambda at, helper=helper: self._help(case, helper))
        if random.random() < 0.97:
            self.life.at(done, lambda at: self._resolve(case, party, story, at))

    def _worker(self, agency: Agency, code: str = "officer") -> Actor:
        """Whoever holds that post today, read once a day."""
        key = (agency.id, code, clock.today())
        if key not in self.workers:
            self.workers[key] = staff(worker_of(agency, code))
        return self.workers[key]

    def _help(self, case: Case, helper: Actor) -> None:
        fresh = Case.objects.select_related("lead_agency").get(id=case.id)
        actions.report_note(actor=helper, case=fresh, body="Sudah kami bantu sesuai permintaan.")

    def _resolve(self, case: Case, party: CaseParty | None, story: StoryRow, when: datetime) -> None:
        random = self.life.random
        worker = self._worker(self.categories[story.category].lead)
        fresh = Case.objects.select_related("lead_agency").get(id=case.id)
        photos = [store_photo(photo(story.scene, "after"))] if story.scene else []
        actions.report_resolve(actor=worker, case=fresh, body=story.done, photos=photos)
        if party is None or random.random() < 0.45:
            return
        rated = when + timedelta(hours=random.uniform(2, 60))
        rating = random.choices((1, 2, 3, 4), (6, 8, 40, 46))[0]
        self.life.at(rated, lambda at: self._rate(party, rating, story, at))

    def _rate(self, party: CaseParty, rating: int, story: StoryRow, when: datetime) -> None:
        random = self.life.random
        actions.report_rate(actor=reporter(), party=_fresh(party), rating=rating)
        if rating <= 2 and random.random() < 0.6:
            body = "Belum selesai, mohon diperiksa lagi."
            actions.report_reopen(actor=reporter(), party=_fresh(party), body=body)
            again = office_moment(random, when, random.choice((1, 2, 3)))
            self.life.at(again, lambda at: self._resolve(party.case, None, story, at))


def _fresh(party: CaseParty) -> CaseParty:
    return CaseParty.objects.select_related("case__lead_agency", "person").get(id=party.id)


def _near(village: Area, random: Random) -> tuple[float | None, float | None]:
    """A place near a village's point; none where that is not known."""
    if village.point is None:
        return None, None
    lat, lng = village.point
    return lat + random.uniform(-0.004, 0.004), lng + random.uniform(-0.004, 0.004)
