"""Stocktakes on the phone: the rooms of one's team with what they should hold, and the scans, without a network.

A phone keeps 500 goods at most: whole rooms, those that are not done first. What is not among them is scanned all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.event_time import AHEAD, FARTHEST_BACK, time_of
from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.fields import Choice, Field
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.actors import Actor, in_post
from kotacerdas.foundation.sync.declarations import MOST_RECORDS, FieldForm, Filled, Found, Item, Records
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing
from kotacerdas.programs.lada.actions.scans import LONGEST, Seen, scan_photo, scan_take
from kotacerdas.programs.lada.models import Asset, Expected, Label, Room, Scan, Session
from kotacerdas.programs.lada.permissions import COUNT
from kotacerdas.programs.lada.stocktake import counting
from kotacerdas.programs.lada.stocktake.classes import said_of

ROOM, GOOD = "lada.room", "lada.good"
_DONE = 500  # places on the list: what is counted comes after what is not


@dataclass(frozen=True)
class Place:
    """A room of a stocktake on its way to a phone. Without a room: what has none.

    sums  how many of what it should hold are in which state; kept  how many of these goods the phone keeps
    """

    session: Session
    room: Room | None
    sums: Counter[str]
    kept: int = 0

    @property
    def id(self) -> UUID:
        return place_id(self.session, self.room)

    @property
    def name(self) -> str:
        return self.room.name if self.room is not None else str(_("Without a room"))

    @property
    def left(self) -> int:
        return self.sums["not_yet"]

    @property
    def total(self) -> int:
        return sum(self.sums.values())


def place_id(session: Session, room: Room | None) -> UUID:
    """The id of a room's record: a room may be counted again in a later stocktake."""
    return uuid5(session.id, str(room.id) if room is not None else "")


def places_of(actor: Actor) -> list[Place]:
    """The rooms that somebody counts in now, in their order, those that are done last; goods of whole rooms are kept."""
    found: list[Place] = []
    for session in _sessions(actor).filter(state=Session.State.OPEN).order_by("due_on", "number"):
        sums = counting.sums_by_room(session)
        for room in _rooms_of(actor, session):
            mine = sums.get(room.id if room is not None else None, Counter())
            if room is not None or mine:
                found.append(Place(session, room, mine))
    found.sort(key=lambda one: (not one.left, one.session.due_on))  # else as they are: by session and code
    free = MOST_RECORDS
    for at, one in enumerate(found):
        kept = one.total if one.total <= free else (free if free == MOST_RECORDS else 0)
        found[at] = replace(one, kept=kept)
        free -= kept
    return found


def _sessions(actor: Actor) -> Any:
    """The stocktakes in whose teams somebody is, as long as what they saw there can still arrive."""
    scope = actor.grants.scope(COUNT)
    lately = Q(state=Session.State.OPEN) | Q(closed_at__gte=clock.now() - FARTHEST_BACK - timedelta(days=1))
    mine = Session.objects.filter(scope.within("agency"), lately, teams__user=actor.user)
    return mine.select_related("agency").distinct()


def _rooms_of(actor: Actor, session: Session) -> list[Room | None]:
    """Somebody's rooms in a stocktake: those of their team, else every one, and what has none."""
    own = set(session.teams.filter(user=actor.user).values_list("room", flat=True))
    rooms = session.rooms.order_by("code")
    return [*rooms, None] if None in own else list(rooms.filter(id__in=own))


# --- what a phone keeps ----------------------------------------------------------------------


def _room_rows(actor: Actor) -> Iterator[Found]:
    for order, place in enumerate(places_of(actor)):
        yield Found(place.id, partial(_room_item, place, order))


def _room_item(place: Place, order: int) -> Item:
    session, total, left, sums = place.session, place.total, place.left, place.sums
    done = _("%(n)s of %(all)s counted") % {"n": number(total - left), "all": number(total)}
    return Item(
        id=place.id,
        title=place.name,
        small=f"{done} · {session.name}",
        state=(str(_("%(n)s left") % {"n": number(left)}), "kunyit", "clock")
        if left
        else (str(_("All counted")), "padi", "check"),
        due=_end_of(session).isoformat(timespec="minutes") if left else "",
        order=order + (0 if left else _DONE),
        lat=place.room.lat if place.room is not None else None,
        lng=place.room.lng if place.room is not None else None,
        facts=(
            (str(_("Stocktake")), session.number),
            (str(_("Found")), number(sums["found"])),
            (str(_("In another room")), number(sums["elsewhere"])),
            (str(_("Not there")), number(sums["missing"])),
        ),
        words=""
        if place.kept == total
        else _("Its goods are too many for this phone: scan them all the same, or type the NIBAR."),
        forms=("lada.scan.take", "lada.scan.thing"),
    )


