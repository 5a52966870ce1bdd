from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "kotacerdas.foundation.sync"
    label = "sync"

    def ready(self) -> None:
        from kotacerdas.foundation.sync import checks  # noqa: F401
