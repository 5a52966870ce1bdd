"""The pack's rules of depreciation, as the pure reckoning wants them."""

from __future__ import annotations

from kotacerdas.programs.lada.depreciation import Band, Least, Life, Rules
from kotacerdas.programs.lada.models import LifeRule, OverhaulBand, Threshold


def rules_now() -> Rules:
    """All versions of lives, overhaul bands and thresholds that the pack has."""
    return Rules(
        lives=tuple(
            Life(valid_from=one.valid_from, code=one.code, months=one.months, source=one.source)
            for one in LifeRule.objects.all()
        ),
        bands=tuple(
            Band(
                valid_from=one.valid_from,
                code=one.code,
                from_bp=one.from_bp,
                to_bp=one.to_bp,
                add_months=one.add_months,
                source=one.source,
            )
            for one in OverhaulBand.objects.all()
        ),
        thresholds=tuple(
            Least(valid_from=one.valid_from, code=one.code, least=one.least, source=one.source)
            for one in Threshold.objects.all()
        ),
    )
