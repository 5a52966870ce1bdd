"""Discovery by app: `discover("indicators")` imports that module of every room and chosen program."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

HOUSE = "kotacerdas."


def discover(name: str) -> list[ModuleType]:
    """The modules `<app>.<name>` that exist, in the order of INSTALLED_APPS."""
    from django.apps import apps
    from django.conf import settings

    found = []
    for config in apps.get_app_configs():
        dotted = f"{config.name}.{name}"
        is_ours = config.name.startswith(HOUSE) or config.name in settings.PROGRAMS
        if is_ours and find_spec(dotted) is not None:
            found.append(import_module(dotted))
    return found
