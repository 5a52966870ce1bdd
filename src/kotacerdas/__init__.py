"""Kota Cerdas: the platform on which a regency runs its smart-city Quick Wins."""

__version__ = "0.1.0"
