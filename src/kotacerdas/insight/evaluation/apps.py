from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "kotacerdas.insight.evaluation"
    label = "evaluation"
