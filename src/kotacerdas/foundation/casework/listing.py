"""The filters over all cases of one's agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Assignment, Case
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.casework.origin import Origin
from kotacerdas.foundation.casework.queries import agency_cases, list_scope
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui.shapes import Chip

NOBODY = "kosong"
STATE, DISTRICT, HOLDER = "keadaan", "kecamatan", "pemegang"
_OPEN = "terbuka"


@dataclass(frozen=True)
class ListFilter:
    """State, district and holder, as the address says them; what is unknown there is not a filter."""

    desk: Desk
    grants: Grants
    state: str
    district: str
    holder: str

    @classmethod
    def of(cls, request: HttpRequest, desk: Desk, grants: Grants) -> ListFilter:
        """Read the address."""
        state, district = request.GET.get(STATE, ""), request.GET.get(DISTRICT, "")
        return cls(
            desk=desk,
            grants=grants,
            state=state if state == _OPEN or state in desk.lifecycle.by_state else "",
            district=district if area_by_code(district) else "",
            holder=_holder(request.GET.get(HOLDER, "")),
        )

    def base(self) -> QuerySet[Case]:
        """The cases within district and holder, whatever their state."""
        cases = agency_cases(self.desk, self.grants)
        if self.district:
            cases = cases.filter(Q(area_code=self.district) | Q(area_code__startswith=f"{self.district}."))
        if self.holder:
            part = self._parts().filter(case=OuterRef("pk"))
            held = (
                part.filter(holder=None) if self.holder == NOBODY else part.filter(holder=UUID(self.holder))
            )
            cases = cases.filter(Exists(held))
        return cases

    def cases(self) -> QuerySet[Case]:
        """The cases that fit, newest first."""
        cases = self.base().order_by("-opened_at", "-id")
        if self.state == _OPEN:
            return cases.filter(state__in=self.desk.lifecycle.undone)
        return cases.filter(state=self.state) if self.state else cases

    def counts(self) -> dict[str, int]:
        """How many there are in each state, in one query."""
        rows = self.base().order_by().values("state").annotate(n=Count("id"))
        return dict(rows.values_list("state", "n"))

    def total(self, counts: dict[str, int]) -> int:
        """How many fit, from the counts."""
        if self.state == _OPEN:
            return sum(counts.get(state, 0) for state in self.desk.lifecycle.undone)
        return counts.get(self.state, 0) if self.state else sum(counts.values())

    def chips(self, counts: dict[str, int], origin: Origin) -> list[Chip]:
        """All, open, then the states that the desk names."""
        by_state = self.desk.lifecycle.by_state
        opened = sum(counts.get(state, 0) for state in self.desk.lifecycle.undone)
        shown: list[tuple[str, object, int]] = [
            ("", _("All"), sum(counts.values())),
            (_OPEN, _("Still open"), opened),
            *((name, by_state[name].label, counts.get(name, 0)) for name in self.desk.states),
        ]
        if self.state and self.state not in {name for name, _label, _n in shown}:
            shown.append((self.state, by_state[self.state].label, counts.get(self.state, 0)))
        return [
            Chip(
                text=label,
                url=origin.with_value(STATE, "" if name == self.state else name).url,
                count=count,
                on=name == self.state,
                removable=bool(name) and name == self.state,
            )
            for name, label, count in shown
        ]

    def holders(self) -> Sequence[User]:
        """Who holds open work of one's agencies."""
        held = self._parts().filter(case__kind=self.desk.kind).exclude(holder=None)
        return list(User.objects.filter(id__in=held.values("holder")).order_by("name"))

    def _parts(self) -> QuerySet[Assignment]:
        """Open work of one's agencies, by which the list is narrowed to a holder."""
        agencies = list_scope(self.desk, self.grants).agencies
        return Assignment.objects.filter(is_open=True, role__in=self.desk.roles, agency__in=agencies)


def _holder(text: str) -> str:
    if text == NOBODY:
        return text
    try:
        return str(UUID(text))
    except ValueError:
        return ""
