"""What goes on while `./run soak` kills: citizens who file and do not give up, staff and reporters who go on."""

from __future__ import annotations

import http.client
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.parties.actors import Actor, reporter, staff
from kotacerdas.foundation.parties.demo import worker_of
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.territory.queries import villages
from kotacerdas.kernel.errors import Conflict
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.lifecycles import S
from kotacerdas.programs.iceta.models import Category
from kotacerdas.programs.iceta.rules import reception_agency

PAUSE_SECONDS = 0.15
TOKEN = "a" * 32  # the double-submit cookie of the form; any will do
WORDS = "Ada lubang besar di jalan depan sekolah, sudah dua motor jatuh"


@dataclass
class Tally:
    """What was seen: counts by words, id of the draft → path of the secret link as acknowledged, surprises.

    odd      ids of the rows that loops cannot treat, and of their neighbours
    slowest  seconds of the slowest page beside a fault; kills counts what would excuse it
    """

    seen: Counter[str] = field(default_factory=Counter)
    acknowledged: dict[uuid.UUID, str] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)
    odd: dict[str, str] = field(default_factory=dict)
    slowest: float = 0.0
    kills: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        """One more of these."""
        with self.lock:
            self.seen[what] += 1


def file_reports(port: int, tally: Tally, random: Random, stop: threading.Event) -> None:
    """File one report after another. A post that got no answer is sent again with its key until one comes."""
    areas = [area.code for area in villages()]
    kinds = [*Category.objects.filter(closed_on=None).exclude(urgency="emergency")]
    while not stop.wait(PAUSE_SECONDS):
        key = uuid.UUID(int=random.getrandbits(128), version=4)
        form = {
            "csrfmiddlewaretoken": TOKEN,
            "go": "send",
            "draf": str(key),
            "area": random.choice(areas),
            "words": WORDS,
            "category": random.choice(kinds).code,
            "identity": "named",
            "name": "Wati",
            "phone": f"0899{random.randrange(10**8):08d}",
        }
        while (link := _sent(port, form, tally)) is None:
            if stop.wait(0.5):
                return
        tally.acknowledged[key] = link
        tally.count("reports acknowledged")


def _sent(port: int, form: dict[str, str], tally: Tally) -> str | None:
    """The path the answer leads to; None when no answer came. Raises RuntimeError for another answer."""
    headers = {
        "Host": "localhost",
        "Origin": "http://localhost",
        "Cookie": f"csrftoken={TOKEN}; draft={form['draf'].replace('-', '')}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        link.request("POST", "/lapor/periksa/", urlencode(form), headers)
        answer = link.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        tally.count("posts without an answer, sent again")
        return None
    finally:
        link.close()
    if answer.status == 503:
        tally.count("posts answered with 503, sent again")
        return None
    if answer.status != 302:
        raise RuntimeError(f"a report was answered with {answer.status}")
    return answer.headers["Location"].partition("?")[0].removesuffix("terkirim/")


def take_steps(_port: int, tally: Tally, random: Random, stop: threading.Event) -> None:
    """Take the next step on some open report; that another was faster belongs to it."""
    verifier = _seated(reception_agency(), "coordinator")
    while not stop.wait(PAUSE_SECONDS):
        case = _some_case(random)
        if case is None:
            continue
        step, take = _next_step(case, verifier, random)
        try:
            take()
            tally.count(f"steps taken: {step}")
        except Conflict:
            tally.count("steps lost to another")


def _some_case(random: Random) -> Case | None:
    state = random.choice((S.RECEIVED, S.ASSIGNED, S.IN_PROGRESS, S.IN_PROGRESS, S.WAITING, S.RESOLVED))
    chosen = Case.objects.filter(state=state).select_related("report__category__lead", "lead_agency")
    return chosen.order_by("?").first()


def _next_step(case: Case, verifier: Actor, random: Random) -> tuple[str, Callable[[], object]]:
    """A step that is legal from the case's state, and what takes it."""
    if case.state == S.RECEIVED:
        lead, kind = case.report.category.lead, case.report.report_class or "complaint"
        return "verify", lambda: actions.report_verify(
            actor=verifier, case=case, agency=lead, report_class=kind
        )
    party = CaseParty.objects.select_related("person", "case").filter(case=case).order_by("since")[0]
    citizen = reporter(person=party.person)
    if case.state == S.WAITING:
        return "answer", lambda: actions.report_answer(actor=citizen, party=party, body="Di lajur kiri")
    if case.state == S.RESOLVED:
        return _after_resolution(citizen, party, random)
    return _officers_step(case, _officer(case.lead_agency), random)


def _after_resolution(citizen: Actor, party: CaseParty, random: Random) -> tuple[str, Callable[[], object]]:
    if random.random() < 0.3:
        return "reopen", lambda: actions.report_reopen(actor=citizen, party=party, body="Belum selesai")
    rating = random.randint(1, 4)
    return "rate", lambda: actions.report_rate(actor=citizen, party=party, rating=rating)


def _officers_step(case: Case, officer: Actor, random: Random) -> tuple[str, Callable[[], object]]:
    if case.state == S.ASSIGNED:
        return "accept", lambda: actions.report_accept(actor=officer, case=case)
    name = random.choice(("reply", "ask", "resolve", "resolve"))
    taker = {
        "reply": actions.report_reply,
        "ask": actions.report_ask,
        "resolve": actions.report_resolve,
    }[name]
    return name, lambda: taker(actor=officer, case=case, body="Petugas sudah ke lokasi")  # type: ignore[operator]


_seats = threading.Lock()


def _officer(agency: Agency | None) -> Actor:
    """The agency's officer. Raises LookupError for a report at work without an agency."""
    if agency is None:
        raise LookupError("a report at work without an agency")
    return _seated(agency, "officer")


def _seated(agency: Agency, post: str) -> Actor:
    """Who holds the post; seated by one thread at a time, so that nobody is seated twice."""
    with _seats:
        return staff(worker_of(agency, post))
