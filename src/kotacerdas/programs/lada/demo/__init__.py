"""Goods of some agencies with their ledger, by the real actions: opened, changed, labelled, handed over, locked."""

from kotacerdas.programs.lada.demo.life import begin, finish

__all__ = ["begin", "finish"]
