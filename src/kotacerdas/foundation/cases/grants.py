"""Database rights on policies: the serving role only reads them, they come from the pack."""

READ_ONLY = ("cases_policy",)
