"""Reading instruments: as arithmetic for a year, and as one value that says whether anything changed."""

from __future__ import annotations

import hashlib
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.insight.evaluation.instruments.arithmetic import Scoring
from kotacerdas.insight.evaluation.models import Instrument
from kotacerdas.kernel.canonical import canonical_bytes
from kotacerdas.kernel.errors import Invalid


def instruments_on(day: date, kind: str = Instrument.Kind.PANEL) -> list[Instrument]:
    """The instruments in force on a local day."""
    return list(Instrument.objects.on(day).filter(kind=kind))


def scoring_of(instrument: Instrument, year: int) -> Scoring:
    """The instrument's arithmetic in a year. Raises Invalid when it has no weights by then."""
    weights = weights_of(instrument, year)
    return Scoring(
        weights=weights,
        low=Fraction(instrument.scale_from),
        high=Fraction(instrument.scale_to),
        step=Fraction(instrument.step),
        factor=Fraction(instrument.factor),
        rounding=instrument.rounding,
        places=instrument.places,
        classes=[(one.code, one.low, one.high) for one in instrument.classes.all()],
        other_weight=None if instrument.other_weight is None else Fraction(instrument.other_weight),
    )


def weights_of(instrument: Instrument, year: int) -> dict[str, Fraction]:
    """Weight of each measure in a year, summing to 1. Raises Invalid before the first weights."""
    latest: dict[str, tuple[int, Fraction | None]] = {}
    rows = [
        (measure.code, one.from_year, one.weight)
        for measure in instrument.measures.all().prefetch_related("weights")
        for one in measure.weights.all()
    ]
    for code, first, weight in rows:
        if first <= year and first >= latest.get(code, (0, None))[0]:
            latest[code] = (first, None if weight is None else Fraction(weight))
    if not latest:
        raise Invalid(
            _("The instrument %(name)s has no weights for %(year)s.")
            % {"name": instrument.name, "year": year},
            remedy=_("Choose another instrument or another year."),
        )
    total = len(latest)
    return {
        code: Fraction(1, total) if weight is None else weight / 100
        for code, (_first, weight) in latest.items()
    }


def value_of(instrument: Instrument) -> dict[str, Any]:
    """The whole instrument as a JSON value: what a sealed pack carries."""
    return {
        "code": instrument.code,
        "version": instrument.version,
        "kind": instrument.kind,
        "name": {"id": instrument.name_id, "en": instrument.name_en},
        "basis": instrument.basis,
        "scale": [
            str(Fraction(one)) for one in (instrument.scale_from, instrument.scale_to, instrument.step)
        ],
        "factor": str(Fraction(instrument.factor)),
        "assessors": instrument.assessors,
        "rounding": instrument.rounding,
        "places": instrument.places,
        "measures": [
            {
                "code": measure.code,
                "name": {"id": measure.name_id, "en": measure.name_en},
                "weights": [
                    [one.from_year, "" if one.weight is None else str(Fraction(one.weight))]
                    for one in sorted(measure.weights.all(), key=lambda one: one.from_year)
                ],
                "rubric": [[one.level, one.text_id, one.text_en] for one in measure.levels.all()],
            }
            for measure in instrument.measures.all().prefetch_related("weights", "levels")
        ],
        "classes": [[one.code, str(one.low), str(one.high)] for one in instrument.classes.all()],
    }


def digest_of(instrument: Instrument) -> str:
    """SHA-256 (hex) of `value_of`: equal as long as nothing that counts has changed."""
    return hashlib.sha256(canonical_bytes(value_of(instrument))).hexdigest()
