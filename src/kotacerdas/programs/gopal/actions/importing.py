"""A whole list of tanks stored at once: few statements for thousands of rows, each change journaled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import row_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel.errors import Conflict, Refused
from kotacerdas.kernel.inserts import insert_together
from kotacerdas.programs.gopal.actions.tanks import FACTS, SUBJECT
from kotacerdas.programs.gopal.models import Building, Tank
from kotacerdas.programs.gopal.permissions import IMPORT

BATCH = 1000
FIELDS = (*FACTS, "last_emptied_on")


def tanks_import(*, actor: Actor, agency: Agency, rows: Iterable[Mapping[str, Any]]) -> int:
    """Register or change tanks by code; how many. The values were checked by the sheet.

    Raises Refused without the right at the agency, Conflict for a code of another agency; nothing is stored then.
    """
    if not actor.grants.may(IMPORT, agencies=[agency.id]):
        raise Refused(_("You read no tanks in for this agency."), remedy=_("Ask its desludging planner."))
    with transaction.atomic():
        return sum(_batch(actor, agency, batch) for batch in _batches(rows))


def _batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def _batch(actor: Actor, agency: Agency, rows: list[Mapping[str, Any]]) -> int:
    codes = [row["code"] for row in rows]
    known = {one.code: one for one in Tank.objects.select_for_update().filter(code__in=codes)}
    if any(one.agency_id != agency.id for one in known.values()):
        raise Conflict(_("A tank of this file was given to another agency meanwhile."))
    new: list[Tank] = []
    changed: list[Tank] = []
    journal = []
    for row in rows:
        tank = known.get(row["code"])
        step = "change" if tank else "register"
        tank = tank or Tank(code=row["code"], agency=agency)
        names = [name for name in FIELDS if row.get(name) is not None and getattr(tank, name) != row[name]]
        for name in names:
            setattr(tank, name, row[name])
        (changed if step == "change" else new).append(tank)
        journal.append(_row(tank, agency, step, actor, names))
    Tank.objects.bulk_create(new)
    Tank.objects.bulk_update(changed, FIELDS)
    _buildings({row["code"]: row.get("buildings") or [] for row in rows}, [*new, *changed])
    insert_together(journal)
    return len(rows)


def _row(tank: Tank, agency: Agency, step: str, actor: Actor, names: list[str]) -> Row:
    return row_of(
        verb=f"{SUBJECT}.{step}",
        subject=(SUBJECT, tank.id),
        actor=actor.code,
        codes={"agency": agency.code, "area": tank.area_code, "tank_class": tank.tank_class},
        payload={"changed": sorted(names)},
    )


def _buildings(wanted: Mapping[str, list[str]], tanks: list[Tank]) -> None:
    """The buildings of these tanks; a row that names none leaves what is known."""
    codes = sorted({code for some in wanted.values() for code in some})
    if not codes:
        return
    areas = {code: one.area_code for one in tanks for code in wanted[one.code]}
    known = set(Building.objects.filter(code__in=codes).values_list("code", flat=True))
    Building.objects.bulk_create(
        Building(code=code, name=code, area_code=areas[code]) for code in codes if code not in known
    )
    found = {one.code: one for one in Building.objects.filter(code__in=codes)}
    through = Tank.buildings.through
    served = [one for one in tanks if wanted[one.code]]
    through.objects.filter(tank__in=served).delete()
    through.objects.bulk_create(
        through(tank_id=one.id, building_id=found[code].id) for one in served for code in wanted[one.code]
    )
