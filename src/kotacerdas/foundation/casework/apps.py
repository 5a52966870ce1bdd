from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "kotacerdas.foundation.casework"
    label = "casework"

    def ready(self) -> None:
        from kotacerdas.foundation.casework import checks  # noqa: F401
