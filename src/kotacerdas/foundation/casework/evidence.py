"""The journal of a case or another subject: its rows under their blocks, checked; and a pack that proves itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.cases.event_time import came_late
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.ratings import rated
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.casework.names import position_title
from kotacerdas.foundation.journal.models import Block, Key, Row, Sealed
from kotacerdas.foundation.journal.queries import Finding, of_subject, verify
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.foundation.parties.posts import acting_prefix
from kotacerdas.kernel import clock, merkle

PACK_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class RowText:
    """One row in words. `party`: what somebody who is no staff is called."""

    what: str
    detail: str = ""
    measures: str = ""
    party: str = ""


DescribeRow = Callable[[Row], RowText]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the journal as the tab shows it. `came` says when it came, where that was late."""

    position: int | None
    row: Row
    what: str
    detail: str
    by: str
    agency: str
    measures: str
    leaf: str
    came: str = ""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """The rows of a subject within one block; `block` is None before sealing. `finding` says what failed a check."""

    block: Block | None
    root: str
    lines: Sequence[Line]
    finding: Finding | None = None


@dataclass(frozen=True, kw_only=True)
class Journal:
    """All bundles in the order of the chain, the rows of each as they happened; what checking found and took."""

    bundles: Sequence[Bundle]
    rows: int
    sealed: int
    blocks: int
    milliseconds: int
    at: Any

    @property
    def holds(self) -> bool:
        return all(bundle.finding is None for bundle in self.bundles)


def journal_of(subject_id: UUID, posts: Mapping[str, Position], describe: DescribeRow) -> Journal:
    """The journal of a subject; every block that holds a row of it is recomputed: leaves, root, signature."""
    rows = of_subject(subject_id)
    codes = {str(row.codes.get("agency", "")) for row, _seal in rows}
    names = dict(Agency.objects.filter(code__in=codes).values_list("code", "short_name"))
    bundles: dict[Any, list[Line]] = {}
    blocks: dict[Any, Block | None] = {}
    for row, seal in rows:
        key = seal.block_id if seal else None
        blocks[key] = seal.block if seal else None
        bundles.setdefault(key, []).append(_line(describe(row), row, seal, posts, names))
    started = time.perf_counter()
    made = [
        Bundle(
            block=block,
            root=bytes(block.root).hex() if block else "",
            lines=bundles[key],
            finding=_check(block) if block else None,
        )
        for key, block in sorted(blocks.items(), key=_place_in_chain)
    ]
    return Journal(
        bundles=made,
        rows=len(rows),
        sealed=sum(1 for _row, seal in rows if seal),
        blocks=sum(1 for bundle in made if bundle.block),
        milliseconds=round((time.perf_counter() - started) * 1000),
        at=clock.now(),
    )


def of_case(desk: Desk) -> DescribeRow:
    """A function that describes the rows of a case in the words of its desk."""

    def describe(row: Row) -> RowText:
        return RowText(
            what=_what(desk, row.verb.removeprefix(f"{desk.kind}.")),
            detail=_change(desk, row),
            measures=_measures(desk, row),
            party=str(desk.texts.party),
        )

    return describe


def pack(subject_id: UUID, **names: str) -> dict[str, Any]:
    """The sealed rows of a subject under the names given, each with its salt, its inclusion path and its block's signed header.

    Checked with kernel.merkle.root_from_path, or by hand: leaf = SHA-256(0x00 ‖ salt ‖ RFC 8785 of `value`),
    folded up `path` to `root`; block hash = SHA-256 of RFC 8785 of `header`, signed by Ed25519 with `key`.
    """
    sealed = [(row, seal) for row, seal in of_subject(subject_id) if seal]
    blocks = {seal.block_id: seal.block for _row, seal in sealed}
    leaves = {key: _leaves(block) for key, block in blocks.items()}
    keys = {one.id: bytes(one.public).hex() for one in Key.objects.all()}
    return {
        "format": PACK_FORMAT,
        **names,
        "subject": str(subject_id),
        "made_at": clock.now().isoformat(),
        "keys": {block.key_id: keys.get(block.key_id, "") for block in blocks.values()},
        "blocks": [_block(block) for block in blocks.values()],
        "rows": [_proof(row, seal, leaves[seal.block_id]) for row, seal in sealed],
        "unsealed": sum(1 for _row, seal in of_subject(subject_id) if not seal),
    }


