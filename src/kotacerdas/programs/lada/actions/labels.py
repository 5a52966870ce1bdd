"""Labels: made blank or for goods and rooms, bound once, replaced by a newer one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append, row_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Missing, Refused
from kotacerdas.kernel.texts import plain_code
from kotacerdas.programs.lada.actions.ledger import SUBJECT
from kotacerdas.programs.lada.models import Asset, Label, Room
from kotacerdas.programs.lada.permissions import CHANGE, COUNT

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing is taken for another letter
LENGTH = 12
MOST_BLANK = 210
_READ_AS = str.maketrans("OIL", "011")


def token_of(text: str) -> str:
    """The token in a scanned address or a typed number, as it is stored; what is mistaken easily is read as meant."""
    last = plain_code(text).rstrip("/").rpartition("/")[2]
    return "".join(one for one in last.upper().translate(_READ_AS) if one in ALPHABET)[:LENGTH]


def labels_blank(*, actor: Actor, agency: Agency, count: int) -> list[Label]:
    """Blank labels of an agency, to be bound where the goods stand. Raises Refused, and Invalid at `count`."""
    require(actor.grants, CHANGE, agencies=[agency.id])
    if not 1 <= count <= MOST_BLANK:
        words = _("Between 1 and %(most)d labels are made at once.") % {"most": MOST_BLANK}
        raise Invalid(words, fields={"count": words})
    with transaction.atomic():
        made = Label.objects.bulk_create([_label(agency) for _number in range(count)])
        append(
            verb="lada.label.make",
            subject=("parties.agency", agency.id),
            actor=actor.code,
            codes={"agency": agency.code},
            measures={"labels": count},
        )
        return made


def labels_of_goods(*, actor: Actor, goods: Sequence[Asset]) -> list[Label]:
    """A label for each good: its own, or a new one that is bound at once. Raises Refused."""
    require_all(actor, {one.agency_id for one in goods})
    with transaction.atomic():
        rows = Asset.objects.select_for_update(of=("self",)).select_related("agency")
        locked = list(rows.filter(id__in={one.id for one in goods}).order_by("id"))
        bound = Label.objects.filter(asset__in=locked, ended_at=None).order_by("bound_at")
        known = {one.asset_id: one for one in bound}
        new = [one for one in locked if one.id not in known]
        for one in new:
            known[one.id] = label = _label(one.agency)
            label.asset, label.bound_at, label.bound_by = one, clock.now(), actor.user
        Label.objects.bulk_create([known[one.id] for one in new])
        Asset.objects.filter(id__in=[one.id for one in new]).update(has_label=True)
        Row.objects.bulk_create(
            row_of(
                verb=f"{SUBJECT}.label",
                subject=(SUBJECT, one.id),
                actor=actor.code,
                codes={"agency": one.agency.code},
            )
            for one in new
        )
        return [known[one.id] for one in goods]


def labels_of_rooms(*, actor: Actor, rooms: Sequence[Room]) -> list[Label]:
    """A label for each room, as for goods. Raises Refused."""
    require_all(actor, {one.agency_id for one in rooms})
    with transaction.atomic():
        ids = [one.id for one in rooms]
        list(Room.objects.select_for_update(of=("self",)).filter(id__in=ids).order_by("id"))
        known = {one.room_id: one for one in Label.objects.filter(room__in=rooms, ended_at=None)}
        for one in rooms:
            if one.id not in known:
                label = _label(one.agency)
                label.save(force_insert=True)
                known[one.id] = label_bind(actor=actor, token=label.token, room=one, checked=True)
        return [known[one.id] for one in rooms]


def label_bind(
    *,
    actor: Actor,
    token: str,
    asset: Asset | None = None,
    room: Room | None = None,
    checked: bool = False,
) -> Label:
    """Bind a blank label to a good or a room; a label that it had before is used no more.

    checked  the caller has asked for the right

    Raises Invalid for a number that is no label, Refused for another agency's, Conflict for one that is bound already.
    """
    if (asset is None) == (room is None):
        raise Invalid(_("Nothing was bound."), fields={"token": _("A label is of one thing.")})
    thing = asset or room
    assert thing is not None
    if not checked:
        _may_bind(actor, thing.agency_id)
    with transaction.atomic():
        type(thing).objects.select_for_update(of=("self",)).get(
            pk=thing.pk
        )  # two labels wait for one another
        label = Label.objects.select_for_update(of=("self",)).filter(token=token_of(token)).first()
        if label is None:
            words = _("There is no label with this number: scan it again, or compare the letters.")
            raise Invalid(words, fields={"token": words})
        if label.agency_id != thing.agency_id:
            raise Refused(
                _("This label is another agency's."), remedy=_("Take one of the sheets of this agency.")
            )
        if label.bound_at is not None or label.ended_at is not None:
            raise Conflict(
                _("This label is bound to %(what)s already.") % {"what": _bound_to(label)},
                remedy=_("Take a blank one, or ask for that good to get a new label."),
                code="bound_twice",
            )
        now = clock.now()
        older = Q(asset=asset) if asset is not None else Q(room=room)
        Label.objects.filter(older, ended_at=None).update(ended_at=now)
        label.asset, label.room, label.bound_at, label.bound_by = asset, room, now, actor.user
        label.save(update_fields=["asset", "room", "bound_at", "bound_by"])
        if asset is not None:
            Asset.objects.filter(id=asset.id).update(has_label=True)
        append(
            verb=f"{SUBJECT}.label" if asset is not None else "lada.room.label",
            subject=(SUBJECT, asset.id) if asset is not None else ("lada.room", thing.id),
            actor=actor.code,
            codes={"agency": label.agency.code},
        )
        return label


def require_all(actor: Actor, agencies: set[object]) -> None:
    """Raise Refused unless goods of each of these agencies may be changed."""
    for one in agencies:
        require(actor.grants, CHANGE, agencies=[one])  # type: ignore[list-item]


def label_found(token: str) -> Label:
    """The label of a scanned or typed number. Raises Missing."""
    rows = Label.objects.select_related("agency", "asset__agency", "room")
    label = rows.filter(token=token_of(token)).first()
    if label is None:
        raise Missing(
            _("There is no label with this number."), remedy=_("Compare the letters below the code.")
        )
    return label


def _may_bind(actor: Actor, agency: object) -> None:
    if not actor.grants.may(COUNT, agencies=[agency]):  # type: ignore[list-item]
        require(actor.grants, CHANGE, agencies=[agency])  # type: ignore[list-item]


def _bound_to(label: Label) -> str:
    if label.asset is not None:
        return f"{label.asset.nibar} {label.asset.name}"
    return str(label.room) if label.room is not None else "–"


def _label(agency: Agency) -> Label:
    return Label(agency=agency, token="".join(secrets.choice(ALPHABET) for _letter in range(LENGTH)))
