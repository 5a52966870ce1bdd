"""Evidence of an item: a file, a link with its date, a list of records, an indicator frozen at a position."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.insight.evaluation import evidence_files
from kotacerdas.insight.evaluation.closing.frozen import figure_now
from kotacerdas.insight.evaluation.models import Evidence, IndicatorSheet, Item, ItemFigure, Round
from kotacerdas.insight.evaluation.permissions import FILL, RUN
from kotacerdas.insight.evaluation.rounds.shared import locked, note, only_before_closing
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.canonical import canonical_bytes
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.kernel.texts import is_blank

K = Evidence.Kind
MOST_PIECES, MOST_RECORDS = 40, 500
OPEN = (Round.State.ASSESSING, Round.State.SCORING, Round.State.CONSENSUS)


def file_add(
    *, actor: Actor, item: Item, title: str, data: bytes, name: str, replaces: Evidence | None = None
) -> Evidence:
    """Keep a file as evidence; what it is, is told by its content. Raises Refused, Invalid, Conflict."""
    _may(actor, item, title)
    stored = evidence_files.keep(data, name)
    return _add(
        actor,
        item,
        Evidence(
            kind=K.FILE,
            title=title,
            sha256=stored.sha256,
            media_type=stored.media_type,
            name=stored.name,
            bytes=stored.bytes,
        ),
        replaces,
    )


def link_add(
    *, actor: Actor, item: Item, title: str, url: str, day: date, replaces: Evidence | None = None
) -> Evidence:
    """A public address and the day on which it was seen. Raises Refused, Invalid, Conflict."""
    _may(actor, item, title)
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or len(url) > 500:
        raise Invalid(
            _("The evidence was not stored."),
            fields={"url": _("Write a whole address, like https://example.go.id/page.")},
        )
    if day > clock.today():
        raise Invalid(
            _("The evidence was not stored."), fields={"url_day": _("The day you saw it is not to come.")}
        )
    digest = _digest({"url": url.strip(), "day": day.isoformat()})
    made = Evidence(kind=K.LINK, title=title, url=url.strip(), url_day=day, sha256=digest)
    return _add(actor, item, made, replaces)


def records_add(
    *, actor: Actor, item: Item, title: str, numbers: Sequence[str], replaces: Evidence | None = None
) -> Evidence:
    """A list of ticket numbers that whoever adds it may see. Raises Refused, Invalid, Conflict."""
    _may(actor, item, title)
    wanted = list(dict.fromkeys(one.strip().upper() for one in numbers if one.strip()))
    if not 1 <= len(wanted) <= MOST_RECORDS:
        raise Invalid(
            _("The evidence was not stored."),
            fields={"records": _("Write 1 to %(most)d ticket numbers.") % {"most": MOST_RECORDS}},
        )
    known = set(visible_to(actor.grants).filter(number__in=wanted).values_list("number", flat=True))
    strange = [one for one in wanted if one not in known]
    if strange:
        raise Invalid(
            _("The evidence was not stored."),
            fields={
                "records": _("You do not see a case with this number: %(number)s") % {"number": strange[0]}
            },
        )
    made = Evidence(kind=K.RECORDS, title=title, records=wanted, sha256=_digest(wanted))
    return _add(actor, item, made, replaces)


def live_add(*, actor: Actor, item: Item, title: str, sheet: IndicatorSheet) -> Evidence:
    """A live indicator of the round's year, frozen at the position reached now. Raises Refused, Invalid, Conflict."""
    _may(actor, item, title)
    frozen = figure_now(sheet.code, item.round.year)
    if frozen is None:
        raise Invalid(
            _("The evidence was not stored."),
            fields={
                "indicator": _("This indicator has no live figure in %(year)s.") % {"year": item.round.year}
            },
        )
    made = Evidence(
        kind=K.LIVE,
        title=title,
        indicator_code=sheet.code,
        position=frozen.position,
        frozen=frozen.as_value(),
        sha256=_digest(frozen.as_value()),
        figure=ItemFigure.objects.filter(item=item, indicator=sheet).first(),
    )
    return _add(actor, item, made, None)


