"""The vectors as Python reads them, and the phone's side of them by node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

from kotacerdas.foundation.commands.fields import Checked, Choice, Field, When

HERE = Path(__file__).parent
SCRIPT = HERE.parent / "static" / "commands" / "fields.js"
_RUN = """
import { readFileSync } from "node:fs";
const { check, problemWords } = await import(process.argv[1]);
const revive = (key, value) =>
  value && value.$number ? Number(value.$number) : value && value.$repeat ? value.$repeat[0].repeat(value.$repeat[1]) : value;
const { forms, cases, words } = JSON.parse(readFileSync(0, "utf8"), revive);
const answers = cases.map(([form, given, today]) => {
  const { clean, problems } = check(forms[form], given, today);
  return { clean, problems, words: Object.entries(problems).filter(([path]) => !path.includes(".") && forms[form].some((f) => f.name === path))
    .map(([path, one]) => [path, problemWords(one, forms[form].find((f) => f.name === path), words)]) };
});
process.stdout.write(JSON.stringify(answers));
"""


def revived(value: Any) -> Any:
    """A stored value with the numbers that JSON has not, and the long texts."""
    if isinstance(value, list):
        return [revived(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "$number" in value:
        return float(value["$number"])
    if "$repeat" in value:
        return value["$repeat"][0] * value["$repeat"][1]
    return {name: revived(one) for name, one in value.items()}


STORED = json.loads((HERE / "vectors.json").read_text(encoding="utf-8"))


def declared(fields: list[dict[str, Any]]) -> tuple[Field, ...]:
    """The fields whose `as_json` this is."""
    return tuple(_field(dict(one)) for one in fields)


def _field(one: dict[str, Any]) -> Field:
    if "choices" in one:
        one["choices"] = tuple(Choice(*choice) for choice in one["choices"])
    if "fields" in one:
        one["fields"] = declared(one["fields"])
    if "shown_if" in one:
        name, op, *value = one["shown_if"]
        one["shown_if"] = When(name, op, *(tuple(x) if isinstance(x, list) else x for x in value))
    return Field(**one)


def plain(found: Checked) -> dict[str, Any]:
    """A verdict as JSON has it."""
    return {
        "clean": found.clean,
        "problems": {
            path: {"code": one.code, "params": dict(one.params)} for path, one in found.problems.items()
        },
    }


def on_the_phone(
    forms: dict[str, Any], cases: Iterable[tuple[str, Any, str]], words: dict[str, str]
) -> list[dict[str, Any]]:
    """What the script answers to (form, given, today). Its node is the one that playwright brings."""
    node = compute_driver_executable()[0]
    given = json.dumps({"forms": forms, "cases": list(cases), "words": words})
    done = subprocess.run(
        [node, "--input-type=module", "-e", _RUN, SCRIPT.as_uri()],
        input=given,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
