"""The purpose of this room's own: a levy that no program declares more closely."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.payments.purposes import Purpose

PURPOSES = (Purpose(code="levy", label=_("Regional levy")),)
