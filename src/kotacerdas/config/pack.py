"""Checking and loading a regency pack with the sections of every installed app."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from kotacerdas.kernel.discover import discover
from kotacerdas.kernel.pack import (
    Counts,
    Pack,
    PackError,
    Problem,
    Section,
    in_order,
    read_manifest,
    read_pack,
)
from kotacerdas.kernel.regency import Regency, read_regency


def sections() -> list[Section]:
    """What all apps read from a pack, in the order it is loaded."""
    return in_order([section for module in discover("pack") for section in getattr(module, "SECTIONS", ())])


def check_pack(folder: Path) -> Pack:
    """Read and check a pack, its manifest too, without touching the store. Raises PackError with every problem."""
    problems: set[Problem] = set()
    pack = None
    try:
        read_manifest(folder, Regency)
    except PackError as error:
        problems.update(error.problems)
    try:
        pack = read_pack(folder, sections(), whole=True)
    except PackError as error:
        problems.update(error.problems)
    if problems or pack is None:
        raise PackError(sorted(problems))
    return pack


def load_pack(folder: Path) -> dict[str, Counts]:
    """Bring the store to what the pack says, in one transaction; the same pack twice changes nothing.

    Rows that the pack no longer has are closed by date or kept, never deleted where something may refer to
    them. Returns the counts by section. Raises PackError before anything is written.
    """
    pack = check_pack(folder)
    read_regency.cache_clear()
    with transaction.atomic():
        return {
            section.name: section.load(pack.of(section.name), pack)
            for section in sections()
            if section.load is not None
        }
