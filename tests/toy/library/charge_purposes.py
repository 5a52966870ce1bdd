"""What the library takes money for."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.payments.purposes import Purpose

PURPOSES = (
    Purpose(code="library.fine", label=_("Fine for a late book")),
    Purpose(code="library.donation", label=_("Gift to the library")),
)
