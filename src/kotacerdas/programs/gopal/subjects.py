"""Tanks and manifests as subjects: found by the search, told by the journal."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.subjects import Subject
from kotacerdas.programs.gopal.actions.manifests import SUBJECT as MANIFEST
from kotacerdas.programs.gopal.actions.tanks import SUBJECT
from kotacerdas.programs.gopal.plants import manifests_for
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
    Subject(
        kind=MANIFEST,
        label=_("Manifest"),
        visible=manifests_for,
        words=lambda manifest: f"{manifest.number} {manifest.unit.name}",
        url=lambda manifest: reverse("gopal:manifest", args=[manifest.number]),
        find=lambda text: Q(number__icontains=text),
        acts={
            "open": _("The trip began"),
            "load": _("Loaded"),
            "leave": _("Sent off to the plant"),
            "receive": _("Received by the plant's meter"),
            "refuse": _("Refused by the plant"),
            "uneven": _("A late load: the sums differ"),
            "even": _("A late load: the sums agree"),
        },
    ),
)
