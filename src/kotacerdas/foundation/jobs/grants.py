"""The sealer wakes the workers when something is due: it must see whether anything is."""

SEAL = {"procrastinate_jobs": "SELECT"}
