from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "kotacerdas.foundation.files"
    label = "files"
