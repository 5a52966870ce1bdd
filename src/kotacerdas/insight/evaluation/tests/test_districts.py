"""The names on the map of districts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kotacerdas.foundation.territory.cells import Shape
from kotacerdas.insight.evaluation.districts import (
    LABEL_SIZE,
    LETTER,
    MAP_HEIGHT,
    MAP_WIDTH,
    MOST_LABELS,
    _apart,
)

PLACES = st.lists(
    st.tuples(st.floats(0, MAP_WIDTH), st.floats(0, MAP_HEIGHT), st.integers(3, 16), st.integers(0, 20)),
    min_size=1,
    max_size=31,
)


@given(PLACES)
def test_no_name_or_figure_lies_on_another_and_the_first_always_stands(places):
    drawn = {str(n): Shape(str(n), "x" * wide, "", x, y) for n, (x, y, wide, _) in enumerate(places)}
    shown = {str(n): "9" * figure for n, (_x, _y, _wide, figure) in enumerate(places)}
    placed = _apart([*drawn, "unknown"], drawn, shown)
    assert "0" in placed
    assert len(placed) <= MOST_LABELS
    codes = list(placed)
    for n, one in enumerate(codes):
        for other in codes[n + 1 :]:
            apart = (
                sum(max(len(drawn[n].name), len(shown[n])) for n in (one, other)) * LABEL_SIZE * LETTER / 2
            )
            (x, y), (u, v) = placed[one], placed[other]
            assert abs(x - u) > apart or abs(y - v) > 2 * LABEL_SIZE
