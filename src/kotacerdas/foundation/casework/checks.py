"""Start-up checks of the declared desks: `kotacerdas.E103`."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from kotacerdas.foundation.casework.registry import desks, flaws


@register()
def check_desks(**_kwargs: Any) -> list[CheckMessage]:
    """E103: a desk that does not fit its life-cycle."""
    return [
        Error(flaw, obj=desk.kind, id="kotacerdas.E103") for desk in desks().values() for flaw in flaws(desk)
    ]
