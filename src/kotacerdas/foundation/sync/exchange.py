"""The exchange: one request brings a phone's commands up and its changes down.

    {"p": 3, "v": "<version>", "now": <ms>, "read_at": <ms>, "cursor": 7, "left": 0, "refused": 0, "discarded": ["<uuid>"],
     "commands": [{"id": "<uuid>", "name": "<form>", "at": <ms>, "item": "<uuid>" | "@<command>", "after": ["<uuid>"],
                   "values": {…}, "base": {…}, "files": [{"id": "<uuid>", "field": "photos", "size": n, "sha256": "…"}],
                   "replaces": "<uuid>"}]}

`now` is the phone's own clock; `read_at` is when it read its outbox, and `at` when something happened, both by the
server's clock as far as the phone knows it. `replaces` names the entry that this one is the correction of; `discarded` those that were refused and thrown away.

Each command is a transaction and an answer of its own: `done` with what it made, `refused` with the reason and
the fields, `conflict` with both values of each field, or `later` when it must be sent again.

    {"p": 3, "now": <ms>, "answers": ["done", {"status": "refused", "code": "…", "words": "…", "fields": {…}}],
     "from": 7, "cursor": 8, "changed": [["<kind>", "<uuid>", {"<field>": …}, ["<field that went>"]]],
     "gone": [["<kind>", "<uuid>"]], "forms": "<version>", "v": "<version>"}

Answers stand in the order of the commands; of one that is done a phone needs to know no more. Protocols 3 and 2 are
served: 2 expects an object with the command's id for each answer. What repeats (names, answers, the beginnings of ids
that one session of the shell made) costs next to nothing under gzip.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.event_time import checked_time
from kotacerdas.foundation.commands.declarations import command_take
from kotacerdas.foundation.commands.fields import UPLOADS, check, problem_templates, problem_words
from kotacerdas.foundation.commands.idempotency import (
    ChangedSince,
    CommandRepeated,
    Idempotency,
    Refs,
    digest_of,
    refs_of_command,
)
from kotacerdas.foundation.sync import uploads
from kotacerdas.foundation.sync.changes import changes_since
from kotacerdas.foundation.sync.declarations import FieldForm, Filled, forms
from kotacerdas.foundation.sync.merging import FieldConflict
from kotacerdas.foundation.sync.models import Phone, Refusal
from kotacerdas.foundation.sync.phones import actor_of
from kotacerdas.foundation.territory.queries import inside_regency, villages
from kotacerdas.foundation.ui.tags.words import daytime
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, TooMany, Unavailable

PROTOCOL, OLDEST_PROTOCOL = 3, 2
MOST_COMMANDS = 200
CORRECTED = "corrected"  # a refusal whose correction was taken
_CONTACT = (
    "last_contact_at", "version", "protocol", "offset_ms", "waiting", "refused", "oldest_at", "empty_at",
)  # fmt: skip
BORDER_M = 3_000  # so far outside the regency a position still counts as in it
_SLACK = timedelta(seconds=5)  # between the phone's last word of an empty outbox and what it queued just then
log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One command as a phone queued it.

    replaces  the entry that it is the correction of; it belongs to no digest
    """

    id: UUID
    name: str
    at: datetime
    values: Mapping[str, Any]
    item: str = ""
    after: tuple[UUID, ...] = ()
    base: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[uploads.Announced, ...] = ()
    replaces: UUID | None = None

    @property
    def digest(self) -> str:
        """The digest of what was queued."""
        named = [[str(one.id), one.field, one.sha256] for one in self.files]
        return digest_of(self.name, self.item, dict(self.values), dict(self.base), named)


def exchange(phone: Phone, body: Mapping[str, Any]) -> dict[str, Any]:
    """Run what came and say what changed. Invalid for a request that is no exchange."""
    protocol = body.get("p")
    if protocol not in (PROTOCOL, OLDEST_PROTOCOL):
        raise Invalid(
            _("This version of the app is too old."),
            remedy=_("Open the app once while online; what is queued stays."),
            code="protocol",
        )
    came, now = body.get("commands"), clock.now()
    if not isinstance(came, list) or len(came) > MOST_COMMANDS:
        raise Invalid(_("This is no list of commands."), code="commands")
    answers = [answer_to(phone, one) for one in came]
    _discard(phone, body.get("discarded"))
    _note(phone, body, now, [one["status"] for one in answers])
    cursor = body.get("cursor")
    known = cursor if isinstance(cursor, int) and not isinstance(cursor, bool) and 0 <= cursor < 2**62 else 0
    found = changes_since(phone, actor_of(phone), known)
    told = [_in_order(one) for one in answers] if protocol == PROTOCOL else answers
    return {"p": protocol, "now": milliseconds(clock.now()), "answers": told, **found}


