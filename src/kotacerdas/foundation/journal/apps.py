from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "kotacerdas.foundation.journal"
    label = "journal"
