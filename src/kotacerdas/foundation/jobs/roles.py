"""The process role that runs jobs."""

from kotacerdas.foundation.jobs import worker
from kotacerdas.kernel.roles import Role

ROLES = (Role(name="worker", run=worker.run, rights="serve"),)
