"""Idempotency: a command is run once; its row is written in the transaction of what it did.

An answer lost on the way brings the same command again, from any tab, after a reload, or while the first press is
still at work. It is then answered as the first was, and nothing is done.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from kotacerdas.foundation.commands.models import TakenCommand
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict

Refs = dict[str, str]


class Fresh(Refs):
    """What a command has just made: the names, with the rows that they name still at hand."""

    def __init__(self, refs: Refs, **rows: Any) -> None:
        super().__init__(refs)
        self.rows = rows


def at_hand(refs: Refs, name: str) -> Any:
    """The row that a ref names where this request has just made it, so that it need not be read again; else None."""
    return refs.rows.get(name) if isinstance(refs, Fresh) else None


_CLAIM = """
    INSERT INTO commands_takencommand (id, actor, command_id, name, digest, happened_at, came_at, refs)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (actor, command_id) DO NOTHING RETURNING id
"""


class CommandRepeated(Exception):
    """The same command came before, with the same content: answer as then. `refs` names what it made."""

    def __init__(self, refs: Refs) -> None:
        super().__init__("taken before")
        self.refs = refs


class ChangedSince(Conflict):
    """The id was used before with other content. `refs` names what the first one made, to be shown beside it."""

    def __init__(self, refs: Refs) -> None:
        super().__init__(
            _("This was sent already, as you had typed it first."),
            remedy=_("The case shows what was sent; what you typed since is still here."),
        )
        self.refs = refs


@dataclass(frozen=True, kw_only=True)
class Idempotency:
    """One command as it came: whose, its id (None for one without), its name and the digest of its bytes."""

    actor: str
    command_id: UUID | None
    name: str
    digest: str
    happened_at: datetime | None = None
    refs: Refs = field(default_factory=dict)

    def check(self) -> None:
        """Raise CommandRepeated if the command was taken before, ChangedSince if its content was different."""
        earlier = self._found()
        if earlier is None:
            return
        if is_same(earlier.digest, self.digest) and (earlier.name == self.name or not earlier.digest):
            raise CommandRepeated(earlier.refs)
        raise ChangedSince(earlier.refs)

    @contextmanager
    def taking(self, known: Refs | None = None) -> Iterator[Refs]:
        """A transaction for what the command does; it holds the id, and an error in it gives the id back.

        Yields where to write down what is made beside what is `known` to be made. A second press meanwhile waits for the first.
        Raises what `check` raises.
        """
        with transaction.atomic():
            refs = dict(known or {})
            claimed = self._claim(refs) if self.command_id is not None else None
            if claimed is None and self.command_id is not None:
                self.check()
            yield refs
            if claimed is not None and refs != (known or {}):
                TakenCommand.objects.filter(pk=claimed).update(refs=refs)

    def _claim(self, refs: Refs) -> UUID | None:
        """The id of the new row; None where the command is there already."""
        now = clock.now()
        row: list[Any] = [
            ids.new_id(),
            self.actor,
            self.command_id,
            self.name,
            self.digest,
            self.happened_at or now,
            now,
            Jsonb(refs),
        ]
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, row)
            made = cursor.fetchone()
        return made[0] if made else None

    def _found(self) -> TakenCommand | None:
        if self.command_id is None:
            return None
        return TakenCommand.objects.filter(actor=self.actor, command_id=self.command_id).first()


def digest_of(*parts: object) -> str:
    """The digest of plain values: texts, numbers, lists, dicts."""
    return keyed(sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest())


def keyed(fingerprint: str) -> str:
    """A fingerprint (SHA-256, hex) as it is stored: keyed, so that the store alone does not help to guess it."""
    return keyring().blind("commands.digest", fingerprint[:32])


def is_same(stored: str, came: str) -> bool:
    """Whether two digests are equal; an old row without a digest counts as equal."""
    return stored in ("", came)


def recent_command_ids(actor: str, name: str, most: int) -> list[str]:
    """The ids of the last commands of a name that an actor's clients sent, the newest first."""
    rows = TakenCommand.objects.filter(actor=actor, name=name).order_by("-came_at", "-id")
    return [str(one) for one in rows.values_list("command_id", flat=True)[:most]]


def refs_of_command(actor: str, command_id: UUID) -> Refs | None:
    """What a command made; None where it was not taken."""
    return (
        TakenCommand.objects.filter(actor=actor, command_id=command_id).values_list("refs", flat=True).first()
    )
