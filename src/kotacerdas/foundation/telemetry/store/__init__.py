"""Observations in tables by month, their rollups, and how long they are kept."""
