"""Locking a semester: figures are worked out aside, batch by batch, and become the books at once when all are there.

Each batch is a transaction, so a worker that takes over from a killed one goes on after the last batch, and a lock is
called off between two. Events are written meanwhile; only at the end, for some seconds, they wait: goods that got
events since the beginning are reckoned anew then. Other rules of the pack let it begin anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import islice
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, Count, F, Max, Sum, Value, When
from django.utils.translation import gettext as _

from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.lada.actions import periods
from kotacerdas.programs.lada.actions.ledger import PERIODS
from kotacerdas.programs.lada.actions.periods import BATCH, OPEN, SUBJECT, SUMS
from kotacerdas.programs.lada.books.rules import rules_now
from kotacerdas.programs.lada.depreciation import Rules, Semester
from kotacerdas.programs.lada.models import Asset, Event, Locking, LockingLine, Period

State = Locking.State
FENCE = Fence("lada.lock")  # lists for the operator the semesters that could not be locked
COPIED = "asset_id, amount, accumulated, book, lines, agency_id, card"
log = structlog.get_logger(__name__)


class NoRule(Invalid):
    """A good of a code for which the pack says no life."""

    def __init__(self, goods_code: str) -> None:
        super().__init__(
            _("No rule of the pack says how long goods of %(code)s last.") % {"code": goods_code},
            remedy=_("Add the code to asset_lives.csv and load the pack."),
            code="no_rule",
        )
        self.goods_code = goods_code


def lock_run(locking_id: str) -> None:
    """Work on at a lock until it has ended, and write how: done, or failed with a code. A lost store is raised."""
    try:
        while lock_step(locking_id):
            pass
    except (OperationalError, InterfaceError):
        raise  # the job comes again, and goes on
    except NoRule as error:
        _failed(locking_id, "no_rule", error.goods_code)
    except Exception as error:
        _failed(locking_id, "crashed")
        FENCE.set_aside(locking_id, error)
        log.exception("locking_failed", locking=locking_id)


def period_lock(*, actor: Actor, one: Semester) -> Period:
    """Lock a semester here and now, in one transaction. Raises what `lock_ask` raises, and Invalid where a good has no life."""
    with transaction.atomic():
        locking = periods.lock_ask(actor=actor, one=one)
        while lock_step(locking.id):
            pass
        return Period.objects.get(year=one.year, half=one.half)


@transaction.atomic
def lock_step(locking_id: UUID | str) -> bool:
    """Begin, do one batch, or finish; whether there is more to do. Raises NoRule."""
    locking = Locking.objects.select_for_update(of=("self",)).get(id=locking_id)
    if locking.state not in OPEN:
        return False
    one, rules = Semester(locking.year, locking.half), rules_now()
    if locking.state == State.ASKED or locking.rules != _digest(rules):
        _begin(locking, one, rules)
        return True
    goods = Asset.objects.order_by("id").values_list("id", flat=True)
    batch = list((goods.filter(id__gt=locking.reached) if locking.reached else goods)[:BATCH])
    if not batch:
        _finish(locking, one, rules)
        return False
    _reckoned(locking, one, batch, rules)
    locking.reached, locking.done, locking.seen_at = batch[-1], locking.done + len(batch), clock.now()
    locking.save(update_fields=["reached", "done", "seen_at"])
    return True


def _begin(locking: Locking, one: Semester, rules: Rules) -> None:
    """Begin, or begin anew: whoever is writing events has finished, and every later event has a higher number."""
    _alone()
    LockingLine.objects.filter(locking=locking).delete()
    locking.state, locking.rules, locking.reached, locking.done = State.RUNNING, _digest(rules), None, 0
    locking.since = Event.objects.aggregate(last=Max("id"))["last"] or 0
    locking.total = Asset.objects.count()
    locking.seen_at = clock.now()
    locking.save()


def _finish(locking: Locking, one: Semester, rules: Rules) -> None:
    """Reckon anew what changed meanwhile; then the figures are the books, all at once."""
    _alone()
    periods.turn_check(one)
    later = Event.objects.filter(id__gt=locking.since, on__lte=one.last).order_by()
    again = iter(list(later.values_list("asset", flat=True).distinct()))
    while batch := list(islice(again, BATCH)):
        LockingLine.objects.filter(locking=locking, asset__in=batch).delete()
        _reckoned(locking, one, batch, rules)
    figures = _sums(locking)
    period = Period.objects.create(
        year=one.year, half=one.half, locked_by=locking.asked_by, post=locking.post, figures=figures
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO lada_depreciation (period_id, {COPIED}) "  # noqa: S608 - names of columns alone
            f"SELECT %s, {COPIED} FROM lada_lockingline WHERE locking_id = %s",
            [period.id, locking.id],
        )
    append(
        verb=f"{SUBJECT}.lock",
        subject=(SUBJECT, period.id),
        actor=locking.asked_as,
        codes={"year": str(one.year), "half": str(one.half)},
        measures={f"{name}_{card}": n for card, sums in figures.items() for name, n in sums.items()},
    )
    locking.done = locking.total = Asset.objects.count()
    periods.lock_end(locking, State.DONE)
    FENCE.forget(str(locking.id))


def _reckoned(locking: Locking, one: Semester, goods: Sequence[UUID], rules: Rules) -> None:
    found = periods.reckon(one, list(periods.ledgers(one, goods)), rules, periods.before_of(one))
    unruled = next((one for one in found if not one.figure.is_ruled), None)
    if unruled is not None:
        raise NoRule(unruled.state.goods_code)
    agencies = dict(Agency.objects.values_list("code", "id"))
    LockingLine.objects.bulk_create(
        (
            LockingLine(
                locking=locking,
                asset_id=one.asset,
                amount=one.figure.amount,
                accumulated=one.figure.accumulated,
                book=one.figure.book,
                lines=list(one.figure.lines),
                agency_id=agencies[one.state.agency],
                card=one.card,
                value=one.figure.value,
                is_intra=one.state.is_intra,
            )
            for one in found
        ),
        batch_size=BATCH,
    )


def _sums(locking: Locking) -> dict[str, dict[str, int]]:
    """Sums by card; what is extra-comptable stands apart."""
    key = Case(When(is_intra=False, then=Value("extra")), default=F("card"))
    totals = [Count("id"), *(Sum(name) for name in SUMS[1:])]
    rows = LockingLine.objects.filter(locking=locking).annotate(key=key).values_list("key").annotate(*totals)
    return {
        row[0]: {name: int(n) for name, n in zip(SUMS, row[1:], strict=True)} for row in rows.order_by("key")
    }


def _failed(locking_id: str, error: str, about: str = "") -> None:
    with transaction.atomic():
        locking = Locking.objects.select_for_update(of=("self",)).get(id=locking_id)
        if locking.state in OPEN:
            periods.lock_end(locking, State.FAILED, error=error, about=about)


def _alone() -> None:
    """Wait until nobody writes events, and keep others from it until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [PERIODS])


def _digest(rules: Rules) -> str:
    lines = sorted(map(repr, (*rules.lives, *rules.bands, *rules.thresholds)))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
