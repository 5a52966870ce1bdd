from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "kotacerdas.foundation.dispatch"
    label = "dispatch"
