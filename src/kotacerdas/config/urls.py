"""Every app's `urls.py` under its PREFIX, discovered by app; and what belongs to no app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kotacerdas.config import faults, health, language
from kotacerdas.kernel.discover import discover

urlpatterns: list[URLPattern | URLResolver] = [
    path("bahasa/", language.choose, name="language"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("desk/gangguan/", faults.faults, name="faults"),
]
for module in discover("urls"):
    if module.__name__ != __name__:
        urlpatterns.append(path(getattr(module, "PREFIX", ""), include(module)))

handler400 = "kotacerdas.config.errors.bad_request"
handler403 = "kotacerdas.config.errors.refused"
handler404 = "kotacerdas.config.errors.not_found"
handler429 = "kotacerdas.config.errors.too_many"  # allauth's limits
handler500 = "kotacerdas.config.errors.broken"
