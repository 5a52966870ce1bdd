from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "kotacerdas.foundation.jobs"
    label = "jobs"
