"""Database rights on money: the serving role may add to the ledger, never change it."""

INSERT_ONLY = (
    "payments_entry",
    "payments_line",
    "payments_notice",
    "payments_closing",
    "payments_settlementline",
)
READ_ONLY = ("payments_account",)
