"""Demo reports: the pack's stories, played by the real actions on a timeline."""

from kotacerdas.programs.iceta.demo.life import begin, finish

__all__ = ["begin", "finish"]
