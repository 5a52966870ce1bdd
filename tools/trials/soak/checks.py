"""What must be true after `./run soak`, asked of the store."""

from __future__ import annotations

import time
from collections import Counter

from django.db.models import Count, Q

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, CaseClock, CaseParty
from kotacerdas.foundation.commands.models import TakenCommand
from kotacerdas.foundation.indicators import engine
from kotacerdas.foundation.indicators.models import Daily
from kotacerdas.foundation.journal import queries as journal
from kotacerdas.foundation.journal.models import Cursor, Row, Sealed
from kotacerdas.foundation.notify.hours import message_hours
from kotacerdas.foundation.notify.models import Message, OutboxLetter
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.models import Report
from trials.soak.life import Tally

_MOVING = ("waiting", "sending")
_LIVE = ("running", "paused")


def settle(seconds: float) -> list[str]:
    """Wait until all is sealed, followed and sent; what was not after that time, in words."""
    until = time.monotonic() + seconds
    while (left := _unsettled()) and time.monotonic() < until:
        time.sleep(0.5)
    return left


def broken_promises(tally: Tally) -> list[str]:
    """Every promise that does not hold; adds to the tally what was counted."""
    tally.seen["journal rows"] = Row.objects.count()
    tally.seen["blocks"] = Sealed.objects.values("block").distinct().count()
    tally.seen["messages sent"] = Message.objects.filter(state="sent").count()
    tally.seen["cases stored"] = Case.objects.count()
    return [
        *tally.surprises,
        *_reports(tally),
        *_messages(),
        *_journal(),
        *_figures(tally),
        *_clocks(),
    ]


def _unsettled() -> list[str]:
    counts = {
        "rows are not sealed": Row.objects.count() - Sealed.objects.count(),
        "messages are not sent": Message.objects.filter(state__in=_MOVING).count(),
        "sealed rows are not followed": journal.top_position()
        - (Cursor.objects.filter(name=engine.FOLLOWER).values_list("position", flat=True).first() or 0),
    }
    return [f"{count} {what}" for what, count in counts.items() if count]


def _reports(tally: Tally) -> list[str]:
    """Each acknowledged key is one report whose secret link is the one that was handed out."""
    taken = TakenCommand.objects.filter(name="iceta.report.file")
    stored = Counter(taken.values_list("command_id", flat=True))
    wrong = [
        f"report {key} was acknowledged and is not stored" for key in tally.acknowledged if not stored[key]
    ]
    wrong += [f"report {key} is stored {count} times" for key, count in stored.items() if count > 1]
    if Report.objects.count() > len(stored):
        wrong.append("there are more reports than commands that filed one")
    for command in taken.filter(command_id__in=tally.acknowledged):
        party = CaseParty.objects.select_related("case").get(id=command.refs["party"])
        if f"/l/{link_token(party)}/" != tally.acknowledged[command.command_id]:
            wrong.append(f"{party.case.number} has another link than the one that was handed out")
    return wrong


def _messages() -> list[str]:
    """Each message is one letter; each report with a phone was told that it came in."""
    wrong = []
    states = Counter(Message.objects.values_list("state", flat=True))
    if not message_hours().is_open(clock.now()):
        states.pop(Message.State.HELD, 0)  # they wait for the morning, as they should
    wrong += [f"{count} messages ended as {state}" for state, count in states.items() if state != "sent"]
    letters = Message.objects.exclude(state=Message.State.HELD).annotate(n=Count("letter"))
    wrong += [f"message {one.id} was sent {one.n} times" for one in letters.filter(~Q(n=1))[:5]]
    stray = OutboxLetter.objects.filter(message=None).count()
    wrong += [f"{stray} letters belong to no message"] * bool(stray)
    told = Row.objects.filter(id__in=Message.objects.filter(effect="iceta.received").values("row_id"))
    silent = Case.objects.exclude(id__in=told.values("subject_id")).count()
    return [*wrong, *[f"{silent} reporters were not told that their report came in"] * bool(silent)]


def _journal() -> list[str]:
    verdict = journal.verify()
    wrong = [] if verdict.finding is None else [f"the journal: {verdict.finding}"]
    sealed, rows, top = Sealed.objects.count(), Row.objects.count(), journal.top_position()
    if not sealed == rows == top == verdict.rows:
        wrong.append(f"{rows} rows, {sealed} sealed, {verdict.rows} verified, last position {top}")
    received = Row.objects.filter(verb="iceta.report.receive").values_list("subject_id", flat=True)
    if Counter(received) != Counter(Case.objects.values_list("id", flat=True)):
        wrong.append("reports and their rows of receipt differ")
    return wrong


def _figures(tally: Tally) -> list[str]:
    """The figures as they were followed, and anew."""
    followed = _daily()
    engine.rebuild()
    tally.seen["figures a day, agency and place"] = len(followed)
    anew = _daily()
    differ = {key for key in followed.keys() | anew.keys() if followed.get(key) != anew.get(key)}
    return [f"{len(differ)} figures differ from rebuilt ones, as {min(map(str, differ))}"] if differ else []


def _daily() -> dict[tuple[object, ...], tuple[int, int]]:
    rows = Daily.objects.exclude(numerator=0, denominator=0)
    return {
        (one.indicator, one.day, one.agency, one.area, one.bucket): (one.numerator, one.denominator)
        for one in rows
    }


def _clocks() -> list[str]:
    """No clock goes on where its case or its assignment is over, and none at work has no clock at all."""
    live = CaseClock.objects.filter(state__in=_LIVE)
    over = live.filter(Q(case__closed_at__isnull=False) | Q(assignment__is_open=False)).count()
    endless = live.filter(state="running", overdue_at=None, next_look_at=None).count()
    blank = (
        Case.objects.filter(closed_at=None)
        .exclude(id__in=live.values("case"))
        .exclude(report__report_class="aspiration")
    )
    wrong = [f"{over} clocks run on what is over"] * bool(over)
    wrong += [f"{endless} clocks are looked at by nobody"] * bool(endless)
    return [*wrong, *[f"{one.number} is open ({one.state}) and no clock runs" for one in blank[:5]]]
