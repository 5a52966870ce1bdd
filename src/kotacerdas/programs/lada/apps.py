from django.apps import AppConfig


class LadaConfig(AppConfig):
    name = "kotacerdas.programs.lada"
    label = "lada"
