"""A living demo of reports: lived through by the real actions, with time moved along, from the pack's stories."""

from kotacerdas.programs.iceta.demo.life import load
from kotacerdas.programs.iceta.demo.people import sign_ins

__all__ = ["load", "sign_ins"]
