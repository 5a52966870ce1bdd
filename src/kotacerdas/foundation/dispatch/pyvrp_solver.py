"""The solver in use: PyVRP, with what it does not know (breaks, a site's daily limit) kept by exact repairs around it."""
