"""Phones as subjects of the journal's rows."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.parties.subjects import Subject
from kotacerdas.foundation.sync.models import Phone
from kotacerdas.foundation.sync.phones import phones_of

PHONE = "sync.phone"


def _words(phone: Phone) -> str:
    owner = _("Phone of %(name)s") % {"name": phone.user.name}
    return f"{owner} ({phone.label})" if phone.label else owner


SUBJECTS = (
    Subject(
        kind=PHONE,
        label=gettext_lazy("Phone"),
        visible=lambda grants: phones_of(grants).select_related("user"),
        words=_words,
        url=lambda phone: reverse("sync:phone", args=[phone.pk]),
        acts={
            "enrol": gettext_lazy("Set up"),
            "revoke": gettext_lazy("Revoked"),
            "rescue": gettext_lazy("A file that it exported was taken in"),
        },
    ),
)
