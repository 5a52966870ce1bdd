"""Actions on tanks: registered, surveyed, changed; each change is journaled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.territory.queries import area_by_code, inside_regency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.kernel.texts import clean_line
from kotacerdas.programs.gopal.models import Building, Tank, TankClass, TankPhoto
from kotacerdas.programs.gopal.pack_tables import desludging
from kotacerdas.programs.gopal.permissions import IMPORT, ORDER, SURVEY

SUBJECT = "gopal.tank"
FACTS = ("area_code", "lat", "lng", "address", "tank_class", "volume_l", "hose_m", "skills", "users")
LARGEST_L, MOST_USERS = 200_000, 5_000


def tank_register(
    *,
    actor: Actor,
    agency: Agency,
    code: str = "",
    photos: Iterable[StoredFile] = (),
    buildings: Iterable[str] = (),
    step: str = "register",
    **facts: Any,
) -> Tank:
    """Put a tank into the register of an agency; without a code it gets its village's next one.

    Raises Refused, Conflict for a code that is taken, Invalid with the fields that cannot be.
    """
    may_change(actor, agency)
    return tank_made(
        actor=actor, agency=agency, code=code, photos=photos, buildings=buildings, step=step, **facts
    )


def tank_made(
    *,
    actor: Actor,
    agency: Agency,
    code: str = "",
    photos: Iterable[StoredFile] = (),
    buildings: Iterable[str] = (),
    step: str = "register",
    **facts: Any,
) -> Tank:
    """The same, by an action that has looked whether the actor may."""
    with transaction.atomic():
        code = clean_line(code) or next_code(str(facts.get("area_code", "")))
        if Tank.objects.filter(code=code).exists():
            raise Conflict(_("Another tank has this code."), remedy=_("Choose another code."))
        tank = Tank(code=code, agency=agency)
        _set(tank, facts)
        tank.save()
        _more(tank, photos, buildings)
        _journal(tank, step, actor, sorted(facts))
        return tank


def tank_change(
    *,
    actor: Actor,
    tank: Tank,
    photos: Iterable[StoredFile] = (),
    buildings: Iterable[str] | None = None,
    step: str = "change",
    **facts: Any,
) -> Tank:
    """Change what is known of a tank: the facts that are given, and no others. Raises Refused, Invalid."""
    may_change(actor, tank.agency)
    with transaction.atomic():
        tank = Tank.objects.select_for_update().select_related("agency").get(id=tank.id)
        changed = [name for name, value in facts.items() if getattr(tank, name) != value]
        _set(tank, facts)
        tank.save()
        _more(tank, photos, buildings)
        _journal(tank, step, actor, sorted(changed))
        return tank


def may_change(actor: Actor, agency: Agency) -> None:
    """Raise Refused for whoever neither surveys nor imports tanks of that agency."""
    if not any(actor.grants.may(one, agencies=[agency.id]) for one in (SURVEY, IMPORT, ORDER)):
        raise Refused(
            _("The tanks of this agency are not yours to change."), remedy=_("Ask its desludging planner.")
        )


def next_code(area_code: str) -> str:
    """The next free code of a village: `TS-<village>-<number>`. Takes a lock until the transaction ends."""
    prefix = f"TS-{area_code or '0'}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 22))", [prefix])
    last = (
        Tank.objects.filter(code__startswith=prefix).order_by("-code").values_list("code", flat=True).first()
    )
    number = int(last.rpartition("-")[2]) + 1 if last and last.rpartition("-")[2].isdigit() else 1
    return f"{prefix}{number:05d}"


def facts_checked(facts: Mapping[str, Any]) -> dict[str, str]:
    """What cannot be among the facts of a tank: words by field."""
    found: dict[str, str] = {}
    lat, lng = facts.get("lat"), facts.get("lng")
    if (lat is None) != (lng is None):
        found["place"] = _("A position is a latitude and a longitude.")
    elif lat is not None and lng is not None and not inside_regency(lat, lng):
        found["place"] = _("This position lies in the sea or outside the regency.")
    code = facts.get("area_code", "")
    if code and area_by_code(code) is None:
        found["area_code"] = _("There is no village with this code.")
    if (chosen := facts.get("tank_class")) is not None and (words := class_wrong(str(chosen))):
        found["tank_class"] = words
    if (hose := facts.get("hose_m") or 0) > (longest := desludging().longest_hose_m):
        found["hose_m"] = _("%(given)d m is more than our longest hose: %(most)d m.") % {
            "given": hose,
            "most": longest,
        }
    for name, most in (("volume_l", LARGEST_L), ("users", MOST_USERS)):
        value = facts.get(name)
        if value is not None and not 1 <= value <= most:
            found[name] = _("From 1 to %(most)d.") % {"most": most}
    return found


def class_wrong(code: str) -> str:
    """Why a class of tanks cannot be chosen; "" where it can."""
    found = TankClass.objects.filter(code=code).first()
    if found is None:
        return _("There is no such class.")
    if found.closed_on is not None and found.closed_on <= clock.today():
        return _("This class is closed. Choose another one.")
    return ""


def _set(tank: Tank, facts: Mapping[str, Any]) -> None:
    if unknown := set(facts) - {*FACTS, "last_emptied_on", "owner", "contact"}:
        raise LookupError(f"no facts of a tank: {sorted(unknown)}")
    if wrong := facts_checked(facts):
        raise Invalid(_("Look at what is marked."), fields=wrong)
    emptied = facts.get("last_emptied_on")
    if emptied is not None and emptied > clock.today():
        raise Invalid(_("Look at what is marked."), fields={"last_emptied_on": _("This day lies ahead.")})
    for name, value in facts.items():
        setattr(tank, name, clean_line(value)[:200] if name == "address" else value)


def _more(tank: Tank, photos: Iterable[StoredFile], buildings: Iterable[str] | None) -> None:
    """Photos are added; the buildings are those that are given, made where they are new."""
    chosen = list(photos)
    TankPhoto.objects.bulk_create(TankPhoto(tank=tank, file=one) for one in chosen)
    StoredFile.objects.filter(id__in=[one.id for one in chosen]).update(claimed_at=clock.now())
    if buildings is not None:
        codes = [clean_line(one)[:40] for one in buildings if one.strip()]
        known = {one.code: one for one in Building.objects.filter(code__in=codes)}
        made = [
            Building(code=code, name=code, area_code=tank.area_code)
            for code in dict.fromkeys(codes)
            if code not in known
        ]
        Building.objects.bulk_create(made)
        tank.buildings.set([*known.values(), *made])


def _journal(tank: Tank, step: str, actor: Actor, changed: list[str]) -> None:
    append(
        verb=f"{SUBJECT}.{step}",
        subject=(SUBJECT, tank.id),
        actor=actor.code,
        codes={"agency": tank.agency.code, "area": tank.area_code, "tank_class": tank.tank_class},
        payload={"changed": changed},
    )
