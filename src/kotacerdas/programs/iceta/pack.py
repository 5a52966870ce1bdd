"""What the pack says of reports: their categories, with agency, urgency and first-day words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.parties.pack import position_codes
from kotacerdas.foundation.ui.icons import UnknownIcon, icon
from kotacerdas.kernel import clock
from kotacerdas.kernel.pack import Counts, Pack, Section
from kotacerdas.kernel.packstore import upsert
from kotacerdas.programs.iceta.actions.orphans import agency_gone
from kotacerdas.programs.iceta.demo.declarations import SECTIONS as DEMO_SECTIONS
from kotacerdas.programs.iceta.models import Category


@dataclass(frozen=True, kw_only=True)
class CategoryRow:
    """One line of categories.csv, in the order they are offered."""

    code: str
    name_id: str
    name_en: str
    icon: str
    lead: str
    supporting: tuple[str, ...] = ()
    type: Literal["complaint", "information", "aspiration"]
    oversight: bool = False
    urgency: Literal["normal", "urgent", "emergency"]
    public: bool
    group: str = ""
    words: tuple[str, ...] = ()


def check_categories(rows: Sequence[CategoryRow], pack: Pack) -> Iterator[tuple[CategoryRow | None, str]]:
    """Icons exist, oversight belongs to complaints, no agency supports itself; somebody can report and verify.

    A report stands on a category, on the agency where it comes in, and on a post there that verifies.
    """
    if not any(row.type == "complaint" for row in rows):
        yield None, _("categories: without a complaint nobody can report anything")
    desk = str(pack.table("desks").get("coordinating_agency", ""))
    if desk and f"{desk}.coordinator" not in position_codes(pack):
        yield (
            None,
            _("categories: the agency where reports come in (%(code)s) has no post `coordinator`")
            % {"code": desk},
        )
    yield from _unknown_groups(rows, pack)
    for row in rows:
        if row.oversight and row.type != "complaint":
            yield row, _("oversight: only a complaint has oversight content")
        if row.lead in row.supporting:
            yield row, _("supporting: %(code)s leads already") % {"code": row.lead}
        try:
            icon(row.icon)
        except UnknownIcon:
            yield row, _("icon: the lucide set has no %(icon)s") % {"icon": row.icon}


def _unknown_groups(rows: Sequence[CategoryRow], pack: Pack) -> Iterator[tuple[None, str]]:
    """Groups of emergency numbers that no category has: the number would never be shown."""
    known = {row.group for row in rows if row.group}
    for table in ("emergency_numbers", "emergency_instead"):
        lines = pack.manifest.get(table)
        for line in lines if isinstance(lines, list) else ():
            groups = line.get("groups") if isinstance(line, dict) else None
            for group in groups if isinstance(groups, list) else ():
                if group not in known:
                    words = {"table": table, "group": group, "known": ", ".join(sorted(known))}
                    yield (
                        None,
                        _(
                            "pack.toml, [[%(table)s]]: no category has the group %(group)s; known are %(known)s"
                        )
                        % words,
                    )


def load_categories(rows: Sequence[CategoryRow], pack: Pack) -> Counts:
    """Categories by code; those gone from the pack are closed, never deleted."""
    agencies = dict(Agency.objects.values_list("code", "id"))
    wanted = [
        {
            "code": row.code,
            "name_id": row.name_id,
            "name_en": row.name_en,
            "icon": row.icon,
            "lead_id": agencies[row.lead],
            "report_class": row.type,
            "is_oversight": row.oversight,
            "urgency": row.urgency,
            "is_public": row.public,
            "group": row.group,
            "words": list(row.words),
            "order": order,
            "closed_on": None,
        }
        for order, row in enumerate(rows, 1)
    ]
    counts = upsert(Category, ("code",), wanted, gone=_closed)
    _set_supporting(rows, agencies)
    return counts


def _set_supporting(rows: Sequence[CategoryRow], agencies: dict[str, Any]) -> None:
    """Bring the supporting agencies to what the rows say, touching only what differs."""
    through = Category.supporting.through
    categories = dict(Category.objects.values_list("code", "id"))
    wanted = {(categories[row.code], agencies[code]) for row in rows for code in row.supporting}
    here = {(link.category_id, link.agency_id): link.pk for link in through.objects.all()}
    through.objects.filter(pk__in=[pk for pair, pk in here.items() if pair not in wanted]).delete()
    through.objects.bulk_create(
        through(category_id=category, agency_id=agency) for category, agency in wanted - here.keys()
    )


def _closed(row: Any) -> dict[str, date]:
    return {"closed_on": row.closed_on or clock.today()}


AGENCY_GONE = (agency_gone,)
SECTIONS = (
    *DEMO_SECTIONS,
    Section(
        name="categories",
        file="categories.csv",
        row=CategoryRow,
        stored=Category,
        key=("code",),
        load=load_categories,
        after=("agencies",),
        refs={"lead": "agencies.code", "supporting": "agencies.code"},
        check=check_categories,
    ),
)
