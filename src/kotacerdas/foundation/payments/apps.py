from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "kotacerdas.foundation.payments"
    label = "payments"
