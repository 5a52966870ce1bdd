"""What tests of goods begin with: an officer, the asset office, a room, goods by their real way. Plain functions."""

from __future__ import annotations

from datetime import date
from typing import Any

from trials.cast import seat

from kotacerdas.foundation.parties.actors import Actor, staff
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import ids
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.models import Asset, Room

LAPTOP, MINIBUS, LAND = "1.3.2.10.01.02.002", "1.3.2.02.01.02.003", "1.3.1.01.01.04.001"
DAY = date(2026, 3, 10)


def agency(code: str = "PU") -> Agency:
    """An agency that has goods."""
    return Agency.objects.get(code=code)


def officer(username: str = "endah", at: str = "PU") -> Actor:
    """Who keeps an agency's goods."""
    return staff(seat(username, at, "asset_officer"))


def office(username: str = "bagus") -> Actor:
    """Who approves changes."""
    return staff(seat(username, "BAPPEDA", "asset_office"))


def surveyor(username: str = "tono", at: str = "PU") -> Actor:
    """Who counts goods."""
    return staff(seat(username, at, "asset_surveyor"))


def room(code: str = "R1", name: str = "Tata usaha", at: str = "PU") -> Room:
    """A room of an agency."""
    return Room.objects.get_or_create(agency=agency(at), code=code, defaults={"name": name})[0]


def acquiring(**given: Any) -> Line:
    """The line that begins a laptop of Rp8 million."""
    facts = {"agency": "PU", "goods_code": LAPTOP, "name": "Laptop 14 inci", "origin": "purchase"}
    data = {**facts, **given.pop("data", {})}
    usual = {"asset": ids.new_id(), "kind": "acquire", "on": DAY, "amount": 8_000_000, "data": data}
    return Line(**{**usual, **given})


def done(kind: str, *lines: Line, at: str = "PU", **given: Any) -> None:
    """A change that was proposed and approved."""
    opened = changes.change_propose(actor=officer(at=at), agency=agency(at), kind=kind, lines=lines, **given)
    changes.change_approve(actor=office(), case=opened.case)


def good(**given: Any) -> Asset:
    """A good in the register, by a change that was approved."""
    line = acquiring(**given)
    done("acquire", line, at=line.data["agency"])
    return Asset.objects.get(id=line.asset)
