"""Start-up checks with ids: `./run check` runs them, `./run check --production` those for the real thing too."""

from __future__ import annotations

import os
import stat
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from kotacerdas.config.paths import KEYS_FILE
from kotacerdas.kernel.discover import discover


@register
def pack_is_there(**_: Any) -> list[Warning]:
    """house.W001: KOTACERDAS_PACK names a folder with a pack.toml."""
    if (settings.PACK / "pack.toml").exists():
        return []
    return [Warning(f"no pack.toml in {settings.PACK}", hint="Correct KOTACERDAS_PACK.", id="house.W001")]


@register(Tags.security, deploy=True)
def keys_are_private(**_: Any) -> list[Error]:
    """house.E002: only its owner reads the file of keys."""
    mode = stat.S_IMODE(os.stat(KEYS_FILE).st_mode)
    if not mode & 0o077:
        return []
    return [Error(f"{KEYS_FILE} can be read by others", hint=f"chmod 600 {KEYS_FILE}", id="house.E002")]


@register(Tags.security, deploy=True)
def production_is_declared(**_: Any) -> list[Error]:
    """house.E003 to E007: what a real installation must say."""
    wanted = (
        (settings.PRODUCTION, "KOTACERDAS_PRODUCTION is not set", "Set it to 1.", "house.E003"),
        (
            settings.PUBLIC_URL.startswith("https://"),
            "the public address is not https",
            "Set KOTACERDAS_PUBLIC_URL.",
            "house.E004",
        ),
        (
            "*" not in settings.ALLOWED_HOSTS and settings.ALLOWED_HOSTS,
            "any host is allowed",
            "Set KOTACERDAS_ALLOWED_HOSTS.",
            "house.E005",
        ),
        (
            "outbox" not in settings.SENDERS.values(),
            "messages only go to the outbox page",
            "Set KOTACERDAS_SMS_SENDER and KOTACERDAS_MAIL_SENDER.",
            "house.E006",
        ),
        (
            settings.RATE_LIMITS,
            "the public doors have no rate limits",
            "Unset KOTACERDAS_RATE_LIMITS.",
            "house.E007",
        ),
    )
    return [_error(*row[1:]) for row in wanted if not row[0]]


@register(deploy=True)
def apps_are_fit(**_: Any) -> list[Any]:
    """What the apps' own `production.py` finds: `problems()` yields Django check messages."""
    return [found for module in discover("production") for found in module.problems()]


def _error(words: str, hint: str, name: str) -> Error:
    return Error(words, hint=hint, id=name)
