"""The territory of this installation's pack, loaded by the territory's own sections alone."""

from pathlib import Path

import pytest
from django.conf import settings

from kotacerdas.foundation.territory.index import forget_index
from kotacerdas.foundation.territory.pack import SECTIONS
from kotacerdas.kernel.pack import read_pack


@pytest.fixture
def land(db):
    pack = read_pack(Path(settings.PACK), SECTIONS)
    for section in SECTIONS:
        section.load(pack.of(section.name), pack)
    yield pack
    forget_index()
