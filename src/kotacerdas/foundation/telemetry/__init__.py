"""Devices that speak: what they measured is stored before it is acknowledged, and rules watch over it."""
