"""A command: its name, its input, the permission that it needs, and the action that it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.foundation.commands.idempotency import CommandRepeated, Idempotency, Refs
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Refused

Given = TypeVar("Given")


@dataclass(frozen=True, kw_only=True)
class Command(Generic[Given]):
    """Something that is asked for from outside.

    name        `<program>.<entity>.<step>`, as in the journal
    input       the class of what `run` is given
    permission  what staff must hold somewhere; "" for citizens' commands. The action itself looks where
    run         takes `actor` and `given`, does all in the caller's transaction, returns what it made
    makes       names of rows that it always makes, under ids that `run` is given as `made`
    """

    name: str
    input: type[Given]
    run: Callable[..., Refs]
    permission: str = ""
    makes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command made; `is_new` is False for one that an earlier press took."""

    refs: Refs
    is_new: bool = True


def command_take(
    command: Command[Given],
    *,
    actor: Actor,
    given: Given,
    command_id: UUID | None,
    digest: str,
    scope: str = "",
    happened_at: datetime | None = None,
    **more: Any,
) -> Answer:
    """Run a command; if it was run before, give the first answer again.

    scope  whose id it is, where the actor is not signed in; else the actor's account
    more   what the surroundings add to the input: a desk, photos

    Raises Refused without the permission, ChangedSince for other bytes under the same id, and what the action
    raises; the id is then free again.
    """
    if command.permission and not actor.grants.may(command.permission):
        raise Refused(
            _("You may not do this here."),
            remedy=_("Ask the head of your agency for the role, or hand the case to somebody who has it."),
        )
    call = Idempotency(
        actor=scope or scope_of(actor),
        command_id=command_id,
        name=command.name,
        digest=digest,
        happened_at=happened_at,
    )
    made = {name: ids.new_id() for name in command.makes}
    if made:
        more["made"] = made
    try:
        with call.taking({name: str(one) for name, one in made.items()}) as refs:
            answer = Answer(refs=command.run(actor=actor, given=given, **more))
            refs.update(answer.refs)
            return answer
    except CommandRepeated as before:
        return Answer(refs=before.refs, is_new=False)


def scope_of(actor: Actor) -> str:
    """The scope of an actor's command ids: the account, else the kind of actor."""
    return f"user:{actor.user.pk}" if actor.user is not None else actor.kind
