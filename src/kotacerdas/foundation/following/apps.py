from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "kotacerdas.foundation.following"
    label = "following"

    def ready(self) -> None:
        from kotacerdas.foundation.following import checks  # noqa: F401
