"""A living fortnight of desludging: orders, plans, trucks, manifests and money, all by the real actions."""

from kotacerdas.programs.gopal.demo.life import begin, finish

__all__ = ["begin", "finish"]
