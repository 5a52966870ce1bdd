"""Production checks: no demo accounts, no staff without a second factor."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.checks import CheckMessage, Error, Warning

from kotacerdas.foundation.parties.models import User


def problems() -> Iterator[CheckMessage]:
    """parties.E001: demo accounts; parties.W001: staff who have not set up a second factor yet."""
    if demo := User.objects.filter(is_demo=True).count():
        yield Error(
            f"{demo} demo accounts", hint="Start from an empty store: KOTACERDAS_DEMO=0.", id="parties.E001"
        )
    bare = User.objects.filter(is_staff=True, is_active=True, is_demo=False).exclude(
        authenticator__type="totp"
    )
    if count := bare.count():
        hint = "They are sent to its page at their next sign-in."
        yield Warning(f"{count} staff accounts without a second factor", hint=hint, id="parties.W001")
