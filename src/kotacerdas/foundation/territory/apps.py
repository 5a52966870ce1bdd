from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "kotacerdas.foundation.territory"
    label = "territory"
