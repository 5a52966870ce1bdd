"""A living demo of reports: lived through by the real actions, with time moved along, from the pack's stories."""

from kotacerdas.programs.iceta.demo.life import begin, finish
from kotacerdas.programs.iceta.demo.people import sign_ins

__all__ = ["begin", "finish", "sign_ins"]
