"""Many devices from a table of comma-separated values."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry.actions.devices import DeviceDraft, device_create, draft_flaws
from kotacerdas.foundation.telemetry.models import Device
from kotacerdas.foundation.telemetry.permissions import MANAGE
from kotacerdas.kernel.errors import KotaError

COLUMNS = ("code", "name", "kind", "agency", "area_code", "lat", "lng", "note")
MOST = 2_000
Problem = tuple[int, str]


def read_rows(text: str, grants: Grants) -> tuple[list[DeviceDraft], list[Problem]]:
    """Drafts of all lines, and (line, what is wrong) of every mistake. The first line names the columns."""
    text = text.replace("\x00", "")
    first = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    names = [str(one).strip().lower() for one in rows.fieldnames or ()]
    rows.fieldnames = names
    lacking = [one for one in COLUMNS[:4] if one not in names]
    if lacking:
        return [], [(1, _("The column %(name)s is missing.") % {"name": ", ".join(lacking)})]
    agencies = {one.code: one for one in Agency.objects.filter(closed_on=None)}
    drafts: list[DeviceDraft] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for row in rows:
        if len(drafts) >= MOST:
            problems.append((rows.line_num, _("At most %(n)s devices at once.") % {"n": MOST}))
            break
        draft, wrong = _draft({key: (value or "") for key, value in row.items() if key}, agencies, grants)
        problems += [(rows.line_num, one) for one in wrong]
        if draft is not None:
            if draft.code in seen:
                repeated = _("The code %(code)s stands in line %(line)s already.")
                problems.append((rows.line_num, repeated % {"code": draft.code, "line": seen[draft.code]}))
            seen[draft.code] = rows.line_num
            drafts.append(draft)
    existing = Device.objects.filter(code__in=list(seen)).values_list("code", flat=True)
    problems += [(seen[code], _("There is a device %(code)s already.") % {"code": code}) for code in existing]
    return drafts, sorted(problems)


def _draft(
    row: dict[str, str], agencies: dict[str, Agency], grants: Grants
) -> tuple[DeviceDraft | None, list[str]]:
    typed = {name: row.get(name, "").strip() for name in COLUMNS}
    if not any(typed.values()):
        return None, []
    agency = agencies.get(typed["agency"])
    if agency is None:
        return None, [_("There is no agency %(code)s.") % {"code": typed["agency"]}]
    if not grants.may(MANAGE, agencies=[agency.id], area=typed["area_code"]):
        return None, [_("You may not register devices of %(agency)s.") % {"agency": agency.short_name}]
    numbers: dict[str, float | None] = {}
    for name in ("lat", "lng"):
        try:
            numbers[name] = float(typed[name].replace(",", ".")) if typed[name] else None
        except ValueError:
            return None, [_("%(name)s: this must be a number.") % {"name": name}]
    draft = DeviceDraft(
        code=typed["code"].lower(),
        name=typed["name"],
        kind=typed["kind"],
        agency=agency,
        area_code=typed["area_code"],
        note=typed["note"],
        lat=numbers["lat"],
        lng=numbers["lng"],
    )
    return draft, [f"{name}: {words}" for name, words in draft_flaws(draft).items()]


def device_import(
    *, actor: Actor, drafts: Sequence[DeviceDraft]
) -> tuple[list[tuple[Device, str]], list[Problem]]:
    """All devices with their secrets, or none and what is wrong."""
    try:
        with transaction.atomic():
            return [device_create(actor=actor, draft=one) for one in drafts], []
    except KotaError as error:
        return [], [(0, str(error))]
