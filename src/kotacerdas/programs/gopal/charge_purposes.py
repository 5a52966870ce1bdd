"""What desludging takes money for."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.payments.purposes import Purpose

EXTRA = "gopal.desludging_extra"  # litres that were pumped beyond the quote, agreed on the spot
PURPOSES = (
    Purpose(code="gopal.desludging", label=_("Desludging of a septic tank")),
    Purpose(code=EXTRA, label=_("Desludging: more litres than ordered")),
)
