"""Whether values of a pack fit the columns they are stored in: texts, whole numbers and decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

_WHOLE = {  # as PostgreSQL stores them
    "SmallIntegerField": (-(2**15), 2**15 - 1),
    "IntegerField": (-(2**31), 2**31 - 1),
    "BigIntegerField": (-(2**63), 2**63 - 1),
    "PositiveSmallIntegerField": (0, 2**15 - 1),
    "PositiveIntegerField": (0, 2**31 - 1),
    "PositiveBigIntegerField": (0, 2**63 - 1),
}


def misfit(column: Any, value: Any) -> str | None:
    """What is wrong with a value for this column, with both numbers; None where it fits."""
    if isinstance(value, str):
        most = getattr(column, "max_length", None)
        if most is not None and len(value) > most:
            return _("%(count)d characters, at most %(most)d fit; write it shorter") % {
                "count": len(value),
                "most": most,
            }
    elif isinstance(column, models.DecimalField) and isinstance(value, int | Decimal):
        return _decimal_misfit(column, Decimal(value))
    elif isinstance(value, int) and not isinstance(value, bool):
        least, most = _WHOLE.get(column.get_internal_type(), (None, None))
        if least is not None and most is not None and not least <= value <= most:
            return _("a number from %(least)d to %(most)d is expected") % {"least": least, "most": most}
    return None


def _decimal_misfit(column: models.DecimalField[Any, Any], value: Decimal) -> str | None:
    places = column.decimal_places or 0
    whole = (column.max_digits or 0) - places
    if abs(value) >= Decimal(10) ** whole:
        return _("%(value)s is too large; at most %(whole)d digits stand before the point") % {
            "value": value,
            "whole": whole,
        }
    if value and max(0, -int(value.normalize().as_tuple().exponent)) > places:
        return _("%(value)s has too many digits; at most %(places)d stand after the point") % {
            "value": value,
            "places": places,
        }
    return None
