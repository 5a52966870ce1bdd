"""The indicators' process roles."""

from kotacerdas.foundation.indicators import engine, recount
from kotacerdas.kernel.roles import Role

ROLES = (
    Role(name="follower", run=engine.run),
    Role(name="recount", run=recount.run),
)
