from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "kotacerdas.foundation.tables"
    label = "tables"
