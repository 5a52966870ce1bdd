"""Tanks as subjects: found by the search, told by the journal."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.subjects import Subject
from kotacerdas.programs.gopal.actions.tanks import SUBJECT
from kotacerdas.programs.gopal.queries import tanks_for

SUBJECTS = (
    Subject(
        kind=SUBJECT,
        label=_("Septic tank"),
        visible=tanks_for,
        words=lambda tank: f"{tank.code} {tank.address}".strip(),
        url=lambda tank: reverse("gopal:tank", args=[tank.code]),
        find=lambda text: Q(code__iexact=text) | Q(address__icontains=text),
        acts={
            "register": _("Registered"),
            "survey": _("Surveyed"),
            "change": _("Changed"),
            "order": _("Registered by an order"),
        },
    ),
)
