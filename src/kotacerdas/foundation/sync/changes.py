"""What changed for a person since a cursor: field by field, with tombstones for what they see no more.

The store keeps for each phone a fingerprint of every field it has, not the value. A cursor names such a state. The
phone sends the cursor it has: the state sent last becomes the known one when the phone says so; when the answer was
lost it says the one before, and the difference is counted anew from there.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import DatabaseError, transaction

from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.foundation.sync.declarations import MOST_RECORDS, Records, records
from kotacerdas.foundation.sync.models import Known, Phone
from kotacerdas.kernel import clock

Fields = dict[str, Any]
State = dict[str, dict[str, dict[str, str]]]  # kind → record → field → fingerprint
_FINGERPRINT = 12
FORGOTTEN = timedelta(days=7)


@dataclass
class Now:
    """All that somebody's phone shows now, and what could not be made.

    rows    kind → id → fields
    prints  the same as fingerprints
    failed  kind → ids of records that failed; None where the kind itself did
    """

    rows: dict[str, dict[str, Fields]] = field(default_factory=dict)
    prints: State = field(default_factory=dict)
    failed: dict[str, set[str] | None] = field(default_factory=dict)


class Failures(Fence):
    """The fence around kinds and records of one exchange, or of one page.

    What failed is written down after the exchange, in the order of names, so that two never wait for each other.
    """

    def __init__(self, loop: str = "sync.changes") -> None:
        super().__init__(loop)
        self._told: dict[str, Exception | None] = {}
        self.waiting()  # whatever waits is tried at every exchange: it is somebody's work

    def set_aside(self, item: str, error: Exception, *, longest_seconds: int | None = None) -> None:
        self._told[item] = error

    def forget(self, item: str) -> None:
        if item in self._failed:
            self._told[item] = None

    def write_down(self) -> None:
        """Store what failed and what succeeded again; what no phone met for a week is gone."""
        if self._failed:
            SetAside.objects.filter(loop=self.loop, last_at__lt=clock.now() - FORGOTTEN).delete()
        for item, error in sorted(self._told.items(), key=lambda one: one[0]):
            if error is None:
                super().forget(item)
            else:
                super().set_aside(item, error)


def current(phone: Phone, actor: Actor, fence: Failures) -> Now:
    """All that somebody's phone shows now. A kind or a record that raises stops only itself."""
    now = Now()
    for kind in records().values():
        if not actor.grants.may(kind.permission):
            continue
        now.rows[kind.name], now.prints[kind.name], now.failed[kind.name] = {}, {}, None
        with fence.around(kind.name, in_transaction=False):
            now.failed[kind.name] = _of_kind(kind, phone, actor, fence, now)
    return now


def _of_kind(kind: Records, phone: Phone, actor: Actor, fence: Failures, now: Now) -> set[str]:
    """Put a kind's records to `now`; the ids of those that failed."""
    try:
        with transaction.atomic():
            return _records(kind, phone, actor, fence, now, nullcontext)
    except DatabaseError:  # a record's own query broke the transaction of all: each in one of its own
        with transaction.atomic():
            return _records(kind, phone, actor, fence, now, transaction.atomic)


def _records(
    kind: Records, phone: Phone, actor: Actor, fence: Failures, now: Now, around_one: Callable[[], Any]
) -> set[str]:
    failed: set[str] = set()
    for found in islice(kind.rows(actor), MOST_RECORDS):
        key, name = str(found.id), f"{kind.name} {found.id}"
        try:
            with around_one():
                fields = found.make().as_fields()
            prints = {one: _print(phone, value) for one, value in fields.items()}
        except Exception as error:
            if isinstance(error, DatabaseError) and around_one is nullcontext:
                raise
            fence.set_aside(name, error)
            failed.add(key)
        else:
            now.rows[kind.name][key], now.prints[kind.name][key] = fields, prints
            fence.forget(name)
    return failed


def changes_since(phone: Phone, actor: Actor, cursor: int) -> dict[str, Any]:
    """The changes since a cursor, and the cursor that they lead to.

    `cursor` is the one the phone has now; `from` 0 means: forget what you have and take all of this. What could not be
    made stays on the phone as it is, and is set aside for the operator.
    """
    fence = Failures()
    with transaction.atomic():
        found = _changes(phone, actor, cursor, fence)
    fence.write_down()
    return found


def _changes(phone: Phone, actor: Actor, cursor: int, fence: Failures) -> dict[str, Any]:
    phone.cursor = (
        Phone.objects.select_for_update().get(pk=phone.pk).cursor
    )  # not the one read before the commands
    known = {one.cursor: one for one in Known.objects.filter(phone=phone)}
    start = known.get(cursor)
    before: State = _read(start) if start else {}
    now = current(phone, actor, fence)
    after = _kept(before, now)
    Known.objects.filter(phone=phone).exclude(cursor=cursor).delete()
    if start is not None and after == before:
        return {"from": cursor, "cursor": cursor, "changed": [], "gone": []}
    changed, gone = _difference(before, after, now.rows)
    following = max(phone.cursor, cursor) + 1
    Known.objects.create(phone=phone, cursor=following, state=_packed(after))
    phone.cursor = following
    phone.save(update_fields=["cursor"])
    return {"from": cursor if start else 0, "cursor": following, "changed": changed, "gone": gone}


def _kept(before: State, now: Now) -> State:
    """The fingerprints of now, and of what failed those of before: the phone keeps what it has."""
    after: State = {}
    for kind, prints in now.prints.items():
        failed = now.failed[kind]
        had = before.get(kind, {})
        kept = {
            key: one for key, one in had.items() if key not in prints and (failed is None or key in failed)
        }
        after[kind] = kept | prints
    return after


def _difference(
    before: State, after: State, rows: Mapping[str, Mapping[str, Fields]]
) -> tuple[list[Any], list[Any]]:
    """Changed records as [kind, id, fields, names of fields that went], and gone ones as [kind, id]."""
    changed: list[Any] = []
    for kind, found in after.items():
        had = before.get(kind, {})
        for key, prints in found.items():
            old = had.get(key)
            if old == prints:
                continue
            names = prints if old is None else [one for one in prints if old.get(one) != prints[one]]
            went = sorted(set(old or ()) - set(prints))
            changed.append([kind, key, {name: rows[kind][key][name] for name in names}, went])
    gone = [[kind, key] for kind, found in before.items() for key in found if key not in after.get(kind, {})]
    return changed, gone


def _print(phone: Phone, value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return keyring().blind("sync.known", f"{phone.pk}{text}")[:_FINGERPRINT]


def _packed(state: State) -> bytes:
    return zlib.compress(json.dumps(state, separators=(",", ":")).encode())


def _read(known: Known) -> State:
    found: State = json.loads(zlib.decompress(bytes(known.state)))
    return found
