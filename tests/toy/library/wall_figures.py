"""The library's figure on the wall: books that are out."""

from django.utils.translation import gettext as _
from toy.library.lifecycles import KIND

from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.ui.shapes import Tile
from kotacerdas.kernel.wall_figures import WallFigure


def _lent(grants, at):
    count = visible_to(grants, kinds=[KIND]).filter(state="lent").count()
    return Tile(label=_("Books lent"), value=count, comparison="", at=at)


FIGURES = (WallFigure(code="library.lent", tile=_lent),)
