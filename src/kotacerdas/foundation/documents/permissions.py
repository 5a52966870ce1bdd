"""Who edits how papers look."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission, Role

EDIT_TEMPLATE = "documents.edit_template"
PERMISSIONS = (Permission(name=EDIT_TEMPLATE, label=_("look at the templates of papers")),)
ROLES = (
    Role(
        name="operator", label=_("system operator"), permissions=frozenset({EDIT_TEMPLATE}), everywhere=True
    ),
)