def _end_of(session: Session) -> datetime:
    """The end of a stocktake's last day."""
    return datetime.combine(session.due_on, time(23, 59), tzinfo=clock.local_zone())


def _good_rows(actor: Actor) -> Iterator[Found]:
    wanted: list[tuple[Place, counting.Result]] = []
    kept = [one for one in places_of(actor) if one.kept]
    for session in dict.fromkeys(one.session for one in kept):
        mine = {one.room.id if one.room is not None else None: one for one in kept if one.session == session}
        by_room: dict[UUID | None, list[counting.Result]] = {}
        for one in counting.results_in(session, mine):
            by_room.setdefault(one.room, []).append(one)
        for room, goods in by_room.items():
            goods.sort(key=lambda one: one.state != "not_yet")
            wanted += [(mine[room], one) for one in goods[: mine[room].kept]]
    ids = [one.asset for _place, one in wanted]
    assets = Asset.objects.in_bulk(ids)
    labels: dict[UUID, list[str]] = {}
    for asset, token in Label.objects.filter(asset__in=ids).values_list("asset", "token"):
        labels.setdefault(asset, []).append(token)
    for place, one in wanted:
        assert one.asset is not None
        yield Found(one.asset, partial(_good_item, place, one, assets[one.asset], labels.get(one.asset, [])))


_STATES = {
    "found": (gettext_lazy("Found"), "padi", "check"),
    "elsewhere": (gettext_lazy("In another room"), "kunyit", "arrow-right"),
    "missing": (gettext_lazy("Not there"), "terasi", "circle-alert"),
    "not_yet": (gettext_lazy("Not counted"), "plain", "clock"),
}


def _good_item(place: Place, one: counting.Result, asset: Asset, labels: list[str]) -> Item:
    label, tone, icon = _STATES[one.state]
    about = (place.name, asset.facts.get("brand"), asset.facts.get("plate_no"), str(asset.acquired_on.year))
    return Item(
        id=asset.id,
        title=asset.name,
        small=" · ".join(filter(None, about)),
        state=(str(label), tone, icon),
        codes=(asset.nibar, *sorted(labels)),
        inside=(str(place.id), place.name) if place.room is not None else ("", ""),
        facts=(
            (str(_("NIBAR")), asset.nibar),
            (str(_("Goods code")), asset.goods_code),
            (str(_("Condition in the books")), str(asset.get_condition_display())),
        ),
        forms=("lada.good.found", "lada.good.missing"),
    )


# --- what is filled in -----------------------------------------------------------------------


def _scan(*, actor: Actor, given: Filled) -> Refs:
    """Something was seen in a room: by its label or NIBAR, or by words where it has none."""
    session, room = _place(actor, given.item)
    code = str(given.values.get("code", ""))
    return _taken(actor, session, given.values, code=code, room=room)


def _good(*, actor: Actor, given: Filled, is_there: bool) -> Refs:
    """An expected good stands in its room, or is not there."""
    expected = _expected(actor, given.item)
    room = expected.room if is_there else None
    return _taken(
        actor, expected.session, given.values, code=expected.asset.nibar, room=room, is_there=is_there
    )


def _taken(
    actor: Actor,
    session: Session,
    values: Mapping[str, Any],
    *,
    code: str,
    room: Room | None,
    is_there: bool = True,
) -> Refs:
    here = values.get("here") or {}
    reason = values.get("reason")
    seen = Seen(
        code=code,
        room=room,
        is_there=is_there,
        condition=values.get("condition", ""),
        classes=tuple(values.get("classes", ())) or ((reason,) if reason else ()),
        words=values.get("words", ""),
        lat=here.get("lat"),
        lng=here.get("lng"),
    )
    scan = scan_take(actor=in_post(actor, [COUNT], [session.agency_id]), session=session, seen=seen)
    return {"scan": str(scan.id)}


def _place(actor: Actor, item: UUID | None) -> tuple[Session, Room | None]:
    """The stocktake and the room of a record. Raises Missing for one in which the actor does not count."""
    for session in _sessions(actor):
        for room in (*session.rooms.all(), None):
            if place_id(session, room) == item:
                return session, room
    raise _gone()


