"""Reading strangers' files in a process of its own. Standard library and calamine alone: no Django, no store."""
