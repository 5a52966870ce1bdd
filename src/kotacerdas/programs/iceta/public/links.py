"""The rate limit for naming a phone number in reports."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.limits import take_token
from kotacerdas.foundation.parties.models import phone_index
from kotacerdas.kernel.errors import TooMany

_REPORTS_A_PHONE, _SECONDS = 6, 3600


def take_report_token(phone: str) -> None:
    """Count one report that names a number, unless whoever sends it is signed in with it. Raises TooMany after six in an hour."""
    if not settings.RATE_LIMITS:
        return
    try:
        take_token(f"report:{phone_index(phone)}", capacity=_REPORTS_A_PHONE, seconds=_SECONDS)
    except TooMany as error:
        raise TooMany(
            _("Too many reports with this number in a short time. Nothing was stored."),
            retry_after=error.retry_after,
            remedy=_(
                "Sign in with the number, leave the number out, or try again later. In an emergency call instead."
            ),
        ) from error
