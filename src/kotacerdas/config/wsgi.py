"""Django's plain WSGI handler; the front door runs it in a thread pool."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotacerdas.config.settings")
application = get_wsgi_application()
