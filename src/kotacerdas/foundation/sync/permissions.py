"""Who works with a phone in the field, and who looks after the phones."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission, Role

MANAGE = "sync.manage_phone"

PERMISSIONS = (
    Permission(name=MANAGE, label=_("look after the phones of one's agency: enrol, revoke, rescue")),
)

ROLES = (
    Role(name="liaison", label=_("complaints liaison"), permissions=frozenset({MANAGE})),
    Role(name="head", label=_("head of agency"), permissions=frozenset({MANAGE})),
    Role(name="operator", label=_("operator"), permissions=frozenset({MANAGE}), everywhere=True),
)
