"""Locking the books of a semester: each good's depreciation is written down, and no event of its days comes any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min, Q
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.programs.lada import codes, events, tasks
from kotacerdas.programs.lada.actions.ledger import events_of
from kotacerdas.programs.lada.books.rules import rules_now
from kotacerdas.programs.lada.depreciation import MONTHS, Brought, Figure, Rules, Semester, figure, semester
from kotacerdas.programs.lada.models import Asset, Depreciation, Event, Locking, LockingLine, Period
from kotacerdas.programs.lada.permissions import LOCK

SUBJECT = "lada.period"
ASKING = "lada:locking"  # one asking at a time
OPEN = (Locking.State.ASKED, Locking.State.RUNNING)
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


def lock_ask(*, actor: Actor, one: Semester) -> Locking:
    """Ask for a semester to be locked; a worker does it, and nothing is locked before all of it is.

    Raises Refused; Invalid for one that runs still; Conflict for one that is locked, that is being locked, or that is
    not the next.
    """
    _may_lock(actor)
    if one.last >= clock.today():
        raise Invalid(
            _("This semester is not over yet."), remedy=_("It can be locked from the day after its last.")
        )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [ASKING])
        turn_check(one)
        if Locking.objects.filter(state__in=OPEN).exists():
            raise Conflict(
                _("A semester is being locked already."),
                remedy=_("Wait for it, or cancel it."),
                code="locking",
            )
        assert actor.user is not None
        locking = Locking.objects.create(
            year=one.year, half=one.half, asked_by=actor.user, asked_as=actor.code, post=actor.position
        )
        _note("ask", locking, actor.code)
        tasks.lock.defer(locking_id=str(locking.id))
        return locking


def lock_cancel(*, actor: Actor, one: Semester) -> Locking:
    """Call the lock of a semester off: nothing of it stays. Raises Refused; Conflict where none is under way."""
    _may_lock(actor)
    with transaction.atomic():
        rows = Locking.objects.select_for_update(of=("self",)).filter(state__in=OPEN)
        locking = rows.filter(year=one.year, half=one.half).first()  # waits for a batch under way
        if locking is None:
            raise Conflict(_("This has ended already."), remedy=_("Look at what came of it."))
        lock_end(locking, Locking.State.CANCELLED)
        _note("cancel", locking, actor.code)
        return locking


def lock_end(locking: Locking, state: Locking.State, *, error: str = "", about: str = "") -> None:
    """Write how a lock ended. Its figures so far go."""
    locking.state, locking.error, locking.about, locking.ended_at = state, error, about, clock.now()
    locking.save()
    LockingLine.objects.filter(locking=locking).delete()


def turn_check(one: Semester) -> None:
    """Raise Conflict for a semester that is locked, that is not the next, or that lies before the ledger begins."""
    last = last_locked()
    if last is None:
        first = Event.objects.aggregate(on=Min("on"))["on"]
        if first is None or one < semester(first):
            raise Conflict(
                _("There is nothing in the books of this semester."),
                remedy=_("Lock the first one that has something in it, or a later one."),
            )
    if last is not None and one <= last:
        raise Conflict(_("The books of this semester are locked already."), code="locked")
    if last is not None and one != last.next:
        given = {"half": last.next.half, "year": last.next.year}
        raise Conflict(
            _("Semester %(half)d of %(year)d comes before it.") % given, remedy=_("Lock that one first.")
        )


def reckoned_in(one: Semester, assets: Sequence[UUID] | None = None) -> Iterator[Reckoned]:
    """The figures of goods in a semester, a batch of goods at a time: as they would be locked now. None: of all goods."""
    for batch in _batches(one, assets):
        yield from batch


def carried(asset: Asset, day: date) -> tuple[int, int | None]:
    """What a good lost before the semester of a day, and the months of life that it has left from there.

    The months are None where it is not depreciated. As it was locked, else as the rules say today.
    """
    found = next(iter(reckoned_in(semester(day), [asset.id])), None)
    if found is None:
        return asset.accumulated, None
    left = next((one["n"] for one in found.figure.lines if one["what"] == "left"), None)
    return found.figure.accumulated - found.figure.amount, None if left is None else left * MONTHS


def ledgers(one: Semester, assets: Sequence[UUID] | None = None) -> Iterator[tuple[UUID, list[Event]]]:
    """The ledgers of goods up to the end of a semester, by the goods' ids. None: of all goods."""
    wanted = Event.objects.filter(on__lte=one.last).order_by("asset_id", "number")  # "asset" goes by NIBAR
    if assets is not None:
        wanted = wanted.filter(asset__in=assets)
    plain = wanted.only(
        "asset_id", "number", "kind", "on", "data", "amount", "accumulated", "reverses"
    ).iterator(chunk_size=BATCH)
    for asset, rows in groupby(plain, key=lambda row: row.asset_id):
        yield asset, list(rows)


def _batches(one: Semester, assets: Sequence[UUID] | None = None) -> Iterator[list[Reckoned]]:
    found, rules, before = ledgers(one, assets), rules_now(), before_of(one)
    while batch := list(islice(found, BATCH)):
        yield reckon(one, batch, rules, before)


def before_of(one: Semester) -> Period | None:
    """The newest locked semester before this one."""
    earlier = Period.objects.filter(year__lte=one.year).order_by("-year", "-half")
    return next((had for had in earlier if Semester(had.year, had.half) < one), None)


def reckon(
    one: Semester, ledgers: Sequence[tuple[UUID, list[Event]]], rules: Rules, before: Period | None
) -> list[Reckoned]:
    """The figures of goods in a semester, from their ledgers; none for a good that is not in the books at its end."""
    brought: dict[UUID, Brought] = {}
    if before is not None:
        had = Depreciation.objects.filter(period=before, asset__in=[asset for asset, _rows in ledgers])
        place = Semester(before.year, before.half)
        brought = {asset: Brought(place, sum_) for asset, sum_ in had.values_list("asset", "accumulated")}
        brought |= _gone_and_back(before, [asset for asset, _rows in ledgers if asset not in brought])
    found = []
    for asset, rows in ledgers:
        state, reckoned = figure(events_of(rows), rules, one, brought.get(asset))
        if state is not None and reckoned is not None:
            found.append(Reckoned(asset=asset, state=state, figure=reckoned))
    return found


def _gone_and_back(before: Period, assets: Sequence[UUID]) -> dict[UUID, Brought]:
    """Where goods go on that were not in the books at the end of a locked semester: at the newest one that had them."""
    earlier = Q(period__year__lt=before.year) | Q(period__year=before.year, period__half__lte=before.half)
    had = Depreciation.objects.filter(earlier, asset__in=assets)
    newest = had.order_by("asset", "-period__year", "-period__half").distinct("asset")
    rows = newest.values_list("asset", "period__year", "period__half", "accumulated")
    return {asset: Brought(Semester(year, half), sum_) for asset, year, half, sum_ in rows}


def _may_lock(actor: Actor) -> None:
    if not actor.grants.scope(LOCK).everywhere:
        raise Refused(_("You lock no books."), remedy=_("Ask the asset office."))


def _note(what: str, locking: Locking, actor: str) -> None:
    append(
        verb=f"{SUBJECT}.{what}",
        subject=(SUBJECT, locking.id),
        actor=actor,
        codes={"year": str(locking.year), "half": str(locking.half)},
    )
