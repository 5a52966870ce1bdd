from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "kotacerdas.foundation.notify"
    label = "notify"
