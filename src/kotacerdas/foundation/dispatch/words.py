"""Reasons and figures in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kotacerdas.foundation.dispatch.declarations import Figures
from kotacerdas.foundation.dispatch.models import Station, Unit
from kotacerdas.foundation.dispatch.moments import clock_text
from kotacerdas.foundation.dispatch.skills import skill_words
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.tags.words import language, number

_WORDS = {
    "no_unit": gettext_noop("No unit goes out on this day."),
    "pinned_unit_away": gettext_noop("%(unit)s, which alone may do it, does not go out."),
    "pin": gettext_noop("%(unit)s alone may do it."),
    "skill": gettext_noop("No unit has what it takes: %(skill)s."),
    "volume": gettext_noop("%(volume)s l are more than the largest unit holds (%(largest)s l)."),
    "capacity": gettext_noop("%(volume)s l are more than the unit holds (%(capacity)s l)."),
    "window_too_short": gettext_noop(
        "The work takes %(seconds)s minutes, its longest window has %(longest)s minutes."
    ),
    "promise_in_no_window": gettext_noop("What was promised lies in none of its windows."),
    "outside_shifts": gettext_noop(
        "It may begin between %(earliest)s and %(latest)s, shifts run from %(start)s to %(end)s."
    ),
    "no_site": gettext_noop("There is nowhere to unload."),
    "intake": gettext_noop("%(site)s takes %(left)s l more today, of %(limit)s l; this is %(volume)s l."),
    "too_far": gettext_noop(
        "Too far for this day: %(unit)s would be back at %(end)s, its shift ends at %(shift_end)s."
    ),
    "no_time": gettext_noop(
        "No time left: %(unit)s would be back at %(end)s, its shift ends at %(shift_end)s."
    ),
    "site_closed": gettext_noop(
        "%(unit)s would reach %(site)s at %(arrive)s; it closes at %(closes)s, and unloading takes its time."
    ),
    "window": gettext_noop("%(unit)s would come at %(arrive)s; %(latest)s is the latest."),
    "promise": gettext_noop("%(unit)s would come at %(arrive)s; %(latest)s at the latest was promised."),
    "displaces": gettext_noop(
        "Another job would suffer: %(unit)s would come to it at %(arrive)s, %(latest)s is the latest."
    ),
    "break": gettext_noop("No time is left for the break of %(unit)s."),
    "removed": gettext_noop("A planner took it out of the plan."),
    "not_asked": gettext_noop("It came after this plan was made."),
}
_MOMENTS = ("earliest", "latest", "start", "end", "shift_end", "arrive", "closes")
_LITRES = ("volume", "largest", "capacity", "left", "limit")
_LENGTHS = ("seconds", "longest")


def reason_words(code: str, figures: Figures, names: Mapping[str, str] | None = None) -> str:
    """Why a job is in no route, as a sentence with its figures; the code itself where it is a newer one.

    names  of units and stations by id (`names_of`), for whoever tells many reasons; looked up where there are none
    """
    words = _WORDS.get(code)
    if words is None:
        return code
    told: dict[str, Any] = {}
    for name, value in figures.items():
        if name in _NAMED:
            told[name] = names.get(str(value), value) if names is not None else _name(_NAMED[name], value)
        else:
            told[name] = _TELLS[name](value) if name in _TELLS else value
    return _(words) % told


def names_of(agency: Agency) -> dict[str, str]:
    """Names of an agency's units and stations by id."""
    units = Unit.objects.filter(agency=agency).values_list("id", "name")
    stations = Station.objects.filter(agency=agency).values_list("id", "name")
    return {str(key): name for key, name in (*units, *stations)}


def _moment(seconds: int) -> str:
    """`17.42` in Indonesian, `17:42` elsewhere."""
    text = clock_text(seconds)
    return text.replace(":", ".") if language() == "id" else text


def _name(model: type[Unit] | type[Station], value: int | str) -> str:
    """The name of a row by its id; what stands there where there is none."""
    try:
        found = model._default_manager.filter(id=UUID(str(value))).first()
    except ValueError:
        found = None
    return found.name if found is not None else str(value)


_NAMED: dict[str, type[Unit] | type[Station]] = {"unit": Unit, "site": Station}
_TELLS: dict[str, Callable[[Any], str]] = {
    "skill": lambda codes: skill_words(str(codes).split(", ")),
    **dict.fromkeys(_MOMENTS, _moment),
    **dict.fromkeys(_LITRES, number),
    **dict.fromkeys(_LENGTHS, lambda seconds: str(-(-seconds // 60))),
}
