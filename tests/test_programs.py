"""A program that is not chosen leaves nothing behind: no page, entry, role, job, kind of case or live indicator."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from kotacerdas.config.paths import ROOT

_FOUND = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.urls import get_resolver
from kotacerdas.foundation.indicators.declarations import indicators
from kotacerdas.kernel.discover import discover
call_command("check")
modules = ("urls", "nav", "indicators", "lifecycles", "roles", "permissions", "messages", "jobs", "portal_entries", "wall")
print(json.dumps({
    "loaded": [name for name in sys.modules if name.startswith("kotacerdas.programs.")],
    "declared": [one.__name__ for name in modules for one in discover(name) if ".programs." in one.__name__],
    "indicators": sorted(indicators()),
    "addresses": [str(one.pattern) for one in get_resolver().url_patterns if "iceta" in repr(one)],
}))
"""


def found(programs: str) -> dict:
    given = {
        **os.environ,
        "KOTACERDAS_PROGRAMS": programs,
        "DJANGO_SETTINGS_MODULE": "kotacerdas.config.settings",
    }
    given["PYTHONPATH"] = str(ROOT / "src")
    done = subprocess.run(
        [sys.executable, "-c", _FOUND], env=given, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("programs", ["none", "iceta gopal"])
def test_only_what_is_chosen_is_there(programs):
    seen = found(programs)
    for name in ("loaded", "declared", "indicators", "addresses"):
        assert bool(seen[name]) == (programs != "none"), (name, seen[name])
