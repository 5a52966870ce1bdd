"""The pack of the toy program: the invented one with what `tests/toy/pack` adds to its files.

`.venv/bin/python -m trials.toy FOLDER` writes it, to look at the toy in a browser: docs/new-program.md.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "toy"


def write_pack(folder: Path) -> Path:
    """Write the pack to a folder, in the place of what was there before."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "tests" / "packs" / "telukmelati", folder)
    for more in sorted((FOLDER / "pack").iterdir()):
        with (folder / more.name).open("a", encoding="utf-8") as file:
            file.write(more.read_text(encoding="utf-8"))
    return folder


if __name__ == "__main__":
    print(write_pack(Path(sys.argv[1]).absolute()))
