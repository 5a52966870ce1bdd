"""Goods with their opening balances as a table, in and out by the same columns."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kotacerdas.kernel.sheets import Sheet
from kotacerdas.programs.lada.books.columns import COLUMNS
from kotacerdas.programs.lada.books.importing import check, take
from kotacerdas.programs.lada.permissions import CHANGE

OPENINGS = Sheet(
    name="lada.openings",
    words=_("Goods with opening balances"),
    about=_(
        "An export of SIMDA or e-BMD, any card: price, audited depreciation and its day. "
        "All goods of a file are one change that the asset office approves."
    ),
    key=("goods_code", "register_no"),
    permission=CHANGE,
    check=check,
    take=take,
    columns=COLUMNS,
    onward=("lada:changes:queue", _("Changes to goods")),
)
SHEETS = (OPENINGS,)
