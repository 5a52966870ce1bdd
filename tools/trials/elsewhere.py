"""Programs from elsewhere: a run of their tests chooses them, with the invented pack and what they ask of a pack.

Their folder is a package that holds them, their tests, and `pack/`: lines that are added to the invented pack's
files. `tests/toy` is one. `.venv/bin/python -m trials.elsewhere tests/toy var/toy-pack` writes such a pack, to look
at the program in a browser: docs/new-program.md.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOY = ROOT / "tests" / "toy"


def home_of(path: Path) -> Path | None:
    """The folder of programs in which a test stands, where it is one; the toy's for `test_toy_*.py` of a room."""
    if path.match("test_toy_*.py"):
        return TOY
    return next((one for one in (path, *path.parents) if _is_home(one)), None)


def programs_in(home: Path) -> list[str]:
    """The dotted names of the programs in such a folder."""
    packages = sorted(one.parent for one in home.glob("*/__init__.py") if one.parent.name != "tests")
    return [f"{home.name}.{one.name}" for one in packages]


def write_pack(home: Path, folder: Path) -> Path:
    """Write the pack to a folder, in the place of what was there before."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "tests" / "packs" / "telukmelati", folder)
    for more in sorted((home / "pack").iterdir()):
        with (folder / more.name).open("a", encoding="utf-8") as file:
            file.write(more.read_text(encoding="utf-8"))
    return folder


def _is_home(folder: Path) -> bool:
    return (folder / "pack").is_dir() and (folder / "__init__.py").is_file()


if __name__ == "__main__":
    if len(sys.argv) != 3 or not _is_home(Path(sys.argv[1])):
        sys.exit("python -m trials.elsewhere HOME FOLDER: HOME is a package with a folder `pack` in it.")
    print(write_pack(Path(sys.argv[1]), Path(sys.argv[2]).absolute()))
