from django.apps import AppConfig


class PiecesConfig(AppConfig):
    name = "kotacerdas.foundation.ui"
    label = "ui"
