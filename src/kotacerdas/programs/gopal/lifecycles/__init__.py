"""The life of an order, and of a difference."""

from kotacerdas.programs.gopal.lifecycles.differences import DIFFERENCE
from kotacerdas.programs.gopal.lifecycles.orders import ORDER

LIFECYCLES = (ORDER, DIFFERENCE)
