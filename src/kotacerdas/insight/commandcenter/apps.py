from django.apps import AppConfig


class CommandCenterConfig(AppConfig):
    name = "kotacerdas.insight.commandcenter"
    label = "commandcenter"
