"""Size budgets of docs/style: functions 90th percentile ≤ 30 lines; files 90th percentile ≤ 250, none above 500.

Tests and migrations stand apart: they are held to the 500 lines only. Browser tests are at most eight for each room or
program, the first word of their file's name: they cost seconds each, and are for what only a browser shows.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FUNCTION_P90, FUNCTION_MOST, FILE_P90, FILE_MOST, BROWSER_MOST = 30, 60, 250, 500, 8
_TEXT = {".py", ".js", ".css", ".html"}


def main() -> int:
    """Print what is over budget; 1 when something is."""
    files = [file for file in _sources() if file.suffix == ".py" and not _apart(file)]
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    functions = sorted(((size, name) for file in files for size, name in _functions(file)), reverse=True)
    found = [
        f"{file.relative_to(ROOT)}: more than {FILE_MOST} lines"
        for file in _sources()
        if len(file.read_text(encoding="utf-8").splitlines()) > FILE_MOST and "migrations" not in file.parts
    ]
    found += [
        f"{name}: {size} lines, at most {FUNCTION_MOST}" for size, name in functions if size > FUNCTION_MOST
    ]
    found += [
        f"tests/browser/test_{room}*.py: {count} tests, at most {BROWSER_MOST}"
        for room, count in _browser_tests().items()
        if count > BROWSER_MOST
    ]
    file_p90 = percentile(list(lengths.values()), 90)
    function_p90 = percentile([size for size, _ in functions], 90)
    if file_p90 > FILE_P90:
        found.append(f"the 90th percentile of file lengths is {file_p90}, over {FILE_P90}")
    if function_p90 > FUNCTION_P90:
        longest = "; ".join(f"{name} {size}" for size, name in functions[:10])
        found.append(
            f"the 90th percentile of function lengths is {function_p90}, over {FUNCTION_P90}: {longest}"
        )
    print("\n".join(found) or f"files p90 {file_p90}, functions p90 {function_p90}, {len(files)} files")
    return 1 if found else 0


def percentile(sizes: list[int], percent: int) -> int:
    """The nearest-rank percentile; 0 of nothing."""
    ordered = sorted(sizes)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0


def _sources() -> Iterator[Path]:
    for folder in ("src", "tools", "tests", "benchmarks"):
        yield from (
            file for file in sorted((ROOT / folder).rglob("*")) if file.suffix in _TEXT and file.is_file()
        )


def _browser_tests() -> Counter[str]:
    """How many tests with a browser each room has."""
    counts: Counter[str] = Counter()
    for file in (ROOT / "tests" / "browser").glob("test_*.py"):
        counts[file.stem.split("_")[1]] += len(
            re.findall(r"^def test_", file.read_text(encoding="utf-8"), re.M)
        )
    return counts


def _apart(file: Path) -> bool:
    return bool({"tests", "migrations"} & set(file.relative_to(ROOT).parts)) or file.name == "conftest.py"


def _functions(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            yield size, f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"


if __name__ == "__main__":
    sys.exit(main())
