"""A manifest by its number, by what its code says, or by the code of its printed paper."""

from __future__ import annotations

import re

from django.db.models import Q
from django.utils.translation import gettext as _

from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing
from kotacerdas.kernel.texts import MEANT_AS_DIGITS, plain_code
from kotacerdas.programs.gopal import plants
from kotacerdas.programs.gopal.actions.manifests import SUBJECT
from kotacerdas.programs.gopal.models import Manifest

_CHECK = re.compile(r"/periksa/([0-9A-Z]{12})/?$")


def manifest_of(grants: Grants, number: str) -> Manifest:
    """One visible manifest by its number. Missing for a stranger exactly as for one that does not exist."""
    found = plants.manifests_for(grants).filter(number=number).prefetch_related("loads").first()
    if found is None:
        raise _missing()
    return found


def manifest_by_code(grants: Grants, text: str) -> Manifest:
    """One visible manifest by number, token, or the check address of its paper. Raises Missing."""
    text = plain_code(text)
    kind, between, rest = "-".join(text.upper().replace("–", "-").split()).partition("-")
    number = f"{kind}{between}{rest.translate(MEANT_AS_DIGITS)}"
    wanted = Q(number=number) | Q(token=text)
    if text.isdecimal() and len(text) <= 6:
        wanted |= Q(number=f"MLT-{clock.today().year}-{int(text):06d}")
    if checked := _CHECK.search(text):
        papers = Document.objects.filter(code=checked[1], subject_kind=SUBJECT)
        wanted = Q(id__in=papers.values("subject_id"))
    found = plants.manifests_for(grants).filter(wanted).first()
    if found is None:
        raise _missing()
    return found


def _missing() -> Missing:
    return Missing(
        _("There is no such manifest here."),
        remedy=_("Check the number with the driver; it stands on the phone under the code."),
    )
