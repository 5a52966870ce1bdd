"""The clocks' process role."""

from kotacerdas.foundation.cases import lookout
from kotacerdas.kernel.roles import Role

ROLES = (Role(name="clocks", run=lookout.run),)
