"""Programmes and indicators of a pack against the programs that run here: their codes have to be the same."""

from __future__ import annotations

from collections.abc import Set
from difflib import get_close_matches

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _

from kotacerdas.foundation.indicators.declarations import indicators

_LIKE = 0.85  # "ceta" for "iceta", but not one program for another
_SHARED = 2  # indicators of the same name, from which on it is no chance


def running_programs() -> set[str]:
    """Codes of the programs that run here and count something."""
    labels = {one.label for one in apps.get_app_configs() if one.name in settings.PROGRAMS}
    return labels & {code.partition(".")[0] for code in indicators()}


def program_meant(code: str, tails: Set[str], missing: Set[str]) -> str | None:
    """The running program without a programme whose programme this is, by its code or by its indicators.

    tails    what stands after the point in the codes of the programme's indicators
    missing  running programs of whose code the pack has no programme
    """
    plain = "".join(char for char in code.casefold() if char.isalnum())
    if code in running_programs():
        return None
    if like := get_close_matches(plain, sorted(missing), 1, _LIKE):
        return like[0]
    for program in sorted(missing):
        own = {one.partition(".")[2] for one in indicators() if one.startswith(program + ".")}
        if len(tails & own) >= _SHARED and tails <= own:
            return program
    return None


def unknown_live(code: str, kind: str, *, is_published: bool) -> str | None:
    """What is wrong with an indicator of a running program: it counts none of this code, or counts it otherwise."""
    program = code.partition(".")[0]
    if program not in running_programs():
        return None
    declared = indicators().get(code)
    if declared is not None:
        if declared.kind == kind:
            return None
        return _("kind: %(code)s is a %(kind)s") % {"code": code, "kind": declared.kind}
    if is_published:
        return None
    known = ", ".join(sorted(one for one in indicators() if one.startswith(program + ".")))
    return _("code: the program does not count %(code)s; known are %(known)s") % {
        "code": code,
        "known": known,
    }
