from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "kotacerdas.foundation.sync"
    label = "sync"
