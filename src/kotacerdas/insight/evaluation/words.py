"""Figures in words: the unit of a sheet, as the page's language writes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotacerdas.foundation.ui.tags.words import number, rupiah
from kotacerdas.insight.evaluation.models import IndicatorSheet, Label

_read: ContextVar[dict[tuple[str, str], Label] | None] = ContextVar("labels_read", default=None)
_MILLION, _BILLION = Decimal(10) ** 6, Decimal(10) ** 9


def figure(sheet: IndicatorSheet, value: Decimal | float | None, *, places: int | None = None) -> str:
    """`94,5%`, `Rp50,1 miliar`, `208 bidang`, `5 jam kerja`; "" for nothing."""
    shown = without_unit(sheet, value, places=places)
    return shown if not shown or sheet.unit in ("percent", "IDR") else f"{shown} {unit(sheet.unit)}"


def without_unit(sheet: IndicatorSheet, value: Decimal | float | None, *, places: int | None = None) -> str:
    """The same where the unit stands elsewhere or has no room; percent and rupiah keep their sign."""
    if value is None:
        return ""
    exact = Decimal(str(value))
    if sheet.unit == "percent":
        return f"{_rounded(exact, 1 if places is None else places)}%"
    if sheet.unit == "IDR":
        return _money(exact)
    return _rounded(exact, (1 if sheet.kind == "duration" else 0) if places is None else places)


@contextmanager
def labels_read() -> Iterator[None]:
    """Read all labels of the pack once for a page that shows many; inside, `label` asks the store no more."""
    known = {(one.domain, one.code): one for one in Label.objects.all()}
    token = _read.set(known)
    try:
        yield
    finally:
        _read.reset(token)


def unit(code: str) -> str:
    """The word for a unit, from the pack's labels."""
    return label("unit", code)


def label(domain: str, code: str) -> str:
    """The pack's word for a code in the language of the page; the code itself when it has none."""
    known = _read.get()
    if known is None:
        found = Label.objects.filter(domain=domain, code=code).first()
    else:
        found = known.get((domain, code))
    if found is None:
        return code
    return found.name_en if (get_language() or "id").startswith("en") else found.name_id


def _rounded(value: Decimal, places: int) -> str:
    rounded = round(value, places)
    whole = rounded == rounded.to_integral_value()
    return str(number(int(rounded) if whole else float(rounded)))


def _money(value: Decimal) -> str:
    if abs(value) >= _BILLION:
        return _("Rp%(n)s billion") % {"n": _rounded(value / _BILLION, 1)}
    if abs(value) >= _MILLION:
        return _("Rp%(n)s million") % {"n": _rounded(value / _MILLION, 1)}
    return str(rupiah(int(value)))
