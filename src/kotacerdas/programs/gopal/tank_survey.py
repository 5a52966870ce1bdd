"""The survey of tanks on a phone: new ones registered, known ones changed, two people's changes merged by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.fields import Choice, Field, Words
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.sync.declarations import FieldForm, Filled, Found, Item, Records
from kotacerdas.foundation.sync.merging import FieldConflict, merged
from kotacerdas.foundation.territory.queries import area_by_code, villages
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing
from kotacerdas.programs.gopal import queries
from kotacerdas.programs.gopal.actions.tanks import LARGEST_L, MOST_USERS, tank_change, tank_register
from kotacerdas.programs.gopal.models import Tank, TankPhoto
from kotacerdas.programs.gopal.pack_tables import desludging
from kotacerdas.programs.gopal.permissions import SURVEY

NAME = "gopal.tank"
PLAIN = ("address", "area_code", "tank_class", "volume_l", "hose_m", "users")


def fields() -> tuple[Field, ...]:
    """What is asked of a tank."""
    classes = (Choice(one.code, Words(one.name_id, one.name_en)) for one in queries.open_classes())
    places = sorted(villages(), key=lambda area: area.full_name)
    optional = partial(Field, required=False)
    return (
        Field(name="place", type="position", label=gettext_lazy("Where is the tank?")),
        optional(name="address", type="text", label=gettext_lazy("Address"), longest=200),
        optional(
            name="area_code",
            type="choice",
            label=gettext_lazy("Village"),
            choices=tuple(Choice(one.code, Words(one.full_name, one.full_name)) for one in places),
        ),
        Field(
            name="tank_class",
            type="choice",
            label=gettext_lazy("Class of the building"),
            choices=tuple(classes),
        ),
        optional(
            name="volume_l",
            type="integer",
            label=gettext_lazy("Holds"),
            unit="liter",
            least=100,
            most=LARGEST_L,
            step=100,
        ),
        optional(
            name="hose_m",
            type="integer",
            label=gettext_lazy("Hose from where a truck can stand"),
            unit="m",
            least=0,
            most=desludging().longest_hose_m,
        ),
        optional(name="users", type="integer", label=gettext_lazy("Users"), least=1, most=MOST_USERS),
        optional(
            name="last_emptied_on",
            type="date",
            label=gettext_lazy("Emptied last"),
            most="today",
            merge="last",
        ),
        optional(name="photos", type="photos", label=gettext_lazy("Photos"), most=5),
    )


def _rows(actor: Actor) -> Iterator[Found]:
    tanks = queries.tanks_for(actor.grants).filter(closed_on=None).order_by("-made_at", "code")
    for tank in tanks.iterator(chunk_size=200):
        yield Found(tank.id, partial(_item, tank))


def _item(tank: Tank) -> Item:
    area = area_by_code(tank.area_code) if tank.area_code else None
    return Item(
        id=tank.id,
        title=tank.code,
        small=tank.address or (area.full_name if area is not None else ""),
        lat=tank.lat,
        lng=tank.lng,
        forms=(f"{NAME}.change",),
        values=answers(tank),
    )


def answers(tank: Tank) -> dict[str, Any]:
    """A tank as the answers of its survey."""
    found: dict[str, Any] = {name: getattr(tank, name) for name in PLAIN}
    if tank.lat is not None and tank.lng is not None:
        found["place"] = {"lat": round(tank.lat, 6), "lng": round(tank.lng, 6)}
    if tank.last_emptied_on is not None:
        found["last_emptied_on"] = tank.last_emptied_on.isoformat()
    return {name: value for name, value in found.items() if value not in (None, "")}


def facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of the survey as facts of a tank; what was taken away becomes empty."""
    found = {name: values.get(name) for name in PLAIN}
    found |= {name: values.get(name) or "" for name in ("address", "area_code")}
    found["hose_m"] = values.get("hose_m") or 0
    place, emptied = values.get("place") or {}, values.get("last_emptied_on")
    found |= {"lat": place.get("lat"), "lng": place.get("lng")}
    found["last_emptied_on"] = date.fromisoformat(str(emptied)) if emptied else None
    return found


def _make(*, actor: Actor, given: Filled) -> Refs:
    tank = tank_register(actor=actor, agency=queries.serving_agency(), step="survey", **facts(given.values))
    return {"tank": str(tank.id)}


def _change(*, actor: Actor, given: Filled) -> Refs:
    with transaction.atomic():
        tank = (
            queries.tanks_for(actor.grants)
            .select_for_update(of=("self",))
            .filter(id=given.item or UUID(int=0))
            .first()
        )
        if tank is None:
            raise Missing(_("This tank is gone, or belongs to another agency."), remedy=_("Ask the desk."))
        asked = tuple(one for one in fields() if one.name != "photos")
        stored = answers(tank)
        result = merged(asked, base=given.base, stored=stored, mine=given.values)
        if result.asked:
            raise FieldConflict(result.asked)
        before, after = facts(stored), facts(result.values)
        changed = {name: value for name, value in after.items() if before[name] != value}
        if changed:
            tank_change(actor=actor, tank=tank, step="survey", **_whole_place(changed, after))
        return {"tank": str(tank.id)}


def _whole_place(changed: dict[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """A position is changed as a whole."""
    if {"lat", "lng"} & changed.keys():
        changed |= {"lat": after["lat"], "lng": after["lng"]}
    return changed


def _attach(actor: Actor, refs: Refs, name: str, file: StoredFile, at: datetime) -> None:
    TankPhoto.objects.create(tank_id=UUID(refs["tank"]), file=file, taken_at=at)
    StoredFile.objects.filter(id=file.id, claimed_at=None).update(claimed_at=clock.now())


TANK_RECORDS = Records(
    name=NAME,
    label=gettext_lazy("Septic tanks"),
    icon="database",
    permission=SURVEY,
    rows=_rows,
    is_today=False,
)
_form = partial(FieldForm, icon="database", fields=fields, button=gettext_lazy("Save"), attach=_attach)
TANK_FORMS = (
    _form(
        command=Command(name=f"{NAME}.survey", input=Filled, run=_make, permission=SURVEY),
        label=gettext_lazy("New tank"),
    ),
    _form(
        command=Command(name=f"{NAME}.change", input=Filled, run=_change, permission=SURVEY),
        label=gettext_lazy("Change the tank"),
        on=NAME,
    ),
)
