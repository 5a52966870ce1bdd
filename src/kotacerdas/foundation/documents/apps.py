from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kotacerdas.foundation.documents"
    label = "documents"