def _in_order(answer: dict[str, Any]) -> Any:
    """An answer where its place says which command it is for."""
    if answer["status"] == "done":
        return "done"
    return {name: value for name, value in answer.items() if name != "id"}


def answer_to(phone: Phone, raw: Any, *, is_vouched: bool = False) -> dict[str, Any]:
    """The answer to one command; an error in it stops no other.

    is_vouched  a desk stands for when it happened: it may lie before the phone's last empty outbox, and before its
                set-up, when it counts from there. Nothing else is lifted: not the 30 days, not what the case has
                turned to since, not the same id with other content
    """
    named = raw.get("id") if isinstance(raw, dict) else None
    try:
        sent = read(raw)
        refs = _run(phone, sent, is_vouched=is_vouched)
    except FieldConflict as error:
        _remember(phone, raw, error.code)
        return _words(named, "conflict", error) | {"conflict": error.differences}
    except (TooMany, Unavailable) as error:
        return _words(named, "later", error)
    except ChangedSince as error:
        _remember(phone, raw, "changed")
        return _words(named, "refused", error)
    except KotaError as error:
        if error.code != CORRECTED:
            _remember(phone, raw, error.code)
        return _words(named, "refused", error)
    except (OperationalError, InterfaceError):
        log.exception("field_command_store", name=str(raw.get("name"))[:80] if isinstance(raw, dict) else "")
        return {
            "id": named,
            "status": "later",
            "code": "store",
            "words": str(_("The server could not store this now.")),
        }
    except Exception:
        log.exception("field_command_failed", name=str(raw.get("name"))[:80] if isinstance(raw, dict) else "")
        _remember(phone, raw, "failed")
        return {
            "id": named,
            "status": "refused",
            "code": "failed",
            "words": str(
                _("The server failed on this. It is kept on your phone, and the operator was told.")
            ),
        }
    _done(phone, sent)
    return {"id": named, "status": "done", "refs": refs} | _moved(phone, sent)


def _moved(phone: Phone, sent: Sent) -> dict[str, str]:
    """The word on an entry that counts from another time than it says: a desk took it in from before the set-up."""
    if sent.at >= phone.enrolled_at - _SLACK:
        return {}
    at = {"at": daytime(phone.enrolled_at)}
    return {
        "words": _("It is dated before the phone was set up. It counts as done when that was, on %(at)s.")
        % at
    }


def _discard(phone: Phone, raw: Any) -> None:
    """What somebody threw away on the phone is stuck no more."""
    _settle(phone, map(_id_or_none, raw[:MOST_COMMANDS] if isinstance(raw, list) else ()))


def _settle(phone: Phone, named: Iterable[UUID | None]) -> None:
    """These commands are stuck no longer, on any phone of their user: they are done, gone, or another stands for them."""
    if wanted := [one for one in named if one]:
        stuck = Refusal.objects.filter(phone__user=phone.user_id, command_id__in=wanted)
        stuck.filter(settled_at=None).update(settled_at=clock.now())


def _done(phone: Phone, sent: Sent) -> None:
    """A command that is done is stuck no longer, nor what it corrects; that is taken no more."""
    replaced = _replaced(phone, sent)
    _settle(phone, [sent.id, *replaced])
    Refusal.objects.filter(phone__user=phone.user_id, command_id__in=replaced).update(code=CORRECTED)


def read(raw: Any) -> Sent:
    """A command as it came, its shape checked. Invalid for what is none."""
    try:
        return Sent(
            id=UUID(raw["id"]),
            name=_printable(raw["name"]),
            at=datetime.fromtimestamp(int(raw["at"]) / 1000, UTC),
            values=_mapping(raw.get("values")),
            item=str(raw.get("item") or "")[:60],
            after=tuple(UUID(one) for one in raw.get("after") or ()),
            base=_mapping(raw.get("base")),
            files=tuple(uploads.announced(one) for one in raw.get("files") or ()),
            replaces=_id_or_none(raw.get("replaces")),
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError, AttributeError):
        raise Invalid(
            _("This entry is damaged and cannot be read."),
            remedy=_("Export it and hand the file to the desk."),
            code="damaged",
        ) from None


def _id_or_none(raw: Any) -> UUID | None:
    """An id that nothing depends on: what is none counts as left out."""
    try:
        return UUID(raw)
    except (AttributeError, TypeError, ValueError):
        return None


def _printable(raw: Any) -> str:
    """A name as the store can hold it."""
    return "".join(letter for letter in str(raw) if " " <= letter <= "~")[:80]


def _mapping(raw: Any) -> dict[str, Any]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise TypeError
    return raw


