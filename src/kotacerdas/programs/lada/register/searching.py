"""What the register's page asks: words, card, gaps and order as they stand in the address; hits, and counts within them.

Counts are bounded: beyond MOST hits the page says "more than", so that no search reads all of a large register.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models import Value as V
from django.db.models.functions import Concat
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.kernel import clock
from kotacerdas.programs.lada import queries
from kotacerdas.programs.lada.models import Asset, Finding

MOST = 10_000
SHOWN = 25
SHORTEST = 3  # letters that the index finds a word by
SOON = 30  # days before a due day
LOST = ("not_found", "stolen", "missing")
CHIPS = (
    ("foto", "no_photo", _("No photo")),
    ("tempat", "no_place", _("No place")),
    ("label", "no_label", _("No label")),
    ("sertifikat", "no_certificate", _("Land without certificate")),
    ("stnk", "plate_due", _("STNK due")),
    ("hilang", "not_found", _("Not found")),
)
ORDERS: dict[str, tuple[Any, ...]] = {
    "nibar": ("nibar",),
    "nama": ("name", "nibar"),
    "nilai": ("-value", "nibar"),
    "baru": ("-acquired_on", "nibar"),
}
ORDER_LABELS = (
    ("nibar", _("NIBAR")),
    ("nama", _("name")),
    ("nilai", _("value, highest first")),
    ("baru", _("newest first")),
)
CONDITIONS = ("good", "light", "heavy")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What stands in the address of the register, cleaned: what is unknown there is left out."""

    words: str = ""
    card: str = ""
    gap: str = ""
    agency: str = ""
    condition: str = ""
    order: str = "nibar"

    @property
    def is_too_short(self) -> bool:
        """Words are there, and none is long enough to search by."""
        return bool(self.words) and all(len(one) < SHORTEST for one in self.words.split())

    def query(self, **changed: str) -> str:
        """The address of the same question with something changed; "" stands for none of it."""
        given = {
            "q": self.words,
            "kib": self.card,
            "celah": self.gap,
            "opd": self.agency,
            "kondisi": self.condition,
            "urut": self.order if self.order != "nibar" else "",
            **changed,
        }
        out = QueryDict(mutable=True)
        for name, value in given.items():
            if value:
                out[name] = value
        return out.urlencode()


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Counts within a search, bounded: `total` is MOST + 1 where there are more, and the others are then empty."""

    total: int
    cards: dict[str, int]
    gaps: dict[str, int]

    @property
    def is_more(self) -> bool:
        return self.total > MOST


def asked(request: HttpRequest) -> Asked:
    """The question of a request."""
    get = request.GET
    gap, card = get.get("celah", ""), get.get("kib", "").upper()
    condition, order = get.get("kondisi", ""), get.get("urut", "")
    return Asked(
        words=" ".join(get.get("q", "").replace("\x00", "").split())[:100],
        card=card if card in set("ABCDEF") else "",
        gap=gap if gap in {one[0] for one in CHIPS} else "",
        agency=get.get("opd", "").replace("\x00", "")[:30],
        condition=condition if condition in CONDITIONS else "",
        order=order if order in ORDERS else "nibar",
    )


def gap_of(name: str, today: date) -> Q:
    """The rule of a chip, by its name; the list and the count both go by it."""
    return {
        "no_photo": Q(has_photo=False),
        "no_place": Q(room=None, lat=None),
        "no_label": Q(has_label=False),
        "no_certificate": Q(card="A", certificate=""),
        "plate_due": Q(plate_until__lte=today + timedelta(days=SOON)),
        "not_found": Q(id__in=_lost()),
    }[name]


def within(grants: Grants, question: Asked) -> QuerySet[Asset]:
    """Goods that fit words, agency and condition: what tabs and chips are counted in."""
    found = queries.assets_for(grants).filter(is_active=True)
    if question.words and not question.is_too_short:
        found = queries.found(found, question.words)
    if question.agency:
        found = found.filter(agency__code=question.agency)
    if question.condition:
        found = found.filter(condition=question.condition)
    return found


def hits(grants: Grants, question: Asked) -> QuerySet[Asset]:
    """Goods that fit the whole question, in no order."""
    found = within(grants, question).order_by()
    if question.card:
        found = found.filter(card=question.card)
    if question.gap:
        name = next(name for code, name, _label in CHIPS if code == question.gap)
        found = found.filter(gap_of(name, clock.today()))
    return found


def ordered(found: QuerySet[Asset], question: Asked, *, is_more: bool) -> QuerySet[Asset]:
    """Hits in the order that was asked for; of more than MOST always by NIBAR, so that no page sorts a large register."""
    if is_more:
        return found.order_by("nibar")
    if question.order == "nibar":  # sorted, so that the words' index is used and not that of the order
        return found.annotate(by=Concat(F("nibar"), V(""))).order_by("by")
    return found.order_by(*ORDERS[question.order])


def counted(grants: Grants, question: Asked) -> Counted:
    """How many goods a search finds, by card and by gap; at most MOST + 1 rows are read."""
    today, found = clock.today(), within(grants, question).order_by()
    total = bounded(found)
    if total > MOST:
        return Counted(total=total, cards={}, gaps={})
    names = [name for _code, name, _label in CHIPS]
    sums = found.aggregate(
        **{f"card_{one}": Count("id", filter=Q(card=one)) for one in "ABCDEF"},
        **{f"gap_{name}": Count("id", filter=gap_of(name, today)) for name in names},
    )
    return Counted(
        total=total,
        cards={one: sums[f"card_{one}"] for one in "ABCDEF"},
        gaps={code: sums[f"gap_{name}"] for code, name, _label in CHIPS},
    )


def bounded(found: QuerySet[Asset]) -> int:
    """How many rows, MOST + 1 where there are more."""
    return found.order_by()[: MOST + 1].count()


def _lost() -> QuerySet[Any]:
    """Goods that a stocktake did not find, and whose finding is not settled."""
    wanted = Q()
    for one in LOST:
        wanted |= Q(classes__contains=[one])
    open_ones = Finding.objects.filter(wanted, case__closed_at=None).exclude(asset=None)
    return open_ones.values("asset")
