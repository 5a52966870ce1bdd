"""A case in the shapes of the pieces: head, clocks, assignments, parties."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock, CaseParty
from kotacerdas.foundation.cases.queries import badge, clocks_of, parties_of
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui.shapes import Badge, ClockBar, Tag
from kotacerdas.foundation.ui.tags.words import day, daytime, short_time
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock, phones
from kotacerdas.kernel.errors import Words
from kotacerdas.kernel.texts import isolated
from kotacerdas.programs.iceta.desk.queries import open_assignments_of, opens_identity
from kotacerdas.programs.iceta.desk.rows import channel, holder_of, lead_holder, state_tag
from kotacerdas.programs.iceta.lifecycles import REPORT, S, title


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody who reported, as far as the reader may see them. `phone` only after it was opened."""

    id: Any
    name: str
    role: str
    masked: str
    phone: str = ""
    dial: str = ""
    may_open: bool = False
    via: tuple[str, Any] = ("", "")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One open assignment: who has which part of the work, and how far it is."""

    agency: str
    role: Tag
    holder: str
    state: Tag


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The head of a case and what stands beside it."""

    case: Case
    title: str
    tag: Tag
    badge: Badge | None
    place: str
    reporter: str
    lead: str
    supporting: str
    holder: str
    channel: tuple[str, Any]
    parties: Sequence[Party]
    parts: Sequence[Assignment]
    clocks: Sequence[CaseClock]
    marks: Sequence[Tag]

    @property
    def number(self) -> str:
        return self.case.number

    @property
    def first_party(self) -> Party | None:
        return self.parties[0] if self.parties else None


def shown(case: Case, grants: Grants, *, words: bool = True, opened: CaseParty | None = None) -> Shown:
    """Everything a head says. `opened` is the reporter whose number was just opened, journaled before."""
    parts = open_assignments_of([case.id]).get(case.id, [])
    clocks = clocks_of(case)
    parties = [_party(case, one, grants, parts, opened) for one in parties_of(case)] if words else []
    lead = case.lead_agency.short_name if case.lead_agency else ""
    return Shown(
        case=case,
        title=title(case.title_code),
        tag=state_tag(case),
        badge=case_badge(case, clocks),
        place=place_line(case, words=words),
        reporter=_reporter_line(parties),
        lead=lead,
        supporting=", ".join(part.agency.short_name for part in parts if part.role == "support"),
        holder=lead_holder(parts),
        channel=channel(case.channel),
        parties=parties,
        parts=parts,
        clocks=clocks,
        marks=marks(case, parts),
    )


def case_badge(case: Case, clocks: Sequence[CaseClock]) -> Badge | None:
    """The nearest live promise of the case; None when nothing is promised now."""
    live = [one for one in clocks if one.is_ours and one.state in ("running", "paused")]
    running = [one for one in live if one.state == "running"] or live
    return badge(min(running, key=lambda one: one.due_at)) if running else None


def place_line(case: Case, *, words: bool = True) -> str:
    """Landmark, village and district, as people say them."""
    area = area_by_code(case.area_code)
    names = [isolated(case.report.place_words) if words else ""]
    while area is not None and area.level != "regency":
        names.append(area.full_name)
        area = area.parent
    return ", ".join(name for name in names if name)


def marks(case: Case, parts: Sequence[Assignment]) -> list[Tag]:
    """What else must be seen at once: emergency, urgent, escalated, reopened, secret, anonymous."""
    report = case.report
    found = []
    if case.priority == "emergency":
        found.append(Tag(text=_("Emergency"), tone="terasi", icon="siren"))
    elif case.priority == "urgent":
        found.append(Tag(text=_("Urgent"), tone="kunyit", icon="zap"))
    if any(part.role == "escalation" for part in parts):
        found.append(Tag(text=_("Escalated"), tone="terasi", icon="chevrons-up"))
    if case.state in (S.IN_PROGRESS, S.WAITING, S.RETURNED) and report.reopen_until is not None:
        found.append(Tag(text=_("Reopened"), tone="laut", icon="rotate-ccw"))
    if report.is_secret:
        found.append(Tag(text=_("Secret"), icon="eye-off"))
    if report.is_anonymous:
        found.append(Tag(text=_("Anonymous"), icon="user-round-x"))
    return found


def clock_bars(seen: Shown) -> list[ClockBar]:
    """Each clock as the bar of its budget: ours first, then the reporter's."""
    results = seen.case.notes.filter(kind="resolution")
    resolved = frozenset(results.values_list("created_at", flat=True))
    return [_clock_bar(seen, one, resolved) for one in seen.clocks]


def parts_of(seen: Shown) -> list[Part]:
    """The open assignments."""
    return [_part(seen.case, one) for one in seen.parts]


def calendar_limit(seen: Shown) -> str:
    """Said where a live clock runs into a year whose collective leave is not decreed yet; else ""."""
    calendar = current_calendar()
    live = (one for one in seen.clocks if one.state == "running" and one.unit == "workdays")
    if any(calendar.beyond_decreed(clock.local_day(one.due_at)) for one in live):
        return _("The collective leave of that year is not decreed yet: the due date may move.")
    return ""


