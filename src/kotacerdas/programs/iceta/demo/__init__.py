"""A living demo of reports: lived through by the real actions, with time moved along, from the pack's stories."""

from kotacerdas.programs.iceta.demo.life import begin, finish

__all__ = ["begin", "finish"]
