"""The demo's cash desk: charges, payments and counts of the pack's `demo.toml`, made by the real actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.actors import SYSTEM, Actor, staff
from kotacerdas.foundation.parties.demo import worker_of
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.foundation.payments.charge_purposes import PURPOSES
from kotacerdas.foundation.payments.charges import cash_take, charge_open, payment_begin
from kotacerdas.foundation.payments.closing import DENOMINATIONS, cash_expected, day_close
from kotacerdas.foundation.payments.deposits import deposit_bank
from kotacerdas.foundation.payments.differences import difference_explain
from kotacerdas.foundation.payments.models import Account, Charge, Closing, Deposit, Difference
from kotacerdas.foundation.payments.notices import notice_take
from kotacerdas.foundation.payments.permissions import ROLES
from kotacerdas.foundation.payments.providers.simulator import Simulator
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock, ids, money
from kotacerdas.kernel.pack import Pack, Section
from kotacerdas.kernel.timeline import Timeline

_COUNTED_AT, _EXPLAINED_AT, _DEPOSITED_AT = time(15, 45), time(7, 50), time(8, 40)
_PAID_AFTER = timedelta(minutes=6)


@dataclass(frozen=True, kw_only=True)
class ChargeRow:
    """An invented charge.

    days   working days before the demo's present; 0 is the same day
    at     time of day, 09.10
    paid   how it was paid, some minutes later; "" stays open
    """

    agency: str
    days: int
    at: str
    basis: str
    amount: int
    paid: Literal["", "cash", "qris"] = ""


@dataclass(frozen=True, kw_only=True)
class CountRow:
    """A day whose cash was counted. `missing` is whole rupiah; a difference without explanation stays open."""

    agency: str
    days: int
    missing: int = 0
    explained: str = ""


def check_charges(rows: Sequence[ChargeRow], pack: Pack) -> Iterator[tuple[ChargeRow, str]]:
    """Times can be read, and amounts are of money."""
    for row in rows:
        try:
            _time(row.at)
        except ValueError:
            yield row, _("at: %(at)s is no time such as 09.10") % {"at": row.at}
        if not money.is_amount(row.amount):
            yield row, _("amount: whole rupiah, from 1 on")


SECTIONS = (
    Section(
        name="charges",
        file="demo.toml",
        row=ChargeRow,
        key=("agency", "days", "at"),
        refs={"agency": "agencies.code"},
        check=check_charges,
        optional=True,
    ),
    Section(
        name="counts",
        file="demo.toml",
        row=CountRow,
        key=("agency", "days"),
        refs={"agency": "agencies.code"},
        optional=True,
    ),
)


def begin(pack: Pack, timeline: Timeline) -> None:
    """Put the desk's days on the timeline; none where the pack has no accounts."""
    if not Account.objects.filter(role="cash", closed_on=None).exists():
        return
    today = clock.local_day(timeline.until)
    for row in pack.of("charges"):
        when = _at(_workday_before(today, row.days), _time(row.at))
        timeline.at(when, _opening(row, timeline))
    for row in pack.of("counts"):
        day = _workday_before(today, row.days)
        timeline.at(_at(day, _COUNTED_AT), _counting(row, day, timeline))
        if row.explained:
            next_day = current_calendar().next_workday(day)
            timeline.at(_at(next_day, _EXPLAINED_AT), _explaining(row, day))


def finish(_pack: Pack) -> int:
    """How many charges there are."""
    return Charge.objects.count()


def _opening(row: ChargeRow, timeline: Timeline) -> Callable[[datetime], object]:
    def act(when: datetime) -> None:
        charge = charge_open(
            actor=SYSTEM,
            subject=("payments.demo", ids.new_id()),
            title=PURPOSES[0].code,
            amount=row.amount,
            agency=Agency.objects.get(code=row.agency),
            basis=row.basis,
        )
        if row.paid == "cash" or (row.paid == "qris" and settings.PAYMENT_PROVIDER == "simulator"):
            timeline.at(when + _PAID_AFTER, lambda _when: _pay(charge, row.paid))

    return act


def _pay(charge: Charge, how: str) -> None:
    if how == "cash":
        actor = _treasurer(charge.agency)
        cash_take(actor=actor, charge=charge, amount=charge.amount, key=ids.new_id())
    else:
        notice_take("simulator", *Simulator().notice(payment_begin(charge=charge)))


def _counting(row: CountRow, day: date, timeline: Timeline) -> Callable[[datetime], object]:
    def act(_when: datetime) -> None:
        agency = Agency.objects.get(code=row.agency)
        left = max(0, cash_expected(agency, day) - row.missing)
        counted = {}
        for value in DENOMINATIONS:
            counted[value], left = divmod(left, value)
        closing = day_close(actor=_treasurer(agency), agency=agency, day=day, counted=counted)
        if closing.total:
            next_day = current_calendar().next_workday(day)
            timeline.at(_at(next_day, _DEPOSITED_AT), _depositing(closing))

    return act


def _depositing(closing: Closing) -> Callable[[datetime], object]:
    def act(_when: datetime) -> None:
        slip = Deposit.objects.get(closing=closing)
        deposit_bank(actor=_treasurer(closing.agency), deposit=slip, reference=f"CONTOH {slip.number[-8:]}")

    return act


def _explaining(row: CountRow, day: date) -> Callable[[datetime], object]:
    def act(_when: datetime) -> None:
        agency = Agency.objects.get(code=row.agency)
        found = Difference.objects.filter(kind="cash", day=day, case__lead_agency=agency).first()
        if found is not None:
            difference_explain(actor=_treasurer(agency), case=found.case, body=row.explained)

    return act


def _treasurer(agency: Agency) -> Actor:
    """Whoever holds the post with this room's role at the agency."""
    post = Position.objects.filter(agency=agency, roles__contains=[ROLES[0].name], closed_on=None)[0]
    return staff(worker_of(agency, post.code), position=post)


def _workday_before(today: date, days: int) -> date:
    calendar = current_calendar()
    for _number in range(days):
        today -= timedelta(days=1)
        while not calendar.is_workday(today):
            today -= timedelta(days=1)
    return today


def _time(text: str) -> time:
    return datetime.strptime(text, "%H.%M").time()  # noqa: DTZ007  a time of a local day


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=clock.local_zone())
