"""The journal's process role."""

from kotacerdas.foundation.journal import sealer
from kotacerdas.kernel.roles import Role

ROLES = (Role(name="sealer", run=sealer.run, rights="seal"),)
