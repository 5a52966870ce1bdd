"""What the pack says of work in the field: the demo's records of surveys."""

from kotacerdas.foundation.sync.demo import SECTIONS

__all__ = ["SECTIONS"]
