"""What the serving role may do with the promises' budgets: they come from the pack alone."""

READ_ONLY = ("cases_policy",)
