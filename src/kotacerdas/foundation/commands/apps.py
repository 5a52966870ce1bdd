from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "kotacerdas.foundation.commands"
    label = "commands"
