"""The indicators' process role."""

from kotacerdas.foundation.indicators import engine
from kotacerdas.kernel.roles import Role

ROLES = (Role(name="follower", run=engine.run),)
