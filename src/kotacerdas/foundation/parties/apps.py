from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "kotacerdas.foundation.parties"
    label = "parties"
