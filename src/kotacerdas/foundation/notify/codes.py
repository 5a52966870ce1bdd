"""One-time codes: sent immediately, and stored only on the demo's outbox page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kotacerdas.foundation.notify.declarations import Words
from kotacerdas.foundation.notify.senders import SendFailed, SendRefused, SendUnclear, sender_for
from kotacerdas.kernel.errors import Unavailable


def send_code(*, phone: str, code: str) -> None:
    """Send a sign-in code by SMS now; a code that arrives minutes later is worth nothing, so no queue.

    Raises Unavailable, in words, when the provider does not take it.
    """
    words = Words(subject="", body=_("%(code)s is your code. Do not share it with anybody.") % {"code": code})
    try:
        sender_for("sms").send_now(phone, words)
    except (SendFailed, SendUnclear, SendRefused) as error:
        raise Unavailable(
            _("The code could not be sent just now."),
            remedy=_("Try again in a minute, or report without signing in."),
        ) from error
