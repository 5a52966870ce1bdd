"""Papers as subjects: found by their number among those of one's own agencies."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.subjects import Subject

DOCUMENT = "documents.document"


def of_own_agencies(grants: Grants) -> QuerySet[Document]:
    """The papers that the agencies of somebody's posts issued, newest first."""
    agencies = {post.agency_id for post in grants.positions}
    return Document.objects.filter(agency__in=agencies).order_by("-issued_at", "-id")


SUBJECTS = (
    Subject(
        kind=DOCUMENT,
        label=_("Paper"),
        visible=of_own_agencies,
        words=str,
        url=lambda document: reverse("documents:check", args=[document.code]),
        find=lambda text: Q(number__icontains=text),
        acts={"issue": _("Issued"), "revoke": _("Revoked"), "sign": _("Signed")},
    ),
)
