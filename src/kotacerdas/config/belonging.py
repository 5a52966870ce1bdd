"""Whose store this is: one instance of one regency, written down at the first load, and nobody else's afterwards.

It imports no Django, so that a start asks it before anything is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from kotacerdas.config import environment, store
from kotacerdas.config.paths import PACK

INSTANCE, AREA = "instance", "area"  # names of stamps
_DEMO_STANDS = ("loaded", "wanted")


@dataclass(frozen=True)
class Owner:
    """The code before every ticket number, and the Kemendagri code of the regency; "" where it is not known."""

    instance: str
    area: str

    def __str__(self) -> str:
        return f"{self.instance or '…'} ({self.area or 'no area'})"


def here() -> Owner:
    """Whom this process runs for, by its settings and its pack."""
    instance = environment.instance(PACK)
    return Owner(environment.text("KOTACERDAS_INSTANCE", instance.code), instance.area)


def of_stamps(stamps: Mapping[str, str]) -> Owner | None:
    """Whose the store is, as its stamps say; None for one that was never loaded, or by an older release."""
    return Owner(stamps.get(INSTANCE, ""), stamps[AREA]) if AREA in stamps else None


def must_match(owner: Owner | None, own: Owner, folder: str) -> None:
    """Raises StoreError with the way out when a store is another's."""
    if owner is None:
        return
    same = (not owner.instance or owner.instance == own.instance) and owner.area == own.area
    if not same:
        raise store.StoreError(
            f"This store belongs to {owner}; the pack {folder} is for {own}, and nothing was touched. Name its own "
            "pack by KOTACERDAS_PACK, or another store by KOTACERDAS_DATABASE_URL or KOTACERDAS_VAR."
        )


def refuse_strange(stamps: Mapping[str, str], *, may_show: bool) -> None:
    """Raises StoreError unless the store is ours: its regency's, with a named pack outside the demo, none of it in
    production.

    may_show  whether a demo may come into an empty store here
    """
    stands = stamps.get("demo") in _DEMO_STANDS or (may_show and "demo" not in stamps)
    if not os.environ.get("KOTACERDAS_PACK") and not stands:
        raise store.StoreError(
            "Outside the demo the pack is named: set KOTACERDAS_PACK to the folder of the regency's pack."
        )
    must_match(of_stamps(stamps), here(), PACK.name)
    if environment.flag("KOTACERDAS_PRODUCTION") and (stamps.get("demo") == "loaded" or _demo_accounts()):
        raise store.StoreError(
            "This store holds the demo, whose passwords everybody knows: it is not for production. "
            "Start from an empty store with KOTACERDAS_DEMO=0, or unset KOTACERDAS_PRODUCTION on a training machine."
        )


def _demo_accounts() -> bool:
    import psycopg

    with psycopg.connect(**store.address().conninfo()) as link:
        if link.execute("SELECT to_regclass('parties_user')").fetchone() == (None,):
            return False
        found = link.execute("SELECT exists(SELECT FROM parties_user WHERE is_demo)").fetchone()
        return bool(found and found[0])
