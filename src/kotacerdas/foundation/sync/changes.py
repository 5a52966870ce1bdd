"""What changed for a person since a cursor: field by field, with tombstones for what they see no more.

The store keeps for each phone a fingerprint of every field it has, not the value. A cursor names such a state. The
phone sends the cursor it has: the state sent last becomes the known one when the phone says so; when the answer was
lost it says the one before, and the difference is counted anew from there.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.foundation.sync.declarations import MOST_RECORDS, Records, records
from kotacerdas.foundation.sync.models import Known, Phone

Fields = dict[str, Any]
State = dict[str, dict[str, dict[str, str]]]  # kind → record → field → fingerprint
_FINGERPRINT = 12


def current(actor: Actor) -> dict[str, dict[str, Fields]]:
    """All that somebody's phone shows now: kind → id → fields."""
    return {
        kind.name: dict(_rows(kind, actor))
        for kind in records().values()
        if actor.grants.may(kind.permission)
    }


def _rows(kind: Records, actor: Actor) -> Iterator[tuple[str, Fields]]:
    for number, item in enumerate(kind.rows(actor)):
        if number >= MOST_RECORDS:
            return
        yield str(item.id), item.as_fields()


@transaction.atomic
def changes_since(phone: Phone, actor: Actor, cursor: int, *, whole: bool = False) -> dict[str, Any]:
    """The changes since a cursor, and the cursor that they lead to.

    whole  every field of a changed record, as protocol 1 expects it

    `cursor` is the one the phone has now; `from` 0 means: forget what you have and take all of this.
    """
    phone.cursor = (
        Phone.objects.select_for_update().get(pk=phone.pk).cursor
    )  # not the one read before the commands
    known = {one.cursor: one for one in Known.objects.filter(phone=phone)}
    start = known.get(cursor)
    before: State = _read(start) if start else {}
    now = current(actor)
    after = _state(phone, now)
    Known.objects.filter(phone=phone).exclude(cursor=cursor).delete()
    if start is not None and after == before:
        return {"from": cursor, "cursor": cursor, "changed": [], "gone": []}
    changed, gone = _difference(before, after, now, whole=whole)
    following = max(phone.cursor, cursor) + 1
    Known.objects.create(phone=phone, cursor=following, state=_packed(after))
    phone.cursor = following
    phone.save(update_fields=["cursor"])
    return {"from": cursor if start else 0, "cursor": following, "changed": changed, "gone": gone}


def _difference(
    before: State, after: State, now: dict[str, dict[str, Fields]], *, whole: bool
) -> tuple[list[Any], list[Any]]:
    """Changed records as [kind, id, fields, names of fields that went], and gone ones as [kind, id]."""
    changed: list[Any] = []
    for kind, rows in after.items():
        had = before.get(kind, {})
        for key, prints in rows.items():
            old = had.get(key)
            if old == prints:
                continue
            names = prints if whole or old is None else [one for one in prints if old.get(one) != prints[one]]
            went = sorted(set(old or ()) - set(prints))
            changed.append([kind, key, {name: now[kind][key][name] for name in names}, went])
    gone = [[kind, key] for kind, rows in before.items() for key in rows if key not in after.get(kind, {})]
    return changed, gone


def _state(phone: Phone, now: dict[str, dict[str, Fields]]) -> State:
    return {
        kind: {
            key: {name: _print(phone, value) for name, value in fields.items()}
            for key, fields in rows.items()
        }
        for kind, rows in now.items()
    }


def _print(phone: Phone, value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return keyring().blind("sync.known", f"{phone.pk}{text}")[:_FINGERPRINT]


def _packed(state: State) -> bytes:
    return zlib.compress(json.dumps(state, separators=(",", ":")).encode())


def _read(known: Known) -> State:
    found: State = json.loads(zlib.decompress(bytes(known.state)))
    return found
