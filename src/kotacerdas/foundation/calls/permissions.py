"""Who takes calls."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.permissions import MERGE_PEOPLE
from kotacerdas.foundation.parties.roles import Permission, Role

TAKE_CALL = "calls.take_call"

PERMISSIONS = (Permission(name=TAKE_CALL, label=_("take calls and enter what they bring")),)
ROLES = (Role(name="phone_agent", label=_("phone agent"), permissions=frozenset({TAKE_CALL, MERGE_PEOPLE})),)
