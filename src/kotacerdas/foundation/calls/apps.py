from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "kotacerdas.foundation.calls"
    label = "calls"
