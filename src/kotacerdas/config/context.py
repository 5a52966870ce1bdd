"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """`production`, `public_url` and the request's id (shown on error pages)."""
    return {
        "production": settings.PRODUCTION,
        "public_url": settings.PUBLIC_URL,
        "request_id": getattr(request, "id", ""),
    }
