"""Start-up checks of the declarations: `kotacerdas.E1xx`."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from kotacerdas.foundation.cases.lifecycle import flaws, lifecycles
from kotacerdas.foundation.parties.roles import declared


@register()
def check_lifecycles(**_kwargs: Any) -> list[CheckMessage]:
    """E101: a life-cycle that does not hold together. E102: permissions or roles that do not."""
    try:
        known = declared().permissions
    except LookupError as error:
        return [Error(str(error), id="kotacerdas.E102")]
    found: list[CheckMessage] = []
    for lifecycle in lifecycles().values():
        found += [Error(flaw, obj=lifecycle.kind, id="kotacerdas.E101") for flaw in flaws(lifecycle, known)]
    return found
