"""What the wall asks of a pack: figures that are declared."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.utils.translation import gettext as _

from kotacerdas.insight.commandcenter.figures import MOST, declared
from kotacerdas.kernel.pack import MANIFEST, Problem
from kotacerdas.kernel.regency import Regency

_PROGRAMS = find_spec("kotacerdas.programs")


def unknown_figures(regency: Regency) -> Iterator[Problem]:
    """Figures that no app declares, and more than the wall has room for. One of ours that does not run here may stand."""
    elsewhere = {
        one.name for one in iter_modules((_PROGRAMS.submodule_search_locations if _PROGRAMS else None) or ())
    } - {one.label for one in apps.get_app_configs()}
    known = ", ".join(declared())
    for code in regency.wall.figures:
        if code.split(".")[0] not in elsewhere and code not in declared():
            words = _("[wall] figures: there is no %(code)s; known are %(known)s") % {
                "code": code,
                "known": known,
            }
            yield Problem(MANIFEST, 0, words)
    if len(regency.wall.figures) > MOST:
        yield Problem(MANIFEST, 0, _("[wall] figures: at most %(most)d fit the wall") % {"most": MOST})


CHECKS = (unknown_figures,)
