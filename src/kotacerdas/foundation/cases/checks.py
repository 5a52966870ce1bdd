"""Start-up checks of the declarations: `kotacerdas.E1xx`."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import NoReverseMatch, reverse

from kotacerdas.foundation.cases.lifecycle import flaws, lifecycles
from kotacerdas.foundation.indicators.declarations import indicators
from kotacerdas.foundation.parties.navigation import entries
from kotacerdas.foundation.parties.roles import declared
from kotacerdas.kernel.discover import discover


@register()
def check_lifecycles(**_kwargs: Any) -> list[CheckMessage]:
    """E101: a life-cycle that does not hold together. E102: permissions or roles that do not."""
    try:
        known = declared().permissions
    except LookupError as error:
        return [Error(str(error), id="kotacerdas.E102")]
    found: list[CheckMessage] = []
    for lifecycle in lifecycles().values():
        found += [Error(flaw, obj=lifecycle.kind, id="kotacerdas.E101") for flaw in flaws(lifecycle, known)]
    return found + _expired()


@register()
def check_nav(**_kwargs: Any) -> list[CheckMessage]:
    """E106: a place of the desk that leads nowhere, or that nobody may open."""
    found: list[CheckMessage] = []
    try:
        known = declared().permissions
    except LookupError:
        return []  # E102 tells of it
    for entry in entries():
        unknown = sorted(set(entry.permissions) - set(known))
        words = [f"nav.py names the permission {name}, which is not declared" for name in unknown]
        try:
            reverse(entry.url_name)
        except NoReverseMatch:
            words.append(f"nav.py names the page {entry.url_name}, which no urls.py has")
        found += [Error(flaw, obj=str(entry.label), id="kotacerdas.E106") for flaw in words]
    return found


@register()
def check_indicators(**_kwargs: Any) -> list[CheckMessage]:
    """W107: an indicator that waits for a verb which is no step of its kind of case."""
    steps = {kind: {"receive", *lifecycle.by_step} for kind, lifecycle in lifecycles().items()}
    return [
        Warning(f"{verb} is no step of {verb.rpartition('.')[0]}", obj=one.code, id="kotacerdas.W107")
        for one in indicators().values()
        for verb in sorted(one.verbs)
        if verb.rpartition(".")[2] not in steps.get(verb.rpartition(".")[0], {verb.rpartition(".")[2]})
    ]


def _expired() -> list[CheckMessage]:
    """E101 too: an action for a step that no clock takes."""
    known = {(kind, clock.expires) for kind, one in lifecycles().items() for clock in one.clocks}
    declared = [pair for module in discover("expiry") for pair in getattr(module, "EXPIRES", {})]
    return [
        Error(f"expiry.py names {step}, which no clock has as `expires`", obj=kind, id="kotacerdas.E101")
        for kind, step in declared
        if (kind, step) not in known
    ]