def evidence_remove(*, actor: Actor, evidence: Evidence) -> None:
    """Take a piece away while the item is at its agency; it stays in the history. Raises Refused, Conflict."""
    item = evidence.item
    require(actor.grants, FILL, agencies=(item.agency_id,))
    with transaction.atomic():
        locked(item.round, Round.State.ASSESSING)
        fresh = _current(evidence)
        if item.state not in (Item.State.INVITED, Item.State.RETURNED):
            raise Conflict(
                _("The programme team has this item now; a piece is replaced, not removed."),
                remedy=_("Replace it by another one."),
            )
        fresh.removed_at = clock.now()
        fresh.save(update_fields=["removed_at"])
        note("evidence.removed", item.round, actor, item=item, payload={"evidence": fresh.id})


def link_checked(*, actor: Actor, evidence: Evidence, found: str) -> Evidence:
    """What the team finds behind a link: same, changed or gone. Only what is the same can be proven."""
    require(actor.grants, RUN, agencies=())
    if found not in ("same", "changed", "gone"):
        raise Invalid(_("Say what you found."), fields={"found": _("same, changed or gone")})
    with transaction.atomic():
        only_before_closing(evidence.item.round)
        fresh = _current(evidence)
        fresh.checked = found
        if found != "same":
            fresh.mark = Evidence._meta.get_field("mark").default
            fresh.changed_at = clock.now()
        fresh.save(update_fields=["checked", "mark", "changed_at"])
        note(
            "evidence.checked",
            fresh.item.round,
            actor,
            item=fresh.item,
            payload={"evidence": fresh.id, "found": found},
        )
    return fresh


def _may(actor: Actor, item: Item, title: str) -> None:
    require(actor.grants, FILL, agencies=(item.agency_id,))
    if is_blank(title) or not 1 <= len(title.strip()) <= 200:
        raise Invalid(
            _("The evidence was not stored."), fields={"title": _("Give it a title of 1 to 200 letters.")}
        )


def _add(actor: Actor, item: Item, made: Evidence, replaces: Evidence | None) -> Evidence:
    with transaction.atomic():
        round = locked(item.round, *OPEN)
        waits = item.state in (Item.State.INVITED, Item.State.RETURNED)
        if replaces is None and not (waits and round.state == Round.State.ASSESSING):
            raise Conflict(
                _("The programme team has this item now."),
                remedy=_("Replace a piece that stands there, or ask the team to send the item back."),
            )
        if item.evidence.filter(removed_at=None, replaced_by=None).count() >= MOST_PIECES:
            raise Conflict(_("An item has at most %(most)d pieces of evidence.") % {"most": MOST_PIECES})
        made.id, made.item, made.title = ids.new_id(), item, made.title.strip()
        made.added_at, made.added_by = clock.now(), actor.user
        made.save(force_insert=True)
        before = None
        if replaces is not None:
            before = _current(replaces)
            before.replaced_by, before.changed_at = made, clock.now()
            before.save(update_fields=["replaced_by", "changed_at"])
        note(
            "evidence.replaced" if before else "evidence.added",
            round,
            actor,
            item=item,
            payload={
                "evidence": made.id,
                "kind": made.kind,
                "sha256": made.sha256,
                **({"before": before.id, "before_sha256": before.sha256} if before else {}),
            },
        )
    return made


def _current(evidence: Evidence) -> Evidence:
    fresh = Evidence.objects.select_for_update(of=("self",)).select_related("item__round").get(pk=evidence.pk)
    if not fresh.is_current:
        raise Conflict(
            _("This piece was replaced or removed a moment ago."), remedy=_("Open the item again.")
        )
    return fresh


def _digest(value: Any) -> str:
    return hashlib.sha256(canonical_bytes(value)).hexdigest()
