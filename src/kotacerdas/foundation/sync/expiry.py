"""What is deleted of phones after some time: the kept keys of those that are let in no more."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from kotacerdas.foundation.sync.models import PhoneKey
from kotacerdas.kernel import clock

KEPT_DAYS = 30  # after a phone was revoked that never came to be told


def forget_keys() -> None:
    """Delete the keys of phones that were told to delete all, and of those that were revoked 30 days ago."""
    is_out = Q(phone__revoked_at__isnull=False) | Q(phone__user__is_active=False)
    long_ago = clock.now() - timedelta(days=KEPT_DAYS)
    told = is_out & Q(phone__wiped_at__isnull=False)
    PhoneKey.objects.filter(told | Q(phone__revoked_at__lt=long_ago)).delete()


TICKS = (forget_keys,)