def _run(phone: Phone, sent: Sent, *, is_vouched: bool) -> Refs:
    """Run one command once. Raises what the action raises."""
    scope = f"user:{phone.user_id}"
    if refs_of_command(scope, sent.id) is not None:
        return _as_before(scope, sent)
    _check_replaced(phone, scope, sent)
    form = forms().get(sent.name)
    if form is None:
        raise Invalid(
            _("The server does not know this form (any more)."),
            remedy=_("Export it and hand the file to the desk."),
            code="unknown_form",
        )
    sent = replace(sent, at=_checked_time(phone, sent, is_vouched=is_vouched))
    for other in sent.after:
        if refs_of_command(scope, other) is None:
            raise Unavailable(_("What this belongs to was not taken yet."), code="after")
    with transaction.atomic():
        actor = actor_of(phone, happened_at=min(sent.at, clock.now()))
        given = Filled(item=_item(scope, sent), values=_checked(form, sent), base=sent.base)
        answer = command_take(
            form.command,
            actor=actor,
            given=given,
            command_id=sent.id,
            digest=sent.digest,
            scope=scope,
            happened_at=sent.at,
        )
        if answer.is_new:
            uploads.expect(phone, form, sent.id, sent.files, answer.refs, sent.at)
        return answer.refs


def _check_replaced(phone: Phone, scope: str, sent: Sent) -> None:
    """Of an entry and its correction one is taken: Conflict for the correction of what was taken, and the reverse."""
    if any(refs_of_command(scope, one) is not None for one in _replaced(phone, sent)):
        raise Conflict(
            _("The entry that this one corrects was taken at the desk already. Nothing is stored twice."),
            remedy=_("Throw this one away, and tell the desk what must be different."),
            code="taken_already",
        )
    corrected = Refusal.objects.filter(phone__user=phone.user_id, command_id=sent.id, code=CORRECTED)
    if corrected.exists():
        raise Conflict(
            _("The correction of this entry was taken already. Nothing is stored twice."),
            remedy=_("Throw this one away."),
            code=CORRECTED,
        )


def _replaced(phone: Phone, sent: Sent) -> set[UUID]:
    """The entries that one is the correction of: the one that it names, what that one corrected, and so on."""
    refused = Refusal.objects.filter(phone__user=phone.user_id).exclude(replaces=None)
    found: set[UUID] = set()
    named = {sent.replaces} if sent.replaces else set()
    while named:
        found |= named
        earlier = refused.filter(command_id__in=named).values_list("replaces", flat=True)
        named = {one for one in earlier if one} - found
    return found - {sent.id}


def _as_before(scope: str, sent: Sent) -> Refs:
    """The first answer again, whatever the person may do today. ChangedSince for other content under the same id."""
    try:
        Idempotency(actor=scope, command_id=sent.id, name=sent.name, digest=sent.digest).check()
    except CommandRepeated as before:
        return before.refs
    return {}


def _checked_time(phone: Phone, sent: Sent, *, is_vouched: bool) -> datetime:
    """When it counts as done. A desk that vouches takes what is dated before the set-up as done at the set-up.

    Conflict for what is said to have happened before the phone last had nothing left to send, or before it was set
    up; NotThen for what is still to come, and for what is more than 30 days back.
    """
    at = max(sent.at, phone.enrolled_at) if is_vouched else sent.at
    checked_time(at, clock.now())
    if is_vouched:
        return at
    if at < phone.enrolled_at - _SLACK:
        raise _backdated(_("This is dated before the phone was set up, so the time cannot be right."))
    if phone.empty_at is not None and at < phone.empty_at - _SLACK:
        raise _backdated(
            _("This is dated before your phone last had nothing left to send, so the time cannot be right.")
        )
    return at


def _backdated(words: str) -> Conflict:
    return Conflict(
        words,
        remedy=_(
            "Open it and save it again: it then counts as done now. Or export it and hand the file to the desk, which"
            " can take it in with its time."
        ),
        code="backdated",
    )


def _item(scope: str, sent: Sent) -> UUID | None:
    """The record that a command is for: its id, or what another command of this phone made."""
    if not sent.item:
        return None
    try:
        if not sent.item.startswith("@"):
            return UUID(sent.item)
        refs = refs_of_command(scope, UUID(sent.item[1:])) or {}
        return UUID(next(iter(refs.values())))
    except (ValueError, StopIteration):
        raise Invalid(_("What this belongs to is not known here."), code="unknown_item") from None


def _item_or_none(scope: str, sent: Sent) -> UUID | None:
    try:
        return _item(scope, sent)
    except Invalid:
        return None


