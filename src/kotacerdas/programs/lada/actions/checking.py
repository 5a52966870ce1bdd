"""What lines of the ledger say, against the code list and the card: asked once for all lines of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.lada import cards, codes, events
from kotacerdas.programs.lada.models import GoodsCode

if TYPE_CHECKING:
    from kotacerdas.programs.lada.actions.ledger import Line


def content_check(lines: Sequence[Line], goods_codes: dict[UUID, str]) -> None:
    """Raise Invalid for a goods code that is not in the list, at the level where it is wrong, and for facts that
    their card has not, or in another form. Nothing is read for lines that say neither.

    goods_codes   the code of each good that is in the register already
    """
    known = _known(lines)
    for position, line in enumerate(lines, 1):
        code = line.data.get("goods_code") if line.kind in (*events.FIRST, "reclassify") else ""
        if code and (words := next(codes.flaws(code, known), "")):
            raise Invalid(words, fields={f"line_{position}": words}, code="goods_code")
        if facts := line.data.get("facts"):
            card = codes.card_of(code or goods_codes.get(line.asset, ""))
            for _name, words in cards.flaws(card, facts):
                raise Invalid(words, fields={f"line_{position}": words}, code="facts")
        if line.amount < 0 and line.kind in (*events.FIRST, "capitalise"):
            words = _("The value must not become negative.")
            raise Invalid(words, fields={f"line_{position}": words}, code="negative_value")


def known_codes(wanted: set[str]) -> set[str]:
    """Those of these codes, and of the levels above them, that the list has and that are not closed."""
    parts = {part for code in wanted for part in codes.parts(code)}
    if not parts:
        return set()
    return set(GoodsCode.objects.filter(code__in=parts, closed_on=None).values_list("code", flat=True))


def _known(lines: Sequence[Line]) -> set[str]:
    return known_codes({str(one.data["goods_code"]) for one in lines if one.data.get("goods_code")})
