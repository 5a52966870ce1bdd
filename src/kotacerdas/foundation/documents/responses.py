"""A paper's bytes to a browser; whoever calls has checked who asks."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kotacerdas.foundation.documents.actions import path_of
from kotacerdas.foundation.documents.models import Document
from kotacerdas.kernel.errors import Unavailable


def document_response(document: Document) -> HttpResponse:
    """The PDF, the signed one where there is one. Raises Unavailable where its bytes are not on this machine."""
    file = path_of(document.signed_sha256 or document.sha256)
    try:
        made = file.read_bytes()
    except FileNotFoundError as error:
        raise Unavailable(
            _("This paper's file is not here."),
            remedy=_("Tell the operator: the folder of papers must be restored."),
        ) from error
    response = HttpResponse(made, content_type="application/pdf")
    name = document.number.replace("/", "-")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
