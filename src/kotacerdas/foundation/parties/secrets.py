"""The instance's keyring, under the name by which rooms after this one know it."""

from kotacerdas.kernel.keyring import keyring

__all__ = ["keyring"]
