"""The files that a user sees: their own, and those from agencies where they may import that table."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.tables.models import Upload
from kotacerdas.kernel.sheets import Sheet


def visible_to(actor: Actor, *declared: Sheet) -> QuerySet[Upload]:
    """The files for these tables that the actor sees, newest first; none for a table they may not import."""
    wanted = Q(pk__in=())
    for sheet in declared:
        scope = actor.grants.scope(sheet.permission) if sheet.permission else None
        if actor.kind == "system" or (scope and scope.everywhere):
            wanted |= Q(sheet=sheet.name)
        elif scope:
            own = Q(user=actor.user) if actor.user is not None else Q(pk__in=())
            wanted |= Q(sheet=sheet.name) & (own | scope.within("position__agency"))
    return Upload.objects.filter(wanted).select_related("user")
