"""The least that Django can do with one query, or with a report's inserts: what the house is measured by."""

from __future__ import annotations

import os
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotacerdas.config.settings")

from _inserts import COUNT, INSERT, WORDS
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
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


def inserts(request: HttpRequest) -> HttpResponse:
    """Plain SQL: as many inserts in one transaction as a report takes."""
    with transaction.atomic(), connection.cursor() as cursor:
        for number in range(COUNT):
            cursor.execute(INSERT, [uuid4(), number, WORDS, WORDS])
    return HttpResponse(b"stored", content_type="text/plain", headers={"Content-Length": "6"})


urlpatterns = [path("bare", bare), path("inserts", inserts)]
door = Door(wsgi, threads=4, max_bytes=12 * 2**20, max_seconds=60)
