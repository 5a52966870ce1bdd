"""Pure helpers without tables. Imports nothing of the house."""
