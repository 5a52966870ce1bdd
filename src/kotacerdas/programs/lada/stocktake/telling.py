"""What the pages of a stocktake show: its sums, bars of its rooms, its teams with the age of their last scan, its findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.casework.badges import short_badge
from kotacerdas.foundation.casework.queries import live_clocks_of
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.sync.models import Phone
from kotacerdas.foundation.telemetry.trace import TraceMap, trace_map
from kotacerdas.foundation.territory.queries import inside_regency
from kotacerdas.programs.lada.lifecycles.findings import OUTCOMES
from kotacerdas.programs.lada.models import Asset, Finding, Room, Scan, Session
from kotacerdas.programs.lada.register.photos import first_photos
from kotacerdas.programs.lada.stocktake import counting
from kotacerdas.programs.lada.stocktake.classes import CLASSES, tags_of

KINDS = {
    "hilang": (gettext_lazy("Not there"), ("missing",)),
    "ruang-lain": (gettext_lazy("In another room"), ("elsewhere",)),
    "tak-terduga": (gettext_lazy("Not expected"), ("unexpected",)),
    "lainnya": (gettext_lazy("Other"), ("found", "not_yet")),
}
MOST_FINDINGS = 200
WIDTH = 100  # of a bar, in its own units
MAP_SIZE, BORDER_M = (420, 320), 3_000


@dataclass
class RoomRow:
    """A room's sums. `bar`: state, left edge and width of each part, of 100."""

    room: Room | None
    sums: dict[str, int]
    teams: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.room.name if self.room is not None else _("Without a room")

    @property
    def code(self) -> str:
        return self.room.code if self.room is not None else "-"

    @property
    def expected(self) -> int:
        return expected(self.sums)

    @property
    def bar(self) -> list[tuple[str, float, float]]:
        return bar(self.sums)


@dataclass(frozen=True, kw_only=True)
class TeamRow:
    """Somebody who counts: when and what last, how many scans, and what still waits on their phones as these said."""

    user: User
    rooms: str
    scans: int
    last: Scan | None
    waiting: int
    contact_at: datetime | None

    @property
    def place(self) -> tuple[float, float] | None:
        """Where they were last: where they took the scan, else where its room is."""
        for one in (self.last, self.last.room if self.last is not None else None):
            if one is not None and one.lat is not None and one.lng is not None:
                return one.lat, one.lng
        return None


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """A finding with its tags, who said so and when, what is done about it, and its case once the stocktake is closed."""

    result: counting.Result
    asset: Asset | None
    name: str
    place: str
    tags: list[tuple[str, str]]
    todo: Any
    photo: Any = None
    finding: Finding | None = None
    badge: Any = None
    outcome: Any = ""


def expected(sums: dict[str, int]) -> int:
    """expected = found + elsewhere + missing + not yet."""
    return sum(sums[one] for one in counting.EXPECTED)


def done_share(sums: dict[str, int]) -> int:
    """How much of what is expected is counted, in whole percent; 100 only where all of it is."""
    total = expected(sums)
    return (total - sums["not_yet"]) * 100 // total if total else 100


def bar(sums: dict[str, int]) -> list[tuple[str, float, float]]:
    """The parts of a bar in their order: state, left edge, width."""
    total, left = expected(sums) or 1, 0.0
    parts: list[tuple[str, float, float]] = []
    for state in counting.EXPECTED:
        width = sums[state] * WIDTH / total
        if width:
            parts.append((state, round(left, 2), round(width, 2)))
        left += width
    return parts


def rooms_of(session: Session, rows: Sequence[counting.Result]) -> list[RoomRow]:
    """The rooms of a stocktake in their order, and what has none; unexpected ones stand where they were found."""
    by_room: dict[UUID | None, list[counting.Result]] = {}
    for one in rows:
        by_room.setdefault(one.room, []).append(one)
    teams = list(session.teams.select_related("user").order_by("user__name"))
    found = []
    for room in (*session.rooms.order_by("code"), None):
        mine = by_room.get(room.id if room is not None else None, [])
        if room is None and not mine:
            continue
        names = [one.user.name for one in teams if one.room_id is None or (room and one.room_id == room.id)]
        found.append(RoomRow(room, counting.sums(mine), list(dict.fromkeys(names))))
    return found


