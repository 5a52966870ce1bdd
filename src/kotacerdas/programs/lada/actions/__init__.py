"""Everything that writes goods, their ledger, changes, labels, stocktakes, locked semesters and fences."""
