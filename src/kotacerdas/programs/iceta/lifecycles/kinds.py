"""Who has a part in a report, what kinds of words are written on it, and when its photos were made."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.kinds import ESCALATION, INSIDE, LEAD, OTHER, Moment, NoteKind, Role

VERIFIER = Role(name="verify", label=_("Verifier"))
SUPPORT = Role(name="support", label=_("Support"))
ROLES = (VERIFIER, LEAD, SUPPORT, ESCALATION)

REPORTER = Role(name="reporter", label=_("reporter"))
JOINED = Role(name="joined", label=_("joined"))  # follows the report of another
MERGED = Role(name="merged", label=_("merged"))  # reported the same matter
PARTIES = (REPORTER, JOINED, MERGED)

REPLY, QUESTION, RESOLUTION = "reply", "question", "resolution"
ANSWER, REOPENING = "answer", "reopening"
NOTES = (
    INSIDE,
    NoteKind(name=REPLY, label=_("Reply to reporter"), icon="send", speaker="public"),
    NoteKind(
        name=QUESTION,
        label=_("Question to the reporter"),
        icon="message-circle-question-mark",
        speaker="public",
    ),
    NoteKind(name=RESOLUTION, label=_("Result"), icon="circle-check", speaker="public"),
    NoteKind(name=ANSWER, label=_("Answer"), icon="message-circle", speaker="party"),
    NoteKind(name=REOPENING, label=_("Reopened"), icon="rotate-ccw", speaker="party"),
)

BEFORE = Moment(name="before", label=_("Before"), alt=_("Photo of the reporter"))
AFTER = Moment(name="after", label=_("After"), alt=_("Photo after the work"))
MOMENTS = (BEFORE, AFTER, OTHER)
