"""The territory of the first real pack, loaded by the territory's own sections alone: its names are hard."""

from pathlib import Path

import pytest
from django.conf import settings

from kotacerdas.foundation.territory.index import forget_index
from kotacerdas.foundation.territory.pack import SECTIONS
from kotacerdas.kernel.pack import read_pack

REAL = Path(settings.ROOT) / "packs" / "indramayu"


@pytest.fixture
def land(db):
    pack = read_pack(REAL, SECTIONS)
    for section in SECTIONS:
        section.load(pack.of(section.name), pack)
    yield pack
    forget_index()