def _checked(form: FieldForm, sent: Sent) -> Mapping[str, Any]:
    """The clean answers. Invalid with words for each field where one is wrong."""
    checked = check(form.asked, sent.values, today=clock.local_day(sent.at).isoformat())
    if not checked.problems:
        _check_places(form, sent, checked.clean)
        _check_files(form, sent, checked.clean)
        return checked.clean
    by_name = {one.name: one for one in form.asked}
    words = {path: _words_of(path, by_name, found) for path, found in checked.problems.items()}
    raise Invalid(_("Something in the form must be corrected."), fields=words, code="fields")


def _check_places(form: FieldForm, sent: Sent, clean: Mapping[str, Any]) -> None:
    """Refuse a position in another regency."""
    if elsewhere := list(_elsewhere(form, sent, clean)):
        raise Invalid(
            _("This place does not lie in our regency."),
            fields={name: _("Take the position again under the open sky.") for name in elsewhere},
            remedy=_("Something in another regency belongs to the government there."),
            code="place",
        )


def _elsewhere(form: FieldForm, sent: Sent, clean: Mapping[str, Any]) -> Iterator[str]:
    """The positions that lie in another regency; one that the phone leaves as it was, and one near the border, do not."""
    if not villages():
        return  # the pack tells of no places
    for one in form.asked:
        at = clean.get(one.name) if one.type == "position" else None
        if at and at != sent.base.get(one.name) and not inside_regency(at["lat"], at["lng"], BORDER_M):
            yield one.name


def _words_of(path: str, by_name: Mapping[str, Any], found: Any) -> str:
    name, _dot, rest = path.partition(".")
    asked = by_name.get(name)
    if asked is not None and rest:
        inner = {one.name: one for one in asked.fields}
        asked = inner.get(rest.rpartition(".")[2], asked)
    if asked is None:
        return str(problem_templates(get_language() or "id").get(found.code, found.code))
    return problem_words(found, asked)


def _check_files(form: FieldForm, sent: Sent, clean: Mapping[str, Any]) -> None:
    """Every photo that an answer names is announced, and no other."""
    named: set[str] = set()
    for one in form.asked:
        if one.type in UPLOADS and one.name in clean:
            value = clean[one.name]
            named |= set(value) if isinstance(value, list) else {value}
    if named != {str(one.id) for one in sent.files}:
        raise Invalid(_("The photos do not fit the entry."), code="files")


def _note(phone: Phone, body: Mapping[str, Any], now: datetime, statuses: list[str]) -> None:
    """Write down the contact: version, clock, and what is left on the phone after these answers."""
    theirs, left = body.get("now"), body.get("left")
    phone.last_contact_at = now
    phone.version = _printable(body.get("v", ""))[:24]
    phone.protocol = body["p"]
    if isinstance(theirs, int) and abs(theirs) < 2**53:
        phone.offset_ms = milliseconds(now) - theirs
    phone.waiting = _count(left) + statuses.count("later")
    phone.refused = _count(body.get("refused")) + statuses.count("refused") + statuses.count("conflict")
    if body.get("refused") == 0 and not phone.refused:  # what it still retries is written down anew
        phone.refusals.filter(settled_at=None).update(settled_at=now)
    oldest = body.get("oldest")
    phone.oldest_at = _moment(oldest) if phone.waiting else None
    if left == 0 and not phone.waiting and not phone.refused:
        read_at = _moment(body.get("read_at"))  # when it read its outbox: what came in since is not in here
        empty_at = min(now, read_at) if read_at else now
        phone.empty_at = max(phone.empty_at or empty_at, empty_at)
    phone.save(update_fields=_CONTACT)


def _count(raw: Any) -> int:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < 100_000 else 0


def _moment(raw: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(raw) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def milliseconds(at: datetime) -> int:
    """An instant as JavaScript counts it."""
    return int(at.timestamp() * 1000)


def _words(named: Any, status: str, error: KotaError) -> dict[str, Any]:
    found: dict[str, Any] = {"id": named, "status": status, "code": error.code, "words": str(error.message)}
    if error.remedy:
        found["remedy"] = str(error.remedy)
    if isinstance(error, Invalid) and error.fields:
        found["fields"] = {name: str(words) for name, words in error.fields.items()}
    return found


def _remember(phone: Phone, raw: Any, code: str) -> None:
    """Write down that a command is stuck, for the desk; without what stands in it."""
    try:
        sent = read(raw)
    except Invalid:
        return
    _settle(phone, [sent.replaces])  # the phone keeps the correction alone
    Refusal.objects.update_or_create(
        phone=phone,
        command_id=sent.id,
        defaults={
            "name": sent.name,
            "code": code[:24],
            "item": _item_or_none(f"user:{phone.user_id}", sent),
            "happened_at": sent.at,
            "replaces": sent.replaces,
            "came_at": clock.now(),
            "settled_at": None,
        },
    )


def as_bytes(answer: Mapping[str, Any]) -> bytes:
    """The answer on the wire; what no text can have, as half a letter in an id that came, is a question mark."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
