"""Whatever is given to a form with every type: Python never raises, and the phone says the same."""

from __future__ import annotations

import json
import re
from itertools import chain

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from kotacerdas.foundation.commands.fields import check, problem_templates
from kotacerdas.foundation.commands.tests.test_fields import kinds
from kotacerdas.foundation.commands.tests.vector_forms import STORED, declared, on_the_phone, plain, revived

_TYPES = ("text", "integer", "decimal", "boolean", "choice", "choices", "date", "time", "moment", "phone")
_MORE = ("position", "code", "photos", "signature", "group", "lines", "litres", "ph", "day", "two_photos")
FORM = [STORED["forms"][name][0] | {"name": f"a_{name}", "required": False} for name in (*_TYPES, *_MORE)]
FORM.append({"name": "last", "type": "text", "label": "Last", "shown_if": ["a_integer", "at_least", 1]})
FIELDS, TODAY = declared(FORM), STORED["today"]
NAMES = [one["name"] for one in FORM]
# Numbers of other countries are for the server to judge: no text begins like one.
_TYPED = st.text(alphabet="0123456789.,-/:TZ()ab \u200b\u0661", max_size=24).filter(
    lambda text: not text.strip(" ()\u200b").startswith("00")
)
_KNOWN = list(
    chain.from_iterable(
        revived(one["given"]).values() for one in STORED["vectors"] if isinstance(one["given"], dict)
    )
)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-1000, 1000, places=2).map(float),
    st.text(st.characters(exclude_categories=["Cn", "Co", "Nd"]), max_size=12),
    _TYPED,
    st.sampled_from([one for one in _KNOWN if not re.search("NaN|Infinity", json.dumps(one))]),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["n", "lat", "lng", "accuracy", "__proto__"]), inner, max_size=3)
    ),
    max_leaves=4,
)
GIVEN = st.dictionaries(st.sampled_from([*NAMES, "other"]), _VALUES, max_size=12)
_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def drawn(many: int) -> list[dict]:
    """So many given values, the same at every run."""
    found: list[dict] = []

    @seed(20)
    @settings(max_examples=many, deadline=None, database=None, suppress_health_check=_QUIET)
    @given(GIVEN)
    def collect(one):
        found.append(one)

    collect()
    return found


def test_random_answers_never_raise_and_get_one_verdict():
    cases = drawn(200)
    phone = on_the_phone({"all": FORM}, [("all", one, TODAY) for one in cases], problem_templates("id"))
    wrong = []
    for one, theirs in zip(cases, phone, strict=True):
        ours, theirs = plain(check(FIELDS, one, today=TODAY)), {**theirs}
        del theirs["words"]
        if kinds(ours) != kinds(theirs):
            wrong.append(f"{one!a}\n  {ours!a}\n  {theirs!a}")
    assert not wrong, "\n".join(wrong[:5])
