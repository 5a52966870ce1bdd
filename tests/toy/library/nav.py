"""The librarian's place at the desk."""

from django.utils.translation import gettext_lazy as _
from toy.library.desks import LOAN_DESK

from kotacerdas.foundation.casework.navigation import queue_entry

NAV = (queue_entry(LOAN_DESK, icon="library", section=_("Library")),)
