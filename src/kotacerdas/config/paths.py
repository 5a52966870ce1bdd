"""Where things lie: the checkout, what it keeps, and the pack."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(os.environ.get("KOTACERDAS_VAR") or ROOT / "var").absolute()
KEYS_FILE = Path(os.environ.get("KOTACERDAS_KEYS_FILE") or VAR / "keys.json").absolute()
PACK = (ROOT / (os.environ.get("KOTACERDAS_PACK") or "packs/indramayu")).absolute()
