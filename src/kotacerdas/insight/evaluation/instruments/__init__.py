"""Instruments: what the pack says of them, and their arithmetic."""
