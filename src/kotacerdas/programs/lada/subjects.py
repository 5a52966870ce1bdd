"""Goods as subjects: found by the search, told by the journal, on papers."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.subjects import Subject
from kotacerdas.programs.lada.actions.ledger import SUBJECT
from kotacerdas.programs.lada.lifecycles.changes import TITLES
from kotacerdas.programs.lada.queries import assets_for

SUBJECTS = (
    Subject(
        kind=SUBJECT,
        label=_("Goods"),
        visible=assets_for,
        words=lambda asset: f"{asset.nibar} {asset.name}".strip(),
        url=lambda asset: reverse("lada:asset", args=[asset.nibar]),
        find=lambda text: Q(nibar__iexact=text) | Q(search__contains=text.lower()),
        acts={
            **TITLES,
            "file": _("Photo or paper added"),
            "label": _("Label bound"),
            "bind": _("Device put on"),
            "unbind": _("Device taken off"),
            "fence": _("Fence drawn"),
            "service": _("Maintenance planned"),
            "serviced": _("Maintained"),
        },
    ),
)
