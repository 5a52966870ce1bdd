from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "kotacerdas.foundation.indicators"
    label = "indicators"
