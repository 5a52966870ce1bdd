"""The paper of the library: a loan slip."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.documents.declarations import DocumentKind

KINDS = (
    DocumentKind(
        code="library.slip",
        label=_("Loan slip"),
        template=Path(__file__).parent / "typst" / "slip.typ",
        prefix="PJM",
        proves=_("The library lent this book on that day."),
        unproven=_("Not proven: whether it is back."),
        sample=lambda: {"lines": [["Buku", "Contoh"]]},
    ),
)
