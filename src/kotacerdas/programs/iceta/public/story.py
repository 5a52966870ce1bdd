"""The timeline of a report for its followers."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.following.timeline import StepEntry, Timeline
from kotacerdas.programs.iceta.lifecycles.kinds import AFTER, BEFORE, QUESTION, REPLY, REPORTER

STORY = Timeline(
    own=REPORTER.name,
    talk=frozenset({QUESTION, REPLY}),
    words=lambda case: case.report.words,
    words_published=lambda case: case.report.words_published,
    photos_published=lambda case: case.report.photos_published,
    before=BEFORE.name,
    after=AFTER.name,
    done="resolve",
    alt={BEFORE.name: _("Photo before the work"), AFTER.name: _("Photo after the work")},
    steps={
        "receive": StepEntry("reporter", "inbox", "laut", _("Received")),
        "verify": StepEntry("event", "shield-check", "laut", _("Verified and given to %(agency)s")),
        "dispatch": StepEntry("event", "send", "laut", _("Given to %(agency)s")),
        "assign": StepEntry("event", "send", "laut", _("Given to %(agency)s")),
        "merge": StepEntry("event", "git-merge", "laut", _("Joined with another report")),
        "postpone": StepEntry("public", "clock", "kunyit", _("Postponed"), by_agency=True),
        "not_ours": StepEntry(
            "public", "corner-up-right", "plain", _("Not within our authority"), by_agency=True
        ),
        "archive": StepEntry("public", "archive", "plain", _("Archived"), by_agency=True),
        "accept": StepEntry("event", "check", "laut", _("Taken on by %(agency)s")),
        "on_scene": StepEntry("event", "map-pin-check", "laut", _("Officers are on the scene")),
        "return": StepEntry("event", "undo-2", "kunyit", _("Looking for the right agency")),
        "reply": StepEntry(
            "public", "message-circle", "laut", _("Answered by %(agency)s"), by_agency=True, talk=True
        ),
        "ask": StepEntry(
            "public", "circle-question-mark", "kunyit", _("A question for you"), by_agency=True, talk=True
        ),
        "answer": StepEntry("reporter", "message-circle", "laut", _("Answered by the reporter"), talk=True),
        "carry_on": StepEntry("event", "play", "laut", _("Work goes on")),
        "resolve": StepEntry("public", "check", "padi", _("Resolved"), by_agency=True),
        "rate": StepEntry("event", "smile", "padi", _("Rated by the reporter")),
        "rate_low": StepEntry("event", "frown", "kunyit", _("Rated by the reporter")),
        "rate_along": StepEntry("event", "smile", "padi", _("Rated by another reporter")),
        "reopen": StepEntry("reporter", "rotate-ccw", "kunyit", _("Reopened")),
        "expire": StepEntry("event", "lock", "plain", _("Closed by itself")),
    },
)
