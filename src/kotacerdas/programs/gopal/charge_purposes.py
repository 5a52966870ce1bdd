"""What desludging takes money for."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.payments.purposes import Purpose

PURPOSES = (Purpose(code="gopal.desludging", label=_("Desludging of a septic tank")),)
