"""What borrowers are told, composed when it is sent."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.following.messages import to_party
from kotacerdas.foundation.notify.declarations import Template

_SUBJECT = _("Loan %(number)s")
_TEXTS = {
    "asked": _("Your loan %(number)s is noted. Follow it here:"),
    "reminded": _("Please bring the book of loan %(number)s back. Look here:"),
    "lapsed": _("Nobody fetched the book of loan %(number)s, and others may have it now. Look here:"),
    "link": _("Here is your link to loan %(number)s again:"),
}
_AT_ONCE = ("asked", "link")  # what answers to what the borrower did a moment ago
TEMPLATES = tuple(
    Template(name=f"library.{name}", compose=to_party(_SUBJECT, text), at_once=name in _AT_ONCE)
    for name, text in _TEXTS.items()
)
