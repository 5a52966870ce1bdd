"""Checking and loading a regency pack with the sections of every installed app.

An app's `pack.py` may declare AGENCY_GONE: functions that are given an agency which the pack no longer has, see to
its open work, and return a sentence about it, or "". CHECKS are functions from the manifest to problems in it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.config import stamps
from kotacerdas.config.belonging import AREA, INSTANCE, Owner, must_match, of_stamps
from kotacerdas.config.environment import text
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.foundation.territory.models import Area
from kotacerdas.kernel.discover import discover
from kotacerdas.kernel.errors import Conflict
from kotacerdas.kernel.pack import (
    MANIFEST,
    Counts,
    Pack,
    PackError,
    Problem,
    Section,
    in_order,
    read_manifest,
    read_pack,
    read_tables,
)
from kotacerdas.kernel.packtables import read_pack_tables, tables
from kotacerdas.kernel.programmes import forget_programmes
from kotacerdas.kernel.regency import Regency, flaws_of_instance, read_regency

Open = dict[str, dict[str, str]]  # kind → code → name
_MOST_CLOSED = 0.1
_LISTED = 30


def _silent(_words: str) -> None:
    """Nobody asked."""


def sections() -> list[Section]:
    """What all apps read from a pack, in the order it is loaded."""
    return in_order([section for module in discover("pack") for section in getattr(module, "SECTIONS", ())])


def check_pack(folder: Path) -> Pack:
    """Read and check a pack, its manifest too, without touching the store. Raises PackError with every problem."""
    problems: set[Problem] = set()
    pack = None
    try:
        regency = read_manifest(folder, Regency, others=tables())
        problems.update(flaws_of_instance(regency))
        for module in discover("pack"):
            for wrong in getattr(module, "CHECKS", ()):
                problems.update(wrong(regency))
    except PackError as error:
        problems.update(error.problems)
    problems.update(read_tables(folder, tables())[1])
    try:
        pack = read_pack(folder, sections(), whole=True)
    except PackError as error:
        problems.update(error.problems)
    if problems or pack is None:
        raise PackError(sorted(problems))
    return pack


def load_pack(
    folder: Path, *, may_close_many: bool = False, say: Callable[[str], None] = _silent
) -> dict[str, Counts]:
    """Bring the store to what the pack says, in one transaction; the same pack twice changes nothing.

    may_close_many  although more than a tenth of the areas, agencies or posts go
    say             is told what became of the work of agencies that went

    Rows that the pack no longer has are closed by date or kept, never deleted where something may refer to
    them. Returns the counts by section. Raises PackError before anything is written, StoreError for a store of
    another regency, Conflict with the list where too much would close.
    """
    pack = check_pack(folder)
    read_regency.cache_clear()
    read_pack_tables.cache_clear()
    forget_programmes()
    with transaction.atomic():
        _claim(pack)
        before = _open_rows()
        counts = {
            section.name: section.load(pack.of(section.name), pack)
            for section in sections()
            if section.load is not None
        }
        closed = _closed_since(before)
        if not may_close_many:
            _must_be_few(before, closed)
        for agency in Agency.objects.filter(code__in=closed["agencies"]).order_by("code"):
            for module in discover("pack"):
                for give_back in getattr(module, "AGENCY_GONE", ()):
                    if words := give_back(agency):
                        say(words)
        return counts


def _claim(pack: Pack) -> None:
    """The store is this instance's from the first load on. Raises StoreError where it is another's."""
    instance = pack.table("instance")
    own = Owner(text("KOTACERDAS_INSTANCE", str(instance.get("code", ""))), str(instance.get("area", "")))
    must_match(of_stamps(stamps.known_here()) or _older_owner(), own, pack.folder.name)
    stamps.mark_here(INSTANCE, own.instance)
    stamps.mark_here(AREA, own.area)


def _older_owner() -> Owner | None:
    """Whose a store is that was loaded before stores knew: its regency's, with the code before its ticket numbers."""
    regencies = Area.objects.filter(level=Area.Level.REGENCY, closed_on=None).values_list("code", flat=True)
    if len(regencies) != 1:
        return None
    number = Case.objects.order_by("-opened_at").values_list("number", flat=True).first() or ""
    return Owner(number.partition("-")[0], regencies[0])


def must_keep_code(pack: Pack, owner: Owner | None) -> None:
    """Raises PackError when the pack is for the store's own regency under another code: numbers given bear the old."""
    instance = pack.table("instance")
    code, area = text("KOTACERDAS_INSTANCE", str(instance.get("code", ""))), str(instance.get("area", ""))
    if owner is not None and owner.area == area and owner.instance and owner.instance != code:
        words = {"old": owner.instance, "new": code}
        message = _(
            "[instance] code: ticket numbers of this store begin with %(old)s; write %(old)s, not %(new)s"
        )
        raise PackError([Problem(MANIFEST, 0, message % words)])


def _open_rows() -> Open:
    posts = Position.objects.filter(closed_on=None, from_pack=True).select_related("agency")
    return {
        "areas": dict(Area.objects.filter(closed_on=None).values_list("code", "name")),
        "agencies": dict(Agency.objects.filter(closed_on=None, from_pack=True).values_list("code", "name")),
        "posts": {f"{one.agency.code}/{one.code}": one.title_id for one in posts},
    }


def _closed_since(before: Open) -> Open:
    after = _open_rows()
    return {
        kind: {code: name for code, name in rows.items() if code not in after[kind]}
        for kind, rows in before.items()
    }


def _must_be_few(before: Open, closed: Open) -> None:
    many = [kind for kind, rows in closed.items() if len(rows) > len(before[kind]) * _MOST_CLOSED]
    if not many:
        return
    lines = []
    for kind, rows in closed.items():
        lines.append(_("%(gone)d of %(all)d %(kind)s:") % _numbers(kind, rows, before))
        lines += [f"  {code}  {name}" for code, name in sorted(rows.items())[:_LISTED]]
        if len(rows) > _LISTED:
            lines.append("  …")
    raise Conflict(
        _("This pack closes more than a tenth of what the store has; nothing was loaded:")
        + "\n"
        + "\n".join(lines),
        remedy="\n" + _("If that is meant: ./run pack load --yes"),
    )


def _numbers(kind: str, rows: dict[str, str], before: Open) -> dict[str, Any]:
    words = {"areas": _("areas"), "agencies": _("agencies"), "posts": _("posts")}
    return {"gone": len(rows), "all": len(before[kind]), "kind": words[kind]}
