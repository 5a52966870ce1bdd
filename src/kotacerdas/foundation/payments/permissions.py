"""Who handles money, and the post these permissions come with."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission, Role

TAKE_CASH = "payments.take_cash"
CLOSE_DAY = "payments.close_day"
VIEW_LEDGER = "payments.view_ledger"
REFUND = "payments.refund_payment"
EXPLAIN = "payments.explain_difference"

PERMISSIONS = (
    Permission(name=TAKE_CASH, label=_("take cash and give a receipt")),
    Permission(name=CLOSE_DAY, label=_("count the cash of a day and close it")),
    Permission(name=VIEW_LEDGER, label=_("see payments and the ledger of one's agency")),
    Permission(name=REFUND, label=_("give a payment back, whole or in part")),
    Permission(name=EXPLAIN, label=_("explain a difference between two sides of money")),
)
ROLES = (
    Role(
        name="treasurer",
        label=_("receiving treasurer"),
        permissions=frozenset({TAKE_CASH, CLOSE_DAY, VIEW_LEDGER, REFUND, EXPLAIN}),
    ),
)
