"""Imports go down; foreign keys given as strings could go up unseen."""

from __future__ import annotations

from django.apps import apps

from kotacerdas.config import settings

ROOMS = tuple(settings.FOUNDATION)
PREFIX = "kotacerdas."


def rank(name: str) -> tuple[int, int, str]:
    """Where an app stands: layer, room within foundation, and the program's own name."""
    parts = name.removeprefix(PREFIX).split(".")
    layer = {"foundation": 0, "programs": 1, "insight": 2, "portal": 2, "config": 3}[parts[0]]
    room = ROOMS.index(parts[1]) if parts[0] == "foundation" else 0
    return layer, room, parts[-1]


def test_foreign_keys_point_down_and_never_between_programs():
    wrong = []
    for model in apps.get_models():
        here = apps.get_app_config(model._meta.app_label).name
        if not here.startswith(PREFIX):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or isinstance(target, str):
                continue
            there = apps.get_app_config(target._meta.app_label).name
            if not there.startswith(PREFIX):
                continue
            (my_layer, my_room, me), (layer, room, it) = rank(here), rank(there)
            up = layer > my_layer or (layer == my_layer == 0 and room > my_room)
            across = layer == my_layer == 1 and me != it
            insight_reads_program = my_layer == 2 and layer == 1
            if up or across or insight_reads_program:
                wrong.append(f"{here}.{model.__name__}.{field.name} -> {there}")
    assert not wrong
