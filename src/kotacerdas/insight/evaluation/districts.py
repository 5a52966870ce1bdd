"""The map of a score's districts: five classes, and as many names as fit apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from kotacerdas.foundation.indicators import queries as live
from kotacerdas.foundation.indicators.queries import Figure
from kotacerdas.foundation.territory.cells import Shape, district_shapes
from kotacerdas.foundation.territory.queries import is_mapped
from kotacerdas.foundation.ui import shapes
from kotacerdas.insight.evaluation import queries, words
from kotacerdas.insight.evaluation.queries import Line

MAP_WIDTH, MAP_HEIGHT = 520, 400
LABEL_SIZE = 11
LETTER = 0.64  # of the size of the type, a generous mean
MOST_LABELS = 7  # districts named on the map; the others on pointing and in the list behind it


def size_of(figure: Figure) -> int:
    """How much stands behind a figure: what it is a share of, else what it counts."""
    return figure.denominator or figure.numerator


def district_map(
    line: Line, first: date, last: date, *, chosen: str, link: Callable[[str], str]
) -> shapes.Choropleth:
    """Districts by place of the event, in five classes; each a link that narrows the rows to its code."""
    figures = live.figures(line.sheet.code, first, last, by="district")
    values = {
        code: float(value)
        for code, figure in figures.items()
        if (value := queries.in_unit(figure)) is not None
    }
    edges = _edges(sorted(values.values()))
    drawn = district_shapes(MAP_WIDTH, MAP_HEIGHT)
    first_named = sorted(figures, key=lambda code: (code != chosen, -size_of(figures[code])))
    brief = {code: words.without_unit(line.sheet, value) for code, value in values.items()}
    labels = (
        _apart(first_named, {shape.code: shape for shape in drawn}, brief)
        if is_mapped()
        else {shape.code: (shape.x, shape.y) for shape in drawn}
    )
    regions = [
        shapes.Region(
            code=shape.code,
            label=shape.name,
            d=shape.d,
            level=sum(values[shape.code] >= edge for edge in edges) if shape.code in values else None,
            shown=words.figure(line.sheet, values.get(shape.code)),
            brief=brief.get(shape.code, ""),
            at=labels.get(shape.code),
            href=link(shape.code),
            on=chosen == shape.code,
        )
        for shape in drawn
    ]
    legend = _legend([words.figure(line.sheet, edge) for edge in edges])
    return shapes.Choropleth(
        title=_("By district"),
        box=(0, 0, MAP_WIDTH, MAP_HEIGHT),
        regions=tuple(regions),
        legend=tuple(legend),
        label_size=LABEL_SIZE,
        is_tiles=not is_mapped(),
    )


def _apart(
    codes: Sequence[str], drawn: Mapping[str, Shape], shown: Mapping[str, str]
) -> dict[str, tuple[float, float]]:
    """Where the labels stand, the first ones first; one that would lie on another is left out."""
    placed: dict[str, tuple[float, float]] = {}
    halves: dict[str, float] = {}
    for code in codes:
        if code not in drawn or len(placed) == MOST_LABELS:
            continue
        half = max(len(drawn[code].name), len(shown.get(code, ""))) * LABEL_SIZE * LETTER / 2
        x, y = _inside(drawn[code].x, drawn[code].y, half)
        if all(
            abs(x - there[0]) > half + halves[other] or abs(y - there[1]) > 2.6 * LABEL_SIZE
            for other, there in placed.items()
        ):
            placed[code], halves[code] = (x, y), half
    return placed


def _inside(x: float, y: float, half: float) -> tuple[float, float]:
    """Where a label stands: at its district, but with all its letters on the map."""
    return min(max(x, half), MAP_WIDTH - half), min(max(y, LABEL_SIZE), MAP_HEIGHT - 2 * LABEL_SIZE)


def _legend(edges: list[str]) -> list[str]:
    if not edges:
        return []
    between = [f"{low}–{high}" for low, high in pairwise(edges)]
    return [_("under %(n)s") % {"n": edges[0]}, *between, _("from %(n)s") % {"n": edges[-1]}]


def _edges(values: list[float]) -> list[float]:
    """Four edges between five classes of about equal size; fewer where values are alike."""
    if len(set(values)) < 5:
        return sorted(set(values))[1:]
    cut = [values[len(values) * part // 5] for part in range(1, 5)]
    return sorted(set(cut))
