"""What the wall asks of a pack: figures that are declared."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from django.apps import apps
from django.utils.translation import gettext as _

from kotacerdas.insight.commandcenter.figures import MOST, declared
from kotacerdas.kernel.pack import MANIFEST, Problem
from kotacerdas.kernel.regency import Regency

_LIKE = 0.8


def unknown_figures(regency: Regency) -> Iterator[Problem]:
    """Figures that no app declares, and more than the wall has room for. One of a program that does not run here may stand."""
    labels = {one.label for one in apps.get_app_configs()}
    known = ", ".join(declared())
    for code in regency.wall.figures:
        if code not in declared() and _is_ours(code.split(".")[0], labels):
            words = _("[wall] figures: there is no %(code)s; known are %(known)s") % {
                "code": code,
                "known": known,
            }
            yield Problem(MANIFEST, 0, words)
    if len(regency.wall.figures) > MOST:
        yield Problem(MANIFEST, 0, _("[wall] figures: at most %(most)d fit the wall") % {"most": MOST})


def _is_ours(app: str, labels: set[str]) -> bool:
    """Whether an app runs here, or its name is one that does with a slip of the pen."""
    return app in labels or bool(get_close_matches(app, sorted(labels), 1, _LIKE))


CHECKS = (unknown_figures,)
