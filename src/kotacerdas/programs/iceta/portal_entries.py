"""What ICeta puts on the citizens' front page."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kotacerdas.foundation.cases.clocks import policy_on
from kotacerdas.foundation.following.my_cases import my_parties
from kotacerdas.foundation.ui.shapes import NavItem
from kotacerdas.foundation.ui.shapes.portal import (
    CaseCard,
    FinishedCard,
    PortalEntry,
    PortalPart,
    PromiseLine,
)
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Unavailable
from kotacerdas.kernel.programmes import programme
from kotacerdas.kernel.regency import regency
from kotacerdas.programs.iceta.lifecycles import KIND
from kotacerdas.programs.iceta.pack_tables import limits
from kotacerdas.programs.iceta.public import finished, following


def _entries() -> Sequence[PortalEntry]:
    return (
        PortalEntry(
            label=_("Report a problem"),
            note=programme("iceta").name,
            icon=programme("iceta").icon or "megaphone",
            code="iceta",
            url=reverse("iceta:report_photo"),
            tone="mangga",
            order=1,
        ),
    )


def _headline() -> tuple[str, str]:
    """The promise on the front page; left out when its policy is missing."""
    try:
        days = policy_on("sp4n.respond", clock.now()).budget
    except Unavailable:
        return _("Report what is wrong."), _("No account needed.")
    words = ngettext(
        "Report once, answered within %(n)d working day.",
        "Report once, answered within %(n)d working days.",
        days,
    )
    return words % {"n": days}, _("From verification. No account needed.")


def _act() -> NavItem:
    return NavItem(label=_("File a report"), icon="camera", url=reverse("iceta:report_photo"))


def _nav() -> Sequence[NavItem]:
    return (
        NavItem(label=_("File a report"), icon="camera", url=reverse("iceta:report_photo")),
        NavItem(label=_("My reports"), icon="inbox", url=reverse("following:my_cases")),
    )


def _find() -> NavItem:
    return NavItem(label=_("Find by ticket number"), icon="search", url=reverse("following:link_again"))


def _my_cases(request: HttpRequest) -> Sequence[CaseCard]:
    return [following.card(party) for party in my_parties(request) if party.case.kind == KIND]


def _finished() -> Sequence[FinishedCard]:
    return finished.this_week()


def _working_time(minutes: float) -> tuple[str, str]:
    """Office minutes as whole hours, or minutes under one hour."""
    if minutes < 60:
        return number(round(minutes)), _("working minutes")
    hours = round(minutes / 60)
    return number(hours), ngettext("working hour", "working hours", hours)


def _share(value: float) -> tuple[str, str]:
    return number(round(100 * value, 1)) + "%", ""


def _goal() -> str:
    return _("goal %(share)s") % {"share": number(regency().bands.good_from) + "%"}


PORTAL = PortalPart(
    entries=_entries,
    headline=_headline,
    ask=lambda: reverse("iceta:report_words"),
    act=_act,
    nav=_nav,
    find=_find,
    my_cases=_my_cases,
    my_cases_url=lambda: reverse("following:my_cases"),
    finished=_finished,
    promises=(
        PromiseLine(
            label=pgettext_lazy("promise", "First answer"),
            indicator="iceta.first_answer",
            shown=_working_time,
            counted=lambda _n, total: (
                ngettext("median of %(n)s answer", "median of %(n)s answers", total) % {"n": number(total)}
            ),
            goal_words=gettext_lazy("12 weeks"),
        ),
        PromiseLine(
            label=gettext_lazy("Deadlines that were met"),
            indicator="iceta.on_time_share",
            shown=_share,
            counted=lambda in_time, total: (
                _("%(n)s of %(total)s") % {"n": number(in_time), "total": number(total)}
            ),
            goal=regency().bands.good_from / 100,
            goal_words=lazy(_goal, str)(),
            tone="padi",
        ),
        PromiseLine(
            label=gettext_lazy("Satisfied with the result"),
            indicator="iceta.satisfied_share",
            shown=_share,
            counted=lambda _n, total: ngettext("%(n)s rating", "%(n)s ratings", total) % {"n": number(total)},
            goal_words=gettext_lazy("12 weeks"),
            tone="padi",
            least=limits().least_ratings_shown,
        ),
    ),
)
