"""The promises that a report would get, in words, from the declared clocks and the dated policies."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.cases.clocks import policy_on
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.lifecycles import REPORT
from kotacerdas.programs.iceta.models import Category

FROM_DESK = ("handover", "arrive", "respond", "resolve")
FROM_VERIFIER = ("verify", *FROM_DESK)


def promises(
    *,
    category: Category,
    urgency: str = "",
    report_class: str = "",
    is_oversight: bool | None = None,
    clocks: Iterable[str] = FROM_DESK,
) -> list[str]:
    """One sentence a clock that such a report would start, in the order of `clocks`; none for what has none.

    Raises Unavailable when the pack has no policy in force today.
    """
    given: Any = SimpleNamespace(
        priority=urgency or category.urgency,
        report=SimpleNamespace(
            category=category,
            report_class=report_class or category.report_class,
            is_oversight=category.is_oversight if is_oversight is None else is_oversight,
        ),
    )
    found = []
    for name in clocks:
        key = REPORT.by_clock[name].policy(given, {})
        if key is not None:
            found.append(_sentence(name, key))
    return found


def _sentence(name: str, key: str) -> str:
    policy = policy_on(key, clock.now())
    if policy.unit == "workdays":
        time = ngettext("%(n)d working day", "%(n)d working days", policy.budget) % {"n": policy.budget}
    else:
        time = ngettext("%(n)d minute", "%(n)d minutes", policy.budget) % {"n": policy.budget}
    words = {
        "verify": _("verified within %(time)s"),
        "handover": _("accepted by the agency within %(time)s"),
        "arrive": _("on scene within %(time)s"),
        "respond": _("first answer within %(time)s of verification"),
        "resolve": _("resolved within %(time)s of verification"),
    }
    return words[name] % {"time": time}
