from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "kotacerdas.foundation.workdays"
    label = "workdays"

    def ready(self) -> None:
        from kotacerdas.foundation.workdays import training
        from kotacerdas.kernel import clock

        clock.set_offset_source(training.offset)
