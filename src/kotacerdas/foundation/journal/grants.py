"""What the serving role may do with the journal's tables."""

INSERT_ONLY = ("journal_row",)
READ_ONLY = ("journal_sealed", "journal_block", "journal_key")
OWNER_ONLY = ("journal_pending",)

SEAL = {
    "journal_row": "SELECT",
    "journal_pending": "SELECT, DELETE",
    "journal_sealed": "SELECT, INSERT",
    "journal_block": "SELECT, INSERT",
    "journal_key": "SELECT, INSERT",
}
