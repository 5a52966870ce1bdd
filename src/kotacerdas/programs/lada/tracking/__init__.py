"""Goods that carry a device: trips and stops, fences, maintenance, and their pages."""
