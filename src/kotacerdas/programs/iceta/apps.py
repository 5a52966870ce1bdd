from django.apps import AppConfig


class IcetaConfig(AppConfig):
    name = "kotacerdas.programs.iceta"
    label = "iceta"
