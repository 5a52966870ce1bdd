"""The books: goods that come in as a table, depreciation by semester, locked semesters, and reports."""
