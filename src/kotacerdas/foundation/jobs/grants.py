"""Database rights on jobs: the sealer reads which are due, since it wakes the workers."""

SEAL = {"procrastinate_jobs": "SELECT"}
