"""The librarian's place at the desk."""

from functools import partial

from django.utils.translation import gettext_lazy as _
from toy.library.desks import LOAN_DESK
from toy.library.permissions import LEND

from kotacerdas.foundation.casework.queries import work_count
from kotacerdas.foundation.parties.navigation import NavEntry

NAV = (
    NavEntry(
        label=_("Loans"),
        icon="library",
        url_name="library:queue",
        section=_("Library"),
        permissions=(LEND,),
        count=partial(work_count, LOAN_DESK),
    ),
)
