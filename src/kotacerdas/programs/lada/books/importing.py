"""Goods that come as a table with their opening balances: what is wrong in it, one change, and the same table out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.territory.queries import area_by_code, inside_regency
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.sheets import Row, RowRefused, Wrong
from kotacerdas.programs.lada import cards, codes
from kotacerdas.programs.lada.actions.changes import MOST_LINES, change_propose
from kotacerdas.programs.lada.actions.ledger import Line, locked_until
from kotacerdas.programs.lada.books.balances import Balance, balances_of
from kotacerdas.programs.lada.books.columns import CARDS_OF
from kotacerdas.programs.lada.books.rules import rules_now
from kotacerdas.programs.lada.depreciation import Rules, semester
from kotacerdas.programs.lada.models import Asset, GoodsCode, Room

Values = Mapping[str, Any]
BATCH = 1000


def agency_of(actor: Any) -> Agency:
    """Whose goods somebody reads in: those of their post's agency."""
    agency: Agency = actor.position.agency
    return agency


def opened_on(values: Values) -> date:
    """The day of the balance; by default the end of last year."""
    given: date | None = values.get("opened_on")
    return given or date(clock.today().year - 1, 12, 31)


def booked_on(day: date, locked: date | None) -> date:
    """The day on which a balance enters the books: the next one where it is of the last day of the locked books.

    Depreciation goes on with the same semester either way.
    """
    return day + timedelta(days=1) if day == locked else day


def acquired_on(values: Values) -> date | None:
    """The day of acquisition; the end of its year where the year alone is known."""
    given: date | None = values.get("acquired_on")
    if given is None and values.get("year") is not None:
        return date(int(values["year"]), 12, 31)
    return given


def check(rows: Sequence[Row], actor: Any) -> Iterator[tuple[int, Wrong]]:
    """Codes level by level, numbers that are free, days, balances, rooms, and facts that belong to the card."""
    agency = agency_of(actor)
    wanted = {part for row in rows for part in codes.parts(row.values["goods_code"])}
    known = frozenset(
        GoodsCode.objects.filter(code__in=wanted, closed_on=None).values_list("code", flat=True)
    )
    there = _there(agency, rows)
    rooms = set(Room.objects.filter(agency=agency, closed_on=None).values_list("code", flat=True))
    locked, rules = locked_until(), rules_now()
    for row in rows:
        values = row.values
        flaw = next(codes.flaws(values["goods_code"], known), None)
        if flaw is not None:
            words = _lazy_flaw(values["goods_code"], known)
            yield (
                row.line,
                Wrong(column="goods_code", message=words, remedy=_("Look it up in the code list.")),
            )
            continue
        if (values["goods_code"], int(values["register_no"])) in there:
            yield (
                row.line,
                Wrong(
                    column="register_no",
                    message=_("This good is in the register already."),
                    remedy=_("Leave the row out; changes are proposed at the good."),
                ),
            )
        for one in (
            *_days(values, locked),
            *_balances(values, rules),
            *_places(values, rooms),
            *_of_card(values),
        ):
            yield row.line, one


def take(rows: Iterable[Row], actor: Any) -> None:
    """Propose all goods as one change; the asset office approves it."""
    agency, rules, locked = agency_of(actor), rules_now(), locked_until()
    rooms = dict(Room.objects.filter(agency=agency, closed_on=None).values_list("code", "id"))
    found = list(rows)
    if len(found) > MOST_LINES:
        raise RowRefused(
            found[MOST_LINES].line,
            Wrong(
                message=_("One change has at most %(most)d goods."),
                remedy=_("Divide the file."),
                given={"most": MOST_LINES},
            ),
        )
    lines = [opening_line(row.values, agency, rooms, rules, locked) for row in found]
    try:
        change_propose(actor=actor, agency=agency, kind="opening", lines=lines)
    except Invalid as error:
        for place, row in enumerate(found, 1):
            if words := error.fields.get(f"line_{place}"):
                raise RowRefused(row.line, Wrong(message=words)) from error
        raise


def opening_line(
    values: Values, agency: Agency, rooms: Mapping[str, Any], rules: Rules, locked: date | None = None
) -> Line:
    """The event that begins a good with its balance. locked: the last day of the books that are locked."""
    day, price = booked_on(opened_on(values), locked), int(values["price"])
    acquired = acquired_on(values)
    assert acquired is not None
    code = values["goods_code"]
    book = values.get("book")
    data: dict[str, Any] = {
        "agency": agency.code,
        "goods_code": code,
        "register_no": int(values["register_no"]),
        "name": values["name"],
        "origin": values["origin"],
        "acquired_on": acquired.isoformat(),
        "is_intra": book == "intra" if book else rules.is_intra(code, price, acquired),
        "facts": facts_of(values),
    }
    for name in ("condition", "owner", "area_code", "certificate"):
        if values.get(name):
            data[name] = values[name]
    if values.get("certified_on"):
        data["certified_on"] = values["certified_on"].isoformat()
    if values.get("months_left") is not None:
        data["months_left"] = int(values["months_left"])
    if values.get("room"):
        data["room"] = str(rooms[values["room"]])
    if values.get("lat") is not None and values.get("lng") is not None:
        data |= {"lat": float(values["lat"]), "lng": float(values["lng"])}
    accumulated = int(values.get("accumulated") or 0)
    return Line(asset=ids.new_id(), kind="opening", on=day, amount=price, accumulated=accumulated, data=data)


def facts_of(values: Values) -> dict[str, Any]:
    """The facts of a row as the ledger keeps them."""
    return {name: _kept(name, values[name]) for name in CARDS_OF if values.get(name) is not None}


