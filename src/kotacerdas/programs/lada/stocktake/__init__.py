"""Stocktakes at the desk: sessions, what one has found, and what is followed up."""
