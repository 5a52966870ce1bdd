"""Locking the books of a semester: each good's depreciation is written down, and no event of its days comes any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.programs.lada import codes, events
from kotacerdas.programs.lada.actions.ledger import PERIODS, events_of
from kotacerdas.programs.lada.books.rules import rules_now
from kotacerdas.programs.lada.depreciation import Brought, Figure, Rules, Semester, figure, semester
from kotacerdas.programs.lada.models import Depreciation, Event, Period
from kotacerdas.programs.lada.permissions import LOCK

SUBJECT = "lada.period"
BATCH = 2000
SUMS = ("n", "value", "amount", "accumulated", "book")


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """A good's figure in a semester, with whose it is and on which card at its end."""

    asset: UUID
    state: events.State
    figure: Figure

    @property
    def card(self) -> str:
        return codes.card_of(self.state.goods_code)


def last_locked() -> Semester | None:
    """The newest semester whose books are locked."""
    found = Period.objects.order_by("-year", "-half").first()
    return Semester(found.year, found.half) if found is not None else None


def next_semester() -> Semester | None:
    """The semester that is locked next: the one after the last, or the newest that is over; None while it runs."""
    last, now = last_locked(), semester(clock.today())
    over = Semester(now.year - 1, 2) if now.half == 1 else Semester(now.year, 1)
    if last is None:
        first = Event.objects.aggregate(on=Min("on"))["on"]
        return over if first is not None and first <= over.last else None
    return last.next if last.next <= over else None


def period_lock(*, actor: Actor, one: Semester) -> Period:
    """Lock a semester: depreciation of every good, sums by card. Nothing of it changes afterwards.

    Raises Refused; Invalid for one that runs still, or where a good has no life in the pack; Conflict for one that is
    locked, or that is not the next.
    """
    if not actor.grants.scope(LOCK).everywhere:
        raise Refused(_("You lock no books."), remedy=_("Ask the asset office."))
    if one.last >= clock.today():
        raise Invalid(
            _("This semester is not over yet."), remedy=_("It can be locked from the day after its last.")
        )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [PERIODS])
        last = last_locked()
        if last is not None and one <= last:
            raise Conflict(_("The books of this semester are locked already."), code="locked")
        if last is not None and one != last.next:
            given = {"half": last.next.half, "year": last.next.year}
            raise Conflict(
                _("Semester %(half)d of %(year)d comes before it.") % given, remedy=_("Lock that one first.")
            )
        assert actor.user is not None
        period = Period(year=one.year, half=one.half, locked_by=actor.user, post=actor.position)
        figures: dict[str, dict[str, int]] = {}
        for batch in _batches(one):
            _write(period, batch, figures)
        period.figures = figures
        period.save(force_insert=True)  # after its lines: a row of the books is never changed
        append(
            verb=f"{SUBJECT}.lock",
            subject=(SUBJECT, period.id),
            actor=actor.code,
            codes={"year": str(one.year), "half": str(one.half)},
            measures={f"{name}_{card}": n for card, sums in figures.items() for name, n in sums.items()},
        )
        return period


def reckoned_in(one: Semester, assets: Sequence[UUID] | None = None) -> Iterator[Reckoned]:
    """The figures of goods in a semester, a batch of goods at a time: as they would be locked now. None: of all goods."""
    for batch in _batches(one, assets):
        yield from batch


def add_to(figures: dict[str, dict[str, int]], found: Reckoned) -> None:
    """Count a figure into the sums of its card; what is extra-comptable stands apart."""
    key = found.card if found.state.is_intra else "extra"
    sums = figures.setdefault(key, dict.fromkeys(SUMS, 0))
    one = found.figure
    for name, more in zip(SUMS, (1, one.value, one.amount, one.accumulated, one.book), strict=True):
        sums[name] += more


def _batches(one: Semester, assets: Sequence[UUID] | None = None) -> Iterator[list[Reckoned]]:
    rules, last = rules_now(), last_locked()
    before = None
    if last is not None:
        earlier = Period.objects.filter(year__lte=one.year).order_by("-year", "-half")
        before = next((had for had in earlier if Semester(had.year, had.half) < one), None)
    wanted = Event.objects.filter(on__lte=one.last).order_by("asset", "number")
    if assets is not None:
        wanted = wanted.filter(asset__in=assets)
    ledgers: list[tuple[UUID, list[Event]]] = []
    plain = wanted.only(
        "asset_id", "number", "kind", "on", "data", "amount", "accumulated", "reverses"
    ).iterator(chunk_size=BATCH)
    for asset, rows in groupby(plain, key=lambda row: row.asset_id):
        ledgers.append((asset, list(rows)))
        if len(ledgers) == BATCH:
            yield _reckon(one, ledgers, rules, before)
            ledgers = []
    if ledgers:
        yield _reckon(one, ledgers, rules, before)


def _reckon(
    one: Semester, ledgers: list[tuple[UUID, list[Event]]], rules: Rules, before: Period | None
) -> list[Reckoned]:
    brought: dict[UUID, Brought] = {}
    if before is not None:
        had = Depreciation.objects.filter(period=before, asset__in=[asset for asset, _rows in ledgers])
        place = Semester(before.year, before.half)
        brought = {asset: Brought(place, sum_) for asset, sum_ in had.values_list("asset", "accumulated")}
    found = []
    for asset, rows in ledgers:
        state, reckoned = figure(events_of(rows), rules, one, brought.get(asset))
        if state is not None and reckoned is not None:
            found.append(Reckoned(asset=asset, state=state, figure=reckoned))
    return found


def _write(period: Period, batch: list[Reckoned], figures: dict[str, dict[str, int]]) -> None:
    agencies = dict(Agency.objects.values_list("code", "id"))
    unruled = [one for one in batch if not one.figure.is_ruled]
    if unruled:
        raise Invalid(
            _("No rule of the pack says how long goods of %(code)s last.")
            % {"code": unruled[0].state.goods_code},
            remedy=_("Add the code to asset_lives.csv and load the pack."),
            code="no_rule",
        )
    rows = []
    for one in batch:
        add_to(figures, one)
        rows.append(
            Depreciation(
                period_id=period.id,
                asset_id=one.asset,
                amount=one.figure.amount,
                accumulated=one.figure.accumulated,
                book=one.figure.book,
                lines=list(one.figure.lines),
                agency_id=agencies[one.state.agency],
                card=one.card,
            )
        )
    Depreciation.objects.bulk_create(rows, batch_size=BATCH)
