"""Soak runs: the whole system under load while its processes are killed, and what must hold afterwards."""