def last_seal(case: Case) -> Sealed | None:
    """The seal of the newest sealed row; None before the first."""
    sealed = [seal for _row, seal in of_subject(case.id) if seal]
    return max(sealed, key=lambda one: one.position, default=None)


def _place_in_chain(one: tuple[Any, Block | None]) -> tuple[bool, int]:
    """By position; what is not sealed yet comes last."""
    block = one[1]
    return block is None, block.first_position if block else 0


def _check(block: Block) -> Finding | None:
    return verify(block.first_position, block.last_position).finding


def _leaves(block: Block) -> list[bytes]:
    within = (block.first_position, block.last_position)
    marks = Sealed.objects.filter(position__range=within).order_by("position")
    return [bytes(leaf) for leaf in marks.values_list("leaf", flat=True)]


def _block(block: Block) -> dict[str, Any]:
    return {
        "height": block.height,
        "header": block.header(),
        "hash": bytes(block.hash).hex(),
        "key": block.key_id,
        "signature": bytes(block.signature).hex(),
    }


def _proof(row: Row, seal: Sealed, leaves: Sequence[bytes]) -> dict[str, Any]:
    index = seal.position - seal.block.first_position
    return {
        "position": seal.position,
        "block": seal.block.height,
        "index": index,
        "value": row.as_value(),
        "salt": bytes(row.salt).hex(),
        "leaf": bytes(seal.leaf).hex(),
        "path": [node.hex() for node in merkle.inclusion_path(leaves, index)],
    }


def _line(
    text: RowText, row: Row, seal: Sealed | None, posts: Mapping[str, Position], names: Mapping[str, str]
) -> Line:
    post, agency = posts.get(row.actor), str(row.codes.get("agency", ""))
    actors = {"system": _("system"), "reporter": text.party}
    return Line(
        position=seal.position if seal else None,
        row=row,
        what=text.what,
        detail=text.detail,
        by=f"{stands_in(row)}{position_title(post)}" if post else actors.get(row.actor, _("staff")),
        agency=post.agency.short_name if post else names.get(agency, agency),
        measures=text.measures,
        leaf=bytes(seal.leaf).hex() if seal else row.leaf().hex(),
        came=came_late(row),
    )


def stands_in(row: Row) -> str:
    """ "Plt " or "Plh " before the post of who stood in for its holder."""
    return acting_prefix(str(row.codes.get("actor_acting", "")))


def _what(desk: Desk, step: str) -> str:
    own = {
        "receive": str(desk.texts.received),
        "read": _("Number opened"),
        "escalate": _("Deadline missed"),
        "restore": _("Deadline not missed after all"),
    }
    declared = desk.lifecycle.by_step.get(step)
    return own.get(step) or (str(declared.label) if declared else step)


def _change(desk: Desk, row: Row) -> str:
    before, after = row.codes.get("before"), row.codes.get("state")
    names = [
        str(desk.lifecycle.by_state[name].label)
        for name in (before, after)
        if name in desk.lifecycle.by_state
    ]
    if row.verb.endswith(".read"):
        return _("purpose: %(purpose)s") % {"purpose": _purpose(desk, str(row.codes.get("purpose", "")))}
    return " → ".join(names) if before and before != after else ""


def _purpose(desk: Desk, code: str) -> str:
    return str(dict(desk.purposes).get(code, code))


def _measures(desk: Desk, row: Row) -> str:
    """What the row counts: the clocks it ended, and its numbers."""
    ends = {"kept": _("kept"), "broken": _("broken"), "void": _("not counted")}
    found = [
        f"{desk.lifecycle.by_clock[one['name']].label} {ends.get(one['end'], one['end'])}"
        for one in row.payload.get("clocks", ())
        if one.get("name") in desk.lifecycle.by_clock
    ]
    if files := row.measures.get("files"):
        found.append(ngettext("%(n)d file", "%(n)d files", files) % {"n": files})
    if rating := row.payload.get("rating"):
        found.append(rated(rating))
    return ", ".join(found)
