"""The queue's process role."""

from kotacerdas.foundation.jobs import worker
from kotacerdas.kernel.roles import Role

ROLES = (Role(name="worker", run=worker.run, rights="serve"),)
