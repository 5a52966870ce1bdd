"""Django's backend for PostgreSQL, which looks at a kept connection without a statement."""
