from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "kotacerdas.foundation.forms"
    label = "forms"
