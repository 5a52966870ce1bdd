"""What stands behind the commands of the house: locks, benchmarks, the list of roles."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from kotacerdas.config.paths import ROOT

RESULTS = ROOT / "benchmarks" / "RESULTS.md"


def lock(_given: Namespace) -> int:
    """Compile the locks with hashes and without host names."""
    uv = shutil.which("uv")
    if uv is None:
        print("uv is needed to write the locks: pip install uv", file=sys.stderr)
        return 1
    for name in ("core", "dev"):
        options = [
            "--quiet",
            "--universal",
            "--python-version=3.11",
            "--generate-hashes",
            "--no-header",
            "--no-annotate",
        ]
        wanted, made = f"requirements/{name}.in", f"requirements/{name}.txt"
        subprocess.run([uv, "pip", "compile", *options, wanted, "-o", made], check=True, cwd=ROOT)
    return 0


def roles(given: Namespace) -> int:
    """Print each declared role with its permissions and their words."""
    from kotacerdas.foundation.parties.roles import declared

    known = declared()
    if given.name and given.name not in known.roles:
        print(f"There is no role {given.name}: {', '.join(sorted(known.roles))}.", file=sys.stderr)
        return 1
    for name, role in sorted(known.roles.items()):
        if given.name in (None, name):
            print(f"{name}: {role.label}{' (everywhere)' if role.everywhere else ''}")
            for permission in sorted(role.permissions):
                print(f"  {permission:40} {known.permissions[permission].label}")
    return 0


def bench(given: Namespace) -> int:
    """Run `main()` of each script in benchmarks/ over a prepared store; each returns lines for RESULTS.md."""
    from kotacerdas.config import prepare

    scripts = sorted(file for file in (ROOT / "benchmarks").glob("*.py") if not file.name.startswith("_"))
    chosen = [file for file in scripts if not given.names or file.stem in given.names]
    unknown = set(given.names) - {file.stem for file in scripts}
    if unknown:
        print(f"No such benchmark: {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 1
    prepare.run()
    sys.path.insert(0, str(ROOT / "benchmarks"))  # what the scripts share
    for file in chosen:
        print(f"{file.stem} ...", file=sys.stderr)
        lines = _load(file).main()
        print("\n".join(lines))
        _record(file.stem, lines)
    return 0


def _load(file: Path):  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location(f"benchmarks_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise ImportError(str(file))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look for it there
    spec.loader.exec_module(module)
    return module


def _record(name: str, lines: list[str]) -> None:
    """Replace the section of this benchmark; the others stay."""
    text = (
        RESULTS.read_text(encoding="utf-8")
        if RESULTS.exists()
        else "# What was measured\n\nBy `./run bench`.\n"
    )
    sections = [part for part in text.split("\n## ") if not part.startswith(f"{name}\n")]
    day = datetime.now(UTC).date().isoformat()  # the machine's date, not the moved clock
    section = f"{name}\n\n{day}, {machine()}\n\n" + "\n".join(f"- {line}" for line in lines) + "\n"
    first, rest = sections[0], sorted([*sections[1:], section])
    RESULTS.write_text(
        "\n## ".join([first.rstrip("\n") + "\n", *[part.rstrip("\n") + "\n" for part in rest]])
    )


def machine() -> str:
    """The machine in a few words: system, processors, memory, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return f"{system}, {os.cpu_count()} processors, {memory:.0f} GB, Python {platform.python_version()}"
