"""What a stocktake has found so far, good by good: the one rule by which its figures and its lists go.

Of the scans of a good the newest by `at` counts: expected = found + elsewhere + missing + not yet. What was not
expected stands apart. What came after the closing counts no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kotacerdas.programs.lada.models import Asset, Expected, Finding, Scan, Session
from kotacerdas.programs.lada.stocktake.classes import in_order

State = Literal["found", "elsewhere", "missing", "not_yet", "unexpected"]
EXPECTED: tuple[State, ...] = ("found", "elsewhere", "missing", "not_yet")
STATES: tuple[State, ...] = (*EXPECTED, "unexpected")
BY_OTHERS = "used_by_others"
REST_MISSING, REST_NOT_YET = "missing", "not_yet"


@dataclass(frozen=True)
class Result:
    """What a stocktake says of one good, or of one thing that nobody recorded.

    room   where it is expected; of what is not expected, where it was found
    scan   the one that counts; None: nobody scanned it
    """

    asset: UUID | None
    room: UUID | None
    state: State
    classes: tuple[str, ...] = ()
    scan: Scan | None = None


def results(session: Session) -> list[Result]:
    """Every good that a stocktake expects, and after them what it did not expect."""
    newest = {one.asset_id: one for one in counting(session).exclude(asset=None)}
    known = _known(session, Expected.objects.filter(session=session), newest)
    for one in known:
        newest.pop(one.asset, None)
    things = counted(session).filter(asset=None).order_by("at", "id")
    others = sorted((one for one in newest.values() if one.is_there), key=lambda one: (one.at, one.id))
    return known + [_unexpected(one) for one in (*others, *things)]


def results_in(session: Session, rooms: Collection[UUID | None]) -> list[Result]:
    """What a stocktake expects in some rooms; None for what has no room."""
    wanted = Q(room__in=[one for one in rooms if one is not None])
    if None in rooms:
        wanted |= Q(room=None)
    rows = Expected.objects.filter(wanted, session=session)
    scans = counting(session).filter(asset__in=rows.values("asset"))
    return _known(session, rows, {one.asset_id: one for one in scans})


def sums_by_room(session: Session) -> dict[UUID | None, Counter[str]]:
    """How many of what each room should hold are in which state. What nobody scanned is counted, not read."""
    newest = {one.asset_id: one for one in counting(session).exclude(asset=None)}
    found: dict[UUID | None, Counter[str]] = {}
    expected = Expected.objects.filter(session=session)
    for one in _known(session, expected.filter(asset__in=newest), newest):
        found.setdefault(one.room, Counter())[one.state] += 1
    unseen = "missing" if session.figures.get("rest") == REST_MISSING else "not_yet"
    for room, n in expected.values_list("room").annotate(n=Count("id")).values_list("room", "n"):
        sums = found.setdefault(room, Counter())
        sums[unseen] += n - sum(sums.values())
    return found


def _known(
    session: Session, expected: QuerySet[Expected], newest: Mapping[UUID | None, Scan]
) -> list[Result]:
    rest = session.figures.get("rest", "")
    rows = expected.values_list("asset", "room").order_by("asset__nibar")
    return [_expected(asset, room, newest.get(asset), rest) for asset, room in rows]


def counted(session: Session) -> QuerySet[Scan]:
    """The scans of a stocktake that came before it was closed."""
    return Scan.objects.filter(session=session, is_late=False)


def counting(session: Session) -> QuerySet[Scan]:
    """Of each good the newest scan that came before the closing."""
    return _newest(counted(session))


def _newest(scans: QuerySet[Scan]) -> QuerySet[Scan]:
    """Of each good the newest of some scans."""
    return scans.order_by("asset_id", "-at", "-came_at", "-id").distinct("asset_id")


def late(session: Session) -> QuerySet[Scan]:
    """Scans that came from phones after the closing: kept, and not counted."""
    return Scan.objects.filter(session=session, is_late=True).order_by("-at")


def sums(rows: Iterable[Result]) -> dict[str, int]:
    """How many of each."""
    found = Counter(one.state for one in rows)
    return {state: found[state] for state in STATES}


def findings(rows: Iterable[Result]) -> list[Result]:
    """What must be followed up: whatever has a class."""
    return [one for one in rows if one.classes]


def _expected(asset: UUID, room: UUID | None, scan: Scan | None, rest: str) -> Result:
    if scan is None:
        if rest == REST_MISSING:
            return Result(asset, room, "missing", ("missing",))
        return Result(asset, room, "not_yet")
    if not scan.is_there:
        return Result(asset, room, "missing", in_order(scan.classes or ("not_found",)), scan)
    is_elsewhere = None not in (room, scan.room_id) and room != scan.room_id
    classes = in_order((*scan.classes, "elsewhere") if is_elsewhere else scan.classes)
    return Result(asset, room, "elsewhere" if is_elsewhere else "found", classes, scan)


def _unexpected(scan: Scan) -> Result:
    of_itself = "unexpected" if scan.asset_id else "unrecorded"
    return Result(scan.asset_id, scan.room_id, "unexpected", in_order((*scan.classes, of_itself)), scan)


def used_by_others(goods: Iterable[Asset]) -> set[UUID]:
    """Which of these goods somebody else uses, as stocktakes that run say, or findings that are not settled."""
    wanted = list(goods)
    scans = Scan.objects.filter(session__state=Session.State.OPEN, asset__in=wanted, is_late=False)
    newest = _newest(scans).values_list("asset", "classes")
    followed = Finding.objects.filter(
        case__closed_at=None, asset__in=wanted, classes__contains=[BY_OTHERS]
    ).values_list("asset", flat=True)
    return {one for one, said in newest if one is not None and BY_OTHERS in said} | {
        one for one in followed if one is not None
    }
