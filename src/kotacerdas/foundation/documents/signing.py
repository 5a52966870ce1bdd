"""Certified electronic signatures: the `Signer` port, and BSrE's e-sign service behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from kotacerdas.kernel.errors import Refused, Unavailable

SECONDS = 60.0


class Signer(Protocol):
    """Signs a PDF for somebody who proves to be themselves by a passphrase."""

    def sign(self, pdf: bytes, *, nik: str, passphrase: str) -> bytes:
        """The signed bytes. Raises Refused for a wrong passphrase, Unavailable when the service does not answer."""
        ...


@dataclass(frozen=True)
class Bsre:
    """BSrE's e-sign client service: `POST /api/sign/pdf`, an invisible signature, basic authentication."""

    url: str
    user: str
    password: str

    @classmethod
    def of_settings(cls) -> Bsre:
        return cls(settings.BSRE_URL, settings.BSRE_USER, settings.BSRE_PASSWORD)

    def sign(self, pdf: bytes, *, nik: str, passphrase: str) -> bytes:
        given = {"nik": nik, "passphrase": passphrase, "tampilan": "invisible"}
        try:
            answer = httpx.post(
                f"{self.url}/api/sign/pdf",
                data=given,
                files={"file": ("dokumen.pdf", pdf, "application/pdf")},
                auth=(self.user, self.password),
                timeout=SECONDS,
            )
        except httpx.HTTPError as error:
            raise _away() from error
        if answer.status_code in (400, 401, 403):
            raise Refused(
                _("The signature was refused: passphrase or certificate do not fit."),
                remedy=_("Check the passphrase, and whether the certificate is still valid."),
                code="signature",
            )
        if answer.is_error or not answer.content.startswith(b"%PDF-"):
            raise _away()
        return answer.content


def _away() -> Unavailable:
    return Unavailable(
        _("The signature service does not answer just now. Nothing was signed."),
        remedy=_("Try again in a minute."),
        code="signature_away",
    )
