from django.apps import AppConfig
from django.core import checks


class DispatchConfig(AppConfig):
    name = "kotacerdas.foundation.dispatch"
    label = "dispatch"

    def ready(self) -> None:
        from kotacerdas.foundation.dispatch.checks import pack_numbers

        checks.register(pack_numbers)
