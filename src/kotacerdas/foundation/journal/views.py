"""The day's heads for everybody: who keeps a copy can tell later whether the journal was rewritten."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from kotacerdas.foundation.journal.models import Key
from kotacerdas.foundation.journal.queries import day_head
from kotacerdas.kernel import clock

DAYS = 30


@require_safe
def heads(request: HttpRequest) -> JsonResponse:
    """The last block of each of the last thirty days: height, position, hash, signature, public key (hex)."""
    keys = {key.id: bytes(key.public).hex() for key in Key.objects.all()}
    found = []
    for back in range(DAYS):
        day = clock.today() - timedelta(days=back)
        if (head := day_head(day)) is not None:
            found.append(
                {
                    "day": day.isoformat(),
                    "origin": head.origin,
                    "height": head.height,
                    "position": head.last_position,
                    "hash": bytes(head.hash).hex(),
                    "signature": bytes(head.signature).hex(),
                    "key": head.key_id,
                    "public_key": keys.get(head.key_id, ""),
                }
            )
    return JsonResponse({"heads": found})
