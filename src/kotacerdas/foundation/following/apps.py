from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "kotacerdas.foundation.following"
    label = "following"
