"""Permission to merge people."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission

MERGE_PEOPLE = "parties.merge_people"

PERMISSIONS = (Permission(name=MERGE_PEOPLE, label=_("say that two people are one, and part them again")),)
