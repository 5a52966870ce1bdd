"""Reads untrusted files in a process of its own. Only the standard library and calamine: no Django, no store."""