def teams_of(session: Session) -> list[TeamRow]:
    """Who counts, whoever was heard of last first."""
    scans = Scan.objects.filter(session=session)
    counts = dict(scans.values_list("by").annotate(n=Count("id")).values_list("by", "n"))
    newest = scans.order_by("by", "-at", "-came_at", "-id").distinct("by").select_related("asset", "room")
    last = {one.by_id: one for one in newest}
    members: dict[UUID, tuple[User, list[str]]] = {}
    for one in session.teams.select_related("user", "room").order_by("user__name", "room__code"):
        members.setdefault(one.user_id, (one.user, []))[1].append(one.room.name if one.room else "")
    phones = Phone.objects.filter(user__in=members, revoked_at=None).values("user")
    told = {
        user: (n or 0, at)
        for user, n, at in phones.annotate(n=Sum("waiting"), at=Max("last_contact_at")).values_list(
            "user", "n", "at"
        )
    }
    rows = [
        TeamRow(
            user=user,
            rooms="" if "" in rooms else ", ".join(rooms),
            scans=counts.get(user.id, 0),
            last=last.get(user.id),
            waiting=told.get(user.id, (0, None))[0],
            contact_at=told.get(user.id, (0, None))[1],
        )
        for user, rooms in members.values()
    ]
    never = datetime.min.replace(tzinfo=session.opened_at.tzinfo)
    return sorted(rows, key=lambda one: one.last.at if one.last else never, reverse=True)


def team_map(teams: Iterable[TeamRow]) -> TraceMap | None:
    """Where the teams were last, by their first letters; who still has something on a phone is marked."""
    signs = [
        (*one.place, one.user.name[:1].upper(), "asked" if one.waiting else "stop")
        for one in teams
        if one.place is not None and inside_regency(*one.place, BORDER_M)
    ]
    return trace_map([], signs, size=MAP_SIZE) if signs else None


def finding_counts(rows: Iterable[counting.Result]) -> dict[str, int]:
    """How many findings of each kind; the list goes by `of_kind` too."""
    found = counting.findings(rows)
    return {code: len(of_kind(found, code)) for code in KINDS}


def of_kind(rows: Iterable[counting.Result], code: str) -> list[counting.Result]:
    """The findings of a kind; all of them where it is none."""
    found = counting.findings(rows)
    return [one for one in found if one.state in KINDS[code][1]] if code in KINDS else found


def finding_rows(session: Session, rows: Sequence[counting.Result]) -> list[FindingRow]:
    """Findings as the page shows them, those of a closed stocktake with their cases."""
    ids = {one.asset for one in rows if one.asset is not None}
    assets = {one.id: one for one in Asset.objects.filter(id__in=ids).select_related("room", "agency")}
    names = dict(Room.objects.filter(agency=session.agency).values_list("id", "name"))
    people = User.objects.in_bulk({one.scan.by_id for one in rows if one.scan is not None})
    photos = first_photos(assets.values())
    cases = {(one.asset_id, one.scan_id): one for one in session.findings.select_related("case")}
    clocks = live_clocks_of([one.case_id for one in cases.values()])
    found = []
    for one in rows:
        asset, scan = assets.get(one.asset) if one.asset else None, one.scan
        if scan is not None:
            scan.by = people[scan.by_id]
        finding = cases.get((one.asset, scan.id if scan is not None else None))
        found.append(
            FindingRow(
                result=one,
                asset=asset,
                name=asset.name if asset is not None else (scan.words if scan is not None else ""),
                place=names.get(one.room, "") if one.room else "",
                tags=tags_of(
                    one.classes, names.get(scan.room_id) if scan is not None and scan.room_id else None
                ),
                todo=CLASSES[one.classes[0]].todo,
                photo=photos.get(asset.id) if asset is not None else None,
                finding=finding,
                badge=short_badge(live[0].due_at, live[0])
                if finding is not None and (live := clocks.get(finding.case_id))
                else None,
                outcome=OUTCOMES.get(finding.outcome, "") if finding is not None else "",
            )
        )
    return found
