"""Scans: what somebody found in a stocktake, or looked for and did not find; kept as it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.event_time import AHEAD, time_of
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.ui.tags.words import daytime
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.programs.lada.actions.files import file_keep
from kotacerdas.programs.lada.actions.labels import token_of
from kotacerdas.programs.lada.actions.stocktake import SUBJECT, locked
from kotacerdas.programs.lada.models import Asset, Label, Room, Scan, Session
from kotacerdas.programs.lada.permissions import COUNT, LEAD
from kotacerdas.programs.lada.stocktake.classes import in_order, said_of

LONGEST = 300


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was seen.

    code       a label as scanned, or a NIBAR; "" for what nobody recorded: `words` say what it is
    room       where; is_there  False: looked for and not found
    condition  of what is there; classes  what else is said of it (see `stocktake.classes`)
    """

    code: str = ""
    room: Room | None = None
    is_there: bool = True
    condition: str = ""
    classes: Sequence[str] = ()
    words: str = ""
    lat: float | None = None
    lng: float | None = None


def scan_take(*, actor: Actor, session: Session, seen: Seen) -> Scan:
    """Keep what somebody of a stocktake's teams saw, at the time when they saw it.

    Two scans of one good are both kept; the newer one counts. What happened before the closing and comes from a phone
    after it is kept as late, and counts nowhere. Raises Refused; Invalid at `code`, `words`, `condition`, `classes`,
    `room`; Conflict for what happened before the stocktake began or after it was closed.
    """
    user = may_scan(actor, session)
    at = time_of(actor)
    with transaction.atomic():
        session = locked(session)
        is_late = _is_late(session, actor, at)
        asset, words = _named(session, seen)
        _check(session, seen, asset, words)
        scan = Scan.objects.create(
            session=session,
            asset=asset,
            room=seen.room,
            is_there=seen.is_there,
            is_late=is_late,
            condition=seen.condition if seen.is_there else "",
            classes=list(_classes(seen, asset)),
            words=words,
            at=at,
            by=user,
            lat=seen.lat,
            lng=seen.lng,
        )
        append(
            verb=f"{SUBJECT}.scan",
            subject=(SUBJECT, session.id),
            actor=actor.code,
            codes={
                "agency": session.agency.code,
                "asset": str(asset.id) if asset else "",
                "there": "yes" if seen.is_there else "no",
                "late": "yes" if is_late else "no",
            },
            occurred_at=at,
        )
        return scan


def scan_photo(*, actor: Actor, scan: Scan, stored: StoredFile) -> None:
    """Hang a photo on a scan; it becomes the good's too, where the good is there and is the agency's."""
    with transaction.atomic():
        Scan.objects.filter(id=scan.id).update(photo=stored)
        asset = scan.asset
        if asset is not None and scan.is_there and asset.agency_id == scan.session.agency_id:
            file_keep(actor=actor, asset=asset, kind="photo", stored=stored, words=scan.session.number)
        else:
            StoredFile.objects.filter(id=stored.id).update(claimed_at=scan.came_at)


def may_scan(actor: Actor, session: Session) -> User:
    """Who scans. Raises Refused for whoever neither counts in a stocktake nor leads it."""
    if actor.user is None:
        raise Refused(_("Nobody is signed in."), remedy=_("Sign in again."))
    if actor.grants.may(LEAD, agencies=[session.agency_id]):
        return actor.user
    require(actor.grants, COUNT, agencies=[session.agency_id])
    if not session.teams.filter(user=actor.user).exists():
        raise Refused(
            _("You are in no team of %(number)s.") % {"number": session.number},
            remedy=_("Ask whoever leads the stocktake."),
        )
    return actor.user


def _is_late(session: Session, actor: Actor, at: datetime) -> bool:
    if at < session.opened_at - AHEAD:
        raise Conflict(
            _("The stocktake began on %(at)s, after this.") % {"at": daytime(session.opened_at)},
            remedy=_("Scan it again."),
        )
    if session.closed_at is None:
        return False
    if actor.happened_at is None or at > session.closed_at:
        raise Conflict(
            _("%(number)s was closed on %(at)s and takes no scan any more.")
            % {"number": session.number, "at": daytime(session.closed_at)},
            remedy=_("Tell whoever leads it; a new stocktake can be opened."),
            code="closed",
        )
    return True


def _named(session: Session, seen: Seen) -> tuple[Asset | None, str]:
    """The good that a code names, and the words of the scan: of a blank label these say so."""
    words, code = " ".join(seen.words.split()), seen.code.strip()
    if not code:
        return None, words
    label = Label.objects.select_related("asset", "room").filter(token=token_of(code)).first()
    if label is not None and label.asset is not None:
        return label.asset, words
    if label is not None and label.room is not None:
        told = _("This is the label of the room %(room)s: scan what stands in it.") % {"room": label.room}
        raise Invalid(told, fields={"code": told})
    if label is not None:
        told = _("Label %(token)s, which is on nothing in the register.") % {"token": label.token}
        return None, f"{told} {words}".strip()
    asset = Asset.objects.filter(nibar=code).first()
    if asset is None:
        told = _("There is no such label, and no such NIBAR: compare the figures.")
        remedy = _("If nobody recorded it, write down what it is as something without a label.")
        raise Invalid(told, fields={"code": f"{told} {remedy}"}, remedy=remedy, code="unknown_code")
    return asset, words


def _check(session: Session, seen: Seen, asset: Asset | None, words: str) -> None:
    flaws: dict[str, str] = {}
    if asset is None and not words:
        flaws["words"] = _("Say what it is.")
    if len(words) > LONGEST:
        flaws["words"] = _("At most 300 letters.")
    if asset is None and not seen.is_there:
        flaws["code"] = _("Say by its label or NIBAR what is not there.")
    if seen.is_there and seen.condition not in Asset.Condition.values:
        flaws["condition"] = _("Say in what condition it is.")
    if set(seen.classes) - said_of("there" if seen.is_there else "gone").keys():
        flaws["classes"] = _("This cannot be said of it.")
    if seen.room is not None and not session.rooms.filter(id=seen.room.id).exists():
        flaws["room"] = _("This room is not counted in this stocktake.")
    if flaws:
        raise Invalid(_("Nothing was written down."), fields=flaws)


def _classes(seen: Seen, asset: Asset | None) -> tuple[str, ...]:
    """What was said, and what follows from it: gone is at least not found, and another condition is a change."""
    said = set(seen.classes)
    if not seen.is_there:
        return in_order(said or {"not_found"})
    if asset is not None and seen.condition != asset.condition:
        said.add("condition")
    return in_order(said)
