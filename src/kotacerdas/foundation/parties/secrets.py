"""The instance's keyring, for rooms after this one."""

from kotacerdas.kernel.keyring import keyring

__all__ = ["keyring"]