def _expected(actor: Actor, item: UUID | None) -> Expected:
    """What a stocktake expects of a good: of the newest one that had begun then."""
    at = time_of(actor) + AHEAD
    rows = Expected.objects.filter(asset=item, session__in=_sessions(actor), session__opened_at__lte=at)
    found = rows.select_related("session__agency", "asset", "room").order_by("-session__opened_at").first()
    if found is None:
        raise _gone()
    return found


def _gone() -> Missing:
    return Missing(
        _("You do not count here (any more)."),
        remedy=_("Ask whoever leads the stocktake. What you wrote is kept on your phone."),
    )


def _attach(actor: Actor, refs: Refs, _name: str, file: StoredFile, _at: datetime) -> None:
    scan = Scan.objects.select_related("session__agency", "asset").get(id=refs["scan"])
    scan_photo(actor=actor, scan=scan, stored=file)


# --- the forms -------------------------------------------------------------------------------


def _choices(labels: Mapping[str, Any]) -> tuple[Choice, ...]:
    return tuple(Choice(name, label) for name, label in labels.items())


CONDITION = Field(
    name="condition",
    type="choice",
    label=gettext_lazy("Condition"),
    choices=(
        Choice("good", gettext_lazy("Good")),
        Choice("light", gettext_lazy("Lightly damaged")),
        Choice("heavy", gettext_lazy("Heavily damaged")),
    ),
)
CLASSES = Field(
    name="classes",
    type="choices",
    label=gettext_lazy("Anything else?"),
    choices=_choices(said_of("there")),
    required=False,
)
PHOTO = Field(name="photo", type="photos", label=gettext_lazy("Photo"), required=False, most=1)
HERE = Field(name="here", type="position", label=gettext_lazy("Where are you?"), required=False)


def _words(label: Any, *, required: bool = False) -> Field:
    return Field(name="words", type="text", label=label, required=required, longest=LONGEST, lines=2)


REMARK = _words(gettext_lazy("Remark"))


def _form(name: str, on: str, run: Any, fields: tuple[Field, ...], **more: Any) -> FieldForm:
    command = Command(name=name, input=Filled, run=run, permission=COUNT)
    return FieldForm(command=command, on=on, fields=fields, attach=_attach, **more)


RECORDS = (
    Records(
        name=ROOM, label=gettext_lazy("Rooms to count"), icon="map-pin", permission=COUNT, rows=_room_rows
    ),
    Records(
        name=GOOD,
        label=gettext_lazy("Goods that should be there"),
        icon="list-checks",
        permission=COUNT,
        rows=_good_rows,
        is_today=False,
    ),
)
FORMS = (
    _form(
        "lada.scan.take",
        ROOM,
        _scan,
        (
            Field(name="code", type="code", label=gettext_lazy("Label or NIBAR"), longest=200),
            CONDITION,
            PHOTO,
            CLASSES,
            REMARK,
            HERE,
        ),
        label=gettext_lazy("Scan a label"),
        icon="qr-code",
        button=gettext_lazy("Save, scan the next"),
        again=True,
    ),
    _form(
        "lada.scan.thing",
        ROOM,
        _scan,
        (_words(gettext_lazy("What is it?"), required=True), CONDITION, PHOTO, HERE),
        label=gettext_lazy("Something without a label"),
        icon="plus",
        button=gettext_lazy("Save"),
    ),
    _form(
        "lada.good.found",
        GOOD,
        partial(_good, is_there=True),
        (CONDITION, PHOTO, CLASSES, REMARK, HERE),
        label=gettext_lazy("It is in its place"),
        icon="check",
        button=gettext_lazy("Save"),
        at_once=(gettext_lazy("Found (not sent yet)"), "kunyit", "check"),
    ),
    _form(
        "lada.good.missing",
        GOOD,
        partial(_good, is_there=False),
        (
            Field(
                name="reason",
                type="choice",
                label=gettext_lazy("What is the matter?"),
                choices=_choices(said_of("gone")),
            ),
            REMARK,
            PHOTO,
            HERE,
        ),
        label=gettext_lazy("It is not there"),
        icon="circle-alert",
        button=gettext_lazy("Save"),
        at_once=(gettext_lazy("Not there (not sent yet)"), "kunyit", "circle-alert"),
    ),
)
