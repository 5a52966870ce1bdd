"""A setting, a command, a permission or an indicator without a line in docs/ fails the build."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SETTING = re.compile(r"\bKOTACERDAS_[A-Z][A-Z_]*[A-Z]\b")
INTERNAL = {  # passed between our own processes; nobody sets them
    "KOTACERDAS_DATABASE_NAME",
    "KOTACERDAS_DB_ROLE",
    "KOTACERDAS_SUPERVISOR",
    "KOTACERDAS_TESTING",
    "KOTACERDAS_WEB_PARENT",
}


def main() -> int:
    """Print what docs/ does not tell; 1 when something is missing."""
    told = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "docs").rglob("*.md")))
    words = set(re.findall(r"[A-Za-z0-9_.:/-]+", told)) | {word.rstrip(".,:") for word in told.split()}
    missing = [f"the setting {name}" for name in settings() if name not in words]
    missing += [f"the command ./run {name}" for name in commands() if f"./run {name}" not in told]
    missing += [f"the permission {name}" for name in permissions() if name not in words]
    missing += [f"the indicator {name}" for name in indicators() if name not in words]
    print("\n".join(f"docs/ has no line on {thing}" for thing in missing) or "docs/ tells everything")
    return 1 if missing else 0


def settings() -> list[str]:
    """The KOTACERDAS_* variables that the code reads."""
    sources: Iterator[Path] = (file for file in (ROOT / "src").rglob("*.py") if "tests" not in file.parts)
    texts = [file.read_text(encoding="utf-8") for file in (*sources, ROOT / "run", ROOT / "test")]
    found = {name for text in texts for name in _SETTING.findall(text)}
    return sorted(found - INTERNAL)


def commands() -> list[str]:
    """The declared sub-commands."""
    from kotacerdas.kernel.commands import commands as declared

    return [command.name for command in declared()]


def permissions() -> list[str]:
    """The declared permissions."""
    from kotacerdas.foundation.parties.roles import declared

    return sorted(declared().permissions)


def indicators() -> list[str]:
    """The declared live indicators."""
    from kotacerdas.foundation.indicators.declarations import indicators as declared

    return sorted(declared())


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotacerdas.config.settings")
    django.setup()
    sys.exit(main())
