"""What the pack says of promises: dated policies that clocks name by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any, Literal

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.lifecycle import needed_policies
from kotacerdas.foundation.cases.models import Policy
from kotacerdas.foundation.parties.pack import position_codes
from kotacerdas.kernel import clock
from kotacerdas.kernel.pack import Counts, Pack, Section
from kotacerdas.kernel.packstore import upsert

OWN_HEAD = "agency.head"
_MOST_AFTER = 1_000_000  # minutes: two years
_MOST_BUDGET = {"workdays": 2_000, "minutes": 1_000_000}


@dataclass(frozen=True, kw_only=True)
class PolicyRow:
    """One [[policies]] of policies.toml. `escalation` is a list of {to, after} tables."""

    key: str
    unit: Literal["workdays", "minutes"]
    budget: int
    escalation: Any = ()
    reopen_minimum: int = 0
    valid_from: date
    valid_to: date | None = None
    source: str


def check_policies(rows: Sequence[PolicyRow], pack: Pack) -> Iterator[tuple[PolicyRow | None, str]]:
    """Budgets are positive, periods of a key do not overlap, escalations lead to posts that exist.

    Every key that a declared clock can ask for has a policy in force today and from then on without an end: else
    whoever opens a case would be answered that nothing can be promised.
    """
    posts = position_codes(pack)
    for row in rows:
        if row.budget < 1:
            yield row, _("budget: at least 1")
        if max(row.budget, row.reopen_minimum) > _MOST_BUDGET[row.unit]:
            yield (
                row,
                _("budget: at most %(most)d %(unit)s") % {"most": _MOST_BUDGET[row.unit], "unit": row.unit},
            )
        if row.valid_to is not None and row.valid_to < row.valid_from:
            yield (
                row,
                _("valid_to: %(last)s is before %(first)s")
                % {
                    "last": row.valid_to,
                    "first": row.valid_from,
                },
            )
        yield from ((row, message) for message in _escalation_flaws(row.escalation, posts))
    by_key: dict[str, list[PolicyRow]] = {}
    for row in sorted(rows, key=lambda one: one.valid_from):
        before = by_key.setdefault(row.key, [])
        if before and (before[-1].valid_to or date.max) >= row.valid_from:
            yield (
                row,
                _("valid_from: the policy of this key before it has not ended by then; give it a valid_to"),
            )
        before.append(row)
    yield from _lacking(by_key)


def _lacking(
    by_key: Mapping[str, Sequence[PolicyRow]],
) -> Iterator[tuple[PolicyRow | None, str]]:
    """Policies that declared clocks need and the pack lacks; reported at the nearest row, if there is one."""
    needed, today = needed_policies(), clock.today()
    for key in sorted(by_key.keys() - needed):
        meant = get_close_matches(key, needed - by_key.keys(), 1)
        hint = _(" Did you mean %(key)s?") % {"key": meant[0]} if meant else ""
        yield by_key[key][0], _("key: no deadline is called %(key)s.") % {"key": key} + hint
    for key in sorted(needed):
        periods = by_key.get(key, ())
        if not periods:
            yield None, _("policies: there is none with the key %(key)s") % {"key": key}
            continue
        if not any(one.valid_from <= today and (one.valid_to or date.max) >= today for one in periods):
            yield periods[-1], _("%(key)s: no policy is in force today") % {"key": key}
        elif periods[-1].valid_to is not None:
            yield (
                periods[-1],
                _("%(key)s: it ends on %(day)s and nothing follows; leave valid_to empty until it does")
                % {"key": key, "day": periods[-1].valid_to},
            )


def _escalation_flaws(chain: Any, posts: set[str]) -> Iterator[str]:
    last = -1
    for step in chain if isinstance(chain, list | tuple) else [chain]:
        if (
            not isinstance(step, Mapping)
            or set(step) != {"to", "after"}
            or type(step["after"]) is not int
            or not isinstance(step["to"], str)
        ):
            yield _("escalation: each step is a table with `to` and a whole number `after`")
            continue
        if step["to"] != OWN_HEAD and step["to"] not in posts:
            yield _("escalation: there is no post %(post)s; write agency.head or <AGENCY>.<position>") % {
                "post": step["to"]
            }
        if step["after"] <= last:
            yield _("escalation: each step comes after the one before it")
        if step["after"] > _MOST_AFTER:
            yield _("escalation: `after` is at most %(most)d") % {"most": _MOST_AFTER}
        last = step["after"]


def load_policies(rows: Sequence[PolicyRow], pack: Pack) -> Counts:
    """Policies by key and first day. One gone from the pack ends yesterday: promises point to it."""
    wanted = [
        {
            "key": row.key,
            "unit": row.unit,
            "budget": row.budget,
            "escalation": [dict(step) for step in row.escalation],
            "reopen_minimum": row.reopen_minimum,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "source": row.source,
        }
        for row in rows
    ]
    return upsert(Policy, ("key", "valid_from"), wanted, gone=_ended)


def _ended(row: Any) -> dict[str, date]:
    yesterday = clock.today() - timedelta(days=1)
    return {"valid_to": min(row.valid_to or yesterday, max(yesterday, row.valid_from))}


SECTIONS = (
    Section(
        name="policies",
        file="policies.toml",
        row=PolicyRow,
        stored=Policy,
        key=("key", "valid_from"),
        load=load_policies,
        after=("positions",),
        check=check_policies,
    ),
)
