"""What the serving role may do with money: the ledger grows, and nothing of it changes."""

INSERT_ONLY = (
    "payments_entry",
    "payments_line",
    "payments_notice",
    "payments_closing",
    "payments_settlementline",
)
READ_ONLY = ("payments_account",)
