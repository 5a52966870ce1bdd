"""Who may do what with loans and books, and the post these permissions come with."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission, Role

LEND = "library.lend_book"

PERMISSIONS = (Permission(name=LEND, label=_("keep books, lend them and take them back")),)
ROLES = (Role(name="librarian", label=_("librarian"), permissions=frozenset({LEND})),)
