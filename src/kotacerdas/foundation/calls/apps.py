from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "kotacerdas.foundation.calls"
    label = "calls"

    def ready(self) -> None:
        from kotacerdas.foundation.calls import checks  # noqa: F401