def rows_of(
    goods: Iterable[Asset], locked: Mapping[UUID, int] | None = None, until: date | None = None
) -> Iterator[dict[str, Any]]:
    """Goods as rows of the same table, with the balance that `balances_of` says; read in batches."""
    rest = iter(goods)
    while batch := list(islice(rest, BATCH)):
        found = balances_of(batch, locked, until)
        yield from (_row(one, found.get(one.id)) for one in batch)


def row_of(asset: Asset, accumulated: int | None = None, day: date | None = None) -> dict[str, Any]:
    """One good as a row of the same table. accumulated, day: of the newest locked semester, where it has the good."""
    return next(rows_of([asset], None if accumulated is None else {asset.id: accumulated}, day))


def _row(asset: Asset, balance: Balance | None) -> dict[str, Any]:
    facts = {name: shown_fact(name, asset.facts[name]) for name in CARDS_OF if name in asset.facts}
    plain = ("goods_code", "name", "acquired_on", "origin", "condition", "owner", "area_code", "certificate")
    found = {name: getattr(asset, name) or None for name in (*plain, "certified_on")}
    return {
        **found,
        **facts,
        "register_no": f"{asset.register_no:07d}",
        "year": asset.acquired_on.year,
        "price": asset.value if balance is None else balance.price,
        "accumulated": asset.accumulated if balance is None else balance.accumulated,
        "opened_on": asset.opened_on if balance is None else balance.day,
        "book": "intra" if asset.is_intra else "extra",
        "room": asset.room.code if asset.room is not None else None,
        "lat": _degrees(asset.lat),
        "lng": _degrees(asset.lng),
    }


def _there(agency: Agency, rows: Sequence[Row]) -> set[tuple[str, int]]:
    wanted = {row.values["goods_code"] for row in rows}
    found = Asset.objects.filter(agency=agency, goods_code__in=wanted, is_active=True)
    return set(found.values_list("goods_code", "register_no"))


def _first_flaw(code: str, known: frozenset[str]) -> str:
    return next(codes.flaws(code, known), "")


_lazy_flaw = lazy(_first_flaw, str)


def _days(values: Values, locked: date | None) -> Iterator[Wrong]:
    day, acquired = opened_on(values), acquired_on(values)
    if acquired is None:
        yield Wrong(column="acquired_on", message=_("Neither the day nor the year of acquisition is given."))
    elif acquired > day:
        yield Wrong(
            column="acquired_on" if values.get("acquired_on") else "year",
            message=_("It was acquired after the day of the balance, %(day)s."),
            remedy=_("Record it as a new good, or correct the day."),
            given={"day": day.isoformat()},
        )
    if day != semester(day).last or day > clock.today():
        yield Wrong(
            column="opened_on",
            message=_("A balance is of the last day of a semester that is over."),
            remedy=_("Write 30 June or 31 December."),
        )
    elif locked is not None and day < locked:
        yield Wrong(
            column="opened_on",
            message=_("The balance is of %(day)s, and the books are locked until %(until)s."),
            remedy=_(
                "Reckon its depreciation up to %(until)s, and write that day in the column “Balance of”."
            ),
            given={"day": day.isoformat(), "until": locked.isoformat()},
        )


def _balances(values: Values, rules: Rules) -> Iterator[Wrong]:
    price, accumulated = int(values["price"]), int(values.get("accumulated") or 0)
    if accumulated > price:
        yield Wrong(column="accumulated", message=_("Depreciation so far is more than the value."))
    life = rules.life(values["goods_code"], opened_on(values))
    if accumulated and life is not None and life.months == 0:
        yield Wrong(column="accumulated", message=_("Goods of this code are never depreciated."))


def _places(values: Values, rooms: set[str]) -> Iterator[Wrong]:
    if values.get("room") and values["room"] not in rooms:
        yield Wrong(
            column="room",
            message=_("The agency has no room with this code."),
            remedy=_("Add the room first, or leave the cell empty."),
        )
    if values.get("area_code") and area_by_code(values["area_code"]) is None:
        yield Wrong(column="area_code", message=_("There is no village with this code."))
    lat, lng = values.get("lat"), values.get("lng")
    if (lat is None) != (lng is None):
        yield Wrong(column="lat", message=_("A position is a latitude and a longitude."))
    elif lat is not None and lng is not None and not inside_regency(float(lat), float(lng)):
        yield Wrong(column="lat", message=_("This position lies in the sea or outside the regency."))


def _of_card(values: Values) -> Iterator[Wrong]:
    card, facts = codes.card_of(values["goods_code"]), facts_of(values)
    for name, _words in cards.flaws(card, facts):
        yield Wrong(
            column=name,
            message=_lazy_fact(card, name, facts[name]),
            remedy=_("Correct or empty the cell, or correct the goods code."),
        )


def _fact_flaw(card: str, name: str, value: Any) -> str:
    return next((words for _name, words in cards.flaws(card, {name: value})), "")


_lazy_fact = lazy(_fact_flaw, str)
_YES_NO = frozenset({"storeyed", "concrete"})


def _kept(name: str, value: Any) -> Any:
    if name in _YES_NO:
        return value == "yes"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def shown_fact(name: str, value: Any) -> Any:
    """A fact as a table shows it."""
    if name in _YES_NO:
        return "yes" if value else "no"
    if name.endswith(("_on", "_until")) and isinstance(value, str):
        return date.fromisoformat(value)
    return Decimal(str(value)).normalize() if isinstance(value, float) else value


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.6f}").normalize()
