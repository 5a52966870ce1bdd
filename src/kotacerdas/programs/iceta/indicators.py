"""The first indicators of reports, as pure functions from a journal row. Definitions: the pack's indicators.csv.

A report's share in a ratio follows its lead agency: when a verifier assigns it, one is taken from the
agency before and given to the new one, on the day of receipt.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.indicators.declarations import Contribution, Fact, Indicator, bucket_of

_P = "iceta.report."
GIVEN = frozenset({_P + "verify", _P + "dispatch", _P + "assign"})
RECEIVED = _P + "receive"
TAKEN_BACK = frozenset({_P + "merge", _P + "prank"})
NOT_OURS = _P + "not_ours"
RESOLVE = _P + "resolve"
REOPEN = _P + "reopen"
RATED = frozenset({_P + "rate", _P + "rate_low", _P + "rate_along"})
ENDING = frozenset(
    _P + step
    for step in (
        "verify", "dispatch", "assign", "archive", "not_ours", "reply", "ask", "resolve", "support_note",
        "accept", "on_scene", "merge", "prank", "return", "expire", "reopen",
    )
)  # fmt: skip


def _counted(fact: Fact, leaves: frozenset[str]) -> Iterable[tuple[str, int]]:
    """(agency, ±1): one when received, moved when assigned, taken back when it leaves the count."""
    agency = fact.codes["agency"]
    if fact.verb == RECEIVED:
        yield agency, 1
    elif fact.verb in GIVEN:
        before = fact.codes.get("agency_before", agency)
        if before != agency:
            yield before, -1
            yield agency, 1
    elif fact.verb in leaves:
        yield agency, -1


def received(fact: Fact) -> Iterable[Contribution]:
    """Reports filed, without pranks and merged ones."""
    for agency, sign in _counted(fact, TAKEN_BACK):
        yield Contribution(
            day=fact.coded_day("received_on"), agency=agency, area=fact.codes["area"], numerator=sign
        )


def resolved_share(fact: Fact) -> Iterable[Contribution]:
    """Of the reports received (without pranks, merged, not ours) those whose last resolve stands."""
    day, area = fact.coded_day("received_on"), fact.codes["area"]
    for agency, sign in _counted(fact, TAKEN_BACK | {NOT_OURS}):
        yield Contribution(day=day, agency=agency, area=area, denominator=sign)
    if fact.verb in (RESOLVE, REOPEN):
        sign = 1 if fact.verb == RESOLVE else -1
        yield Contribution(day=day, agency=fact.codes["agency"], area=area, numerator=sign)


def on_time_share(fact: Fact) -> Iterable[Contribution]:
    """Our clocks that ended in time among our clocks that ended; void ones do not count."""
    for ended in fact.payload.get("clocks", ()):
        if ended["ours"] and ended["end"] in ("kept", "broken"):
            yield Contribution(
                day=fact.day,
                agency=ended["agency"],
                area=fact.codes["area"],
                numerator=int(ended["end"] == "kept"),
                denominator=1,
            )


def first_answer(fact: Fact) -> Iterable[Contribution]:
    """From assignment to the first public reply or question, in office minutes."""
    for ended in fact.payload.get("clocks", ()):
        if ended["name"] == "respond" and ended["end"] in ("kept", "broken") and not ended.get("again"):
            yield Contribution(
                day=fact.day,
                agency=ended["agency"],
                area=fact.codes["area"],
                numerator=ended["used_minutes"],
                denominator=1,
                bucket=bucket_of(ended["used_minutes"]),
            )


def satisfied_share(fact: Fact) -> Iterable[Contribution]:
    """Ratings 3 and 4 of 4 among ratings."""
    yield Contribution(
        day=fact.day,
        agency=fact.codes["agency"],
        area=fact.codes["area"],
        numerator=int(fact.payload["rating"] >= 3),
        denominator=1,
    )


def reopened_share(fact: Fact) -> Iterable[Contribution]:
    """Resolutions that were reopened, on the day of the resolution."""
    reopened = fact.verb == REOPEN
    yield Contribution(
        day=fact.coded_day("resolved_on"),
        agency=fact.codes["agency"],
        area=fact.codes["area"],
        numerator=int(reopened),
        denominator=int(not reopened),
    )


INDICATORS = (
    Indicator(
        code="iceta.received",
        kind="flow",
        verbs=GIVEN | TAKEN_BACK | {RECEIVED},
        contribute=received,
        terms=(_("Reports received"), ""),
    ),
    Indicator(
        code="iceta.resolved_share",
        kind="ratio",
        verbs=GIVEN | TAKEN_BACK | {RECEIVED, NOT_OURS, RESOLVE, REOPEN},
        contribute=resolved_share,
        terms=(_("Reports resolved"), _("Reports received")),
    ),
    Indicator(
        code="iceta.on_time_share",
        kind="ratio",
        verbs=ENDING,
        contribute=on_time_share,
        terms=(_("Deadlines met"), _("Deadlines that ended")),
    ),
    Indicator(
        code="iceta.first_answer",
        kind="duration",
        verbs=frozenset({_P + "reply", _P + "ask", RESOLVE}),
        contribute=first_answer,
        terms=(_("Time to first answer"), _("First answers")),
    ),
    Indicator(
        code="iceta.satisfied_share",
        kind="ratio",
        verbs=RATED,
        contribute=satisfied_share,
        terms=(_("Satisfied ratings"), _("Ratings")),
    ),
    Indicator(
        code="iceta.reopened_share",
        kind="ratio",
        verbs=frozenset({RESOLVE, REOPEN}),
        contribute=reopened_share,
        terms=(_("Reopened"), _("Resolutions")),
    ),
)
