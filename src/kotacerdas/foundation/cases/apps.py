from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "kotacerdas.foundation.cases"
    label = "cases"

    def ready(self) -> None:
        from kotacerdas.foundation.cases import checks  # noqa: F401
