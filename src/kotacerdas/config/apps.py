"""The house as a Django app: its translations, its checks, and what the store needs before migrations."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import pre_migrate

from kotacerdas.config.store import EXTENSIONS


class HouseConfig(AppConfig):
    name = "kotacerdas.config"
    label = "house"

    def ready(self) -> None:
        """Register the checks, and the extensions that migrations may count on."""
        from kotacerdas.config import checks  # noqa: F401 (registers itself)

        pre_migrate.connect(_make_extensions, dispatch_uid="house.extensions")


def _make_extensions(*, using: str, **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        present = {name for (name,) in cursor.fetchall()}
        for name in EXTENSIONS:
            if name not in present:
                cursor.execute(f'CREATE EXTENSION IF NOT EXISTS "{name}"')
