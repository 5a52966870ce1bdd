from django.apps import AppConfig


class GopalConfig(AppConfig):
    name = "kotacerdas.programs.gopal"
    label = "gopal"
