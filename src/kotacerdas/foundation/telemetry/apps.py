from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    name = "kotacerdas.foundation.telemetry"
    label = "telemetry"