def _clock_bar(seen: Shown, one: CaseClock, resolved: Container[datetime]) -> ClockBar:
    end = one.ended_at or clock.now()
    whole = max(1.0, (one.due_at - one.started_at).total_seconds())
    held = _held_before(one)
    if one.state == "paused" and one.paused_at:
        held += (end - one.paused_at).total_seconds()
    passed = max(0.0, (end - one.started_at).total_seconds())
    used = min(1.0, max(0.0, passed - held) / whole)
    return ClockBar(
        label=_clock_label(one, resolved),
        budget=_budget(one),
        badge=_bar_badge(one),
        used=used,
        paused=min(1.0 - used, held / whole),
        note=_clock_note(seen, one),
    )


def _clock_label(one: CaseClock, resolved: Container[datetime]) -> Words:
    """The clock's name; the reporter's waits for an answer to a question, or for a rating of a result."""
    if one.name == "reply" and one.started_at in resolved:
        return _("Reporter's rating")
    return REPORT.by_clock[one.name].label


def _held_before(one: CaseClock) -> float:
    """Seconds of the pauses that are over."""
    spans = ((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in one.paused_days)
    return sum((until - since).total_seconds() for since, until in spans)


def _budget(one: CaseClock) -> str:
    if one.unit == "workdays":
        return ngettext("%(n)d working day", "%(n)d working days", one.budget) % {"n": one.budget}
    return ngettext("%(n)d minute", "%(n)d minutes", one.budget) % {"n": one.budget}


def _bar_badge(one: CaseClock) -> Badge:
    """The badge; an ended clock says how long it took in office time."""
    made = badge(one)
    if one.state not in ("kept", "broken") or one.ended_at is None:
        return made
    if one.unit == "workdays":
        minutes = int(
            current_calendar().workhours_between(one.started_at, one.ended_at).total_seconds() // 60
        )
        days = current_calendar().remaining_workdays(
            clock.local_day(one.started_at), clock.local_day(one.ended_at)
        )
        if days > 1:
            return replace(
                made, detail=ngettext("in %(n)d working day", "in %(n)d working days", days) % {"n": days}
            )
    else:
        minutes = int((one.ended_at - one.started_at).total_seconds() // 60)
    if not minutes:
        return made
    hours, rest = divmod(minutes, 60)
    spoken = _("%(h)d h %(m)d min") % {"h": hours, "m": rest} if hours else _("%(n)d min") % {"n": rest}
    return replace(made, detail=spoken)


def _clock_note(seen: Shown, one: CaseClock) -> str:
    who = f"{one.assignment.agency.short_name} · " if one.assignment else ""
    if one.state == "running":
        return who + _("due %(at)s") % {"at": daytime(one.due_at)}
    if one.state != "paused" or one.paused_at is None:
        return who + _span(one)
    if seen.case.state == S.POSTPONED:
        until = seen.case.report.postponed_until
        return _("Postponed since %(since)s. It runs again on %(until)s.") % {
            "since": daytime(one.paused_at),
            "until": day(until),
        }
    closes = next(
        (each.due_at for each in seen.clocks if each.name == "reply" and each.state == "running"), None
    )
    words = _("Awaiting the reporter since %(since)s. It runs again when they answer") % {
        "since": daytime(one.paused_at)
    }
    if closes is None:
        return f"{words}."
    return words + _("; the case closes by itself on %(closes)s without an answer.") % {"closes": day(closes)}


def _span(one: CaseClock) -> str:
    """From when to when an ended clock ran, which tells one round of a reopened case from the other."""
    first, last = short_time(one.started_at), short_time(one.ended_at)
    return f"{first} – {last}" if one.ended_at else first


def _part(case: Case, one: Assignment) -> Part:
    roles = {
        "verify": Tag(text=_("Verifier")),
        "lead": Tag(text=_("Lead"), tone="laut"),
        "support": Tag(text=_("Support")),
        "escalation": Tag(text=_("Escalation"), tone="terasi"),
    }
    if one.role == "escalation":
        state = Tag(text=_("Told"))
    elif one.role == "lead" and case.state == S.WAITING:
        state = Tag(text=_("Waiting"), tone="kunyit")
    elif one.accepted_at:
        state = Tag(text=_("Taken on"), tone="laut")
    else:
        state = Tag(text=_("New"))
    return Part(
        agency=one.agency.short_name,
        role=roles[one.role],
        holder=holder_of(one) or _("nobody yet"),
        state=state,
    )


def _party(
    case: Case, one: CaseParty, grants: Grants, parts: Sequence[Assignment], opened: CaseParty | None
) -> Party:
    roles = {"reporter": _("reporter"), "joined": _("joined"), "merged": _("merged")}
    agencies = [*(part.agency_id for part in parts), case.lead_agency_id]
    may_open = one.person is not None and opens_identity(grants, agencies, anonymous=one.is_anonymous)
    known = one.person if one.person is not None and not one.is_anonymous else None
    is_opened = opened is not None and opened.id == one.id and one.person is not None
    person = one.person if is_opened else known
    number = one.person.phone if is_opened and one.person else ""
    return Party(
        id=one.id,
        name=(person.name or _("Without a name")) if person else _("Anonymous"),
        role=roles.get(one.role, one.role),
        masked=known.phone_masked if known else "",
        phone=phones.shown(number) if number else "",
        dial=number,
        may_open=may_open,
        via=channel(one.channel),
    )


def _reporter_line(parties: Sequence[Party]) -> str:
    if not parties:
        return ""
    first = parties[0]
    return " · ".join(part for part in (isolated(first.name), first.phone or first.masked) if part)
