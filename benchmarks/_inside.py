"""The front door as it was: photos decoded in the web process under one lock, their waiters in the pages' threads."""

from __future__ import annotations

import os
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotacerdas.config.settings")

from kotacerdas.config.door import application
from kotacerdas.foundation.files import decoders, decoding
from kotacerdas.foundation.files.decoded import Decoded

_one_at_a_time = threading.Lock()


def inside(data: bytes, _spend: object) -> Decoded:
    """Decode here, as every process did for itself."""
    with _one_at_a_time:
        decoding.pixels_of(data)
        return decoding.decode(data)


decoders.decode = inside
application.photos = application.pool
