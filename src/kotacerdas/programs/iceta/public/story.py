"""The story of a report for the one who follows it."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.following.timeline import Timeline, Told
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
    told={
        "receive": Told("reporter", "inbox", "laut", _("Received")),
        "verify": Told("event", "shield-check", "laut", _("Verified and given to %(agency)s")),
        "dispatch": Told("event", "send", "laut", _("Given to %(agency)s")),
        "assign": Told("event", "send", "laut", _("Given to %(agency)s")),
        "merge": Told("event", "git-merge", "laut", _("Joined with another report")),
        "postpone": Told("public", "clock", "kunyit", _("Postponed"), by_agency=True),
        "not_ours": Told("public", "corner-up-right", "plain", _("Not within our authority"), by_agency=True),
        "archive": Told("public", "archive", "plain", _("Archived"), by_agency=True),
        "accept": Told("event", "check", "laut", _("Taken on by %(agency)s")),
        "on_scene": Told("event", "map-pin-check", "laut", _("Officers are on the scene")),
        "return": Told("event", "undo-2", "kunyit", _("Looking for the right agency")),
        "reply": Told(
            "public", "message-circle", "laut", _("Answered by %(agency)s"), by_agency=True, talk=True
        ),
        "ask": Told(
            "public", "circle-question-mark", "kunyit", _("A question for you"), by_agency=True, talk=True
        ),
        "answer": Told("reporter", "message-circle", "laut", _("Answered by the reporter"), talk=True),
        "carry_on": Told("event", "play", "laut", _("Work goes on")),
        "resolve": Told("public", "check", "padi", _("Resolved"), by_agency=True),
        "rate": Told("event", "smile", "padi", _("Rated by the reporter")),
        "rate_low": Told("event", "frown", "kunyit", _("Rated by the reporter")),
        "rate_along": Told("event", "smile", "padi", _("Rated by another reporter")),
        "reopen": Told("reporter", "rotate-ccw", "kunyit", _("Reopened")),
        "expire": Told("event", "lock", "plain", _("Closed by itself")),
    },
)
