"""The least that Django can do with one query: what the door is measured by."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotacerdas.config.settings")

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from kotacerdas.config.door import Door

settings.ROOT_URLCONF = "_bare"
settings.MIDDLEWARE = []
wsgi = WSGIHandler()


def bare(request: HttpRequest) -> HttpResponse:
    """Reads the body, asks one row."""
    size = len(request.body)
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id LIMIT 1")
        app, name = cursor.fetchone()
    told = f"{app} {name} {size}\n".encode()
    return HttpResponse(told, content_type="text/plain", headers={"Content-Length": str(len(told))})


urlpatterns = [path("bare", bare)]
door = Door(wsgi, threads=4, max_bytes=12 * 2**20, max_seconds=60)
