"""Lists of what is due: plates, tax and insurance of vehicles by their day; land that has no certificate."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.kernel import clock
from kotacerdas.programs.lada import queries
from kotacerdas.programs.lada.models import Asset

AHEAD = 60  # days that a list looks ahead
MOST = 500
KINDS = {
    "pelat": _("Plate and STNK"),
    "pajak": _("Vehicle tax"),
    "asuransi": _("Insurance"),
    "sertifikat": _("Certificate"),
}
_FIELDS = {"pelat": "plate_until", "pajak": "tax_until", "asuransi": "insured_until"}


def due_for(grants: Grants, kind: str) -> QuerySet[Asset]:
    """Goods whose day is over or comes within AHEAD days, soonest first; of land those without a certificate, oldest first."""
    goods = queries.assets_for(grants).filter(is_active=True)
    if kind == "sertifikat":
        return goods.filter(card="A", certificate="").order_by("acquired_on", "nibar")
    field = _FIELDS[kind]
    return goods.filter(**{f"{field}__lte": clock.today() + timedelta(days=AHEAD)}).order_by(field, "nibar")


def day_of(asset: Asset, kind: str) -> date | None:
    """The day that it is due; None for a certificate, which has none."""
    return getattr(asset, _FIELDS[kind]) if kind in _FIELDS else None


def left(asset: Asset, kind: str) -> int | None:
    """Days left, below 0 where it is over."""
    day = day_of(asset, kind)
    return (day - clock.today()).days if day is not None else None
