"""What a tank asks of a truck, in words."""

from django.utils.translation import gettext_lazy as _

SKILLS = {"narrow_road": _("narrow roads"), "long_hose": _("a long hose")}
