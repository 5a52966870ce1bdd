"""Messages to reporters and posts, composed when they are sent; the queue holds only ids."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework import messages as posts
from kotacerdas.foundation.casework.messages import to_post
from kotacerdas.foundation.following import messages as parties
from kotacerdas.foundation.following.messages import to_party
from kotacerdas.foundation.notify.declarations import Template
from kotacerdas.programs.iceta.lifecycles.states import S

FIRST = frozenset({"iceta.received", "iceta.joined"})
LINK = "iceta.link"
_ASKED_FOR = frozenset({*FIRST, LINK})  # what answers to what the reporter did a moment ago

_SUBJECT = _("Report %(number)s")
_NEWS = _("There is news of report %(number)s (%(title)s), which you follow:")
# Who joined or was merged reads that there is news; a question and a reply are for the one who reported.
_NEWS_ALONE = {"joined": _NEWS, "merged": _NEWS}
_NOTHING = {"joined": "", "merged": ""}

_TO_REPORTERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "received": (_("Your report %(number)s (%(title)s) is stored. Follow it here:"), {}),
    "joined": (_("You follow report %(number)s (%(title)s) now:"), {}),
    "link": (_("Here is your link to report %(number)s (%(title)s) again:"), {}),
    "verified": (_("Report %(number)s was verified and given to %(agency)s. Follow it here:"), {}),
    "postponed": (_("Report %(number)s was postponed. Read why:"), _NEWS_ALONE),
    "not_ours": (_("Report %(number)s is not within our authority. Read where to turn:"), _NEWS_ALONE),
    "archive": (_("Report %(number)s was archived. Read why:"), _NEWS_ALONE),
    "merged": (
        _("Report %(number)s was joined with an earlier one about the same matter. Follow it here:"),
        {},
    ),
    "reply": (_("%(agency)s replied to report %(number)s. Read it here:"), _NOTHING),
    "question": (_("%(agency)s has a question about report %(number)s. Please answer here:"), _NOTHING),
    S.RESOLVED: (
        _("Report %(number)s was resolved by %(agency)s. See the result and rate it:"),
        {"joined": _NEWS},
    ),
    "expired": (_("Report %(number)s closed by itself. See it here:"), {}),
}
_ONLY_IN: dict[str, frozenset[str]] = {
    "question": frozenset({S.WAITING}),
    S.RESOLVED: frozenset({S.RESOLVED, S.CLOSED}),
}
_TO_POSTS = {
    "assigned": _("New work: %(title)s, report %(number)s."),
    "support_asked": _("Your support is asked for: %(title)s, report %(number)s."),
    "answered": _("The reporter answered: %(title)s, report %(number)s."),
    "reopened": _("Reopened by the reporter: %(title)s, report %(number)s."),
    "escalated": _("Overdue, escalated to you: %(title)s, report %(number)s."),
    "restored": _(
        "The deadline was met after all, the news of it came late. No longer escalated to you: %(title)s, report %(number)s."
    ),
}
TEMPLATES = (
    *(
        Template(
            name=f"iceta.{name}",
            compose=to_party(_SUBJECT, text, only_in=_ONLY_IN.get(name, ()), **others),
            at_once=f"iceta.{name}" in _ASKED_FOR or parties.is_pressing,
        )
        for name, (text, others) in _TO_REPORTERS.items()
    ),
    *(
        Template(name=f"iceta.{name}", compose=to_post(_SUBJECT, text), at_once=posts.is_pressing)
        for name, text in _TO_POSTS.items()
    ),
)
