"""Cases that somebody opened with a form of the field: where they may open them, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.lifecycle import lifecycles
from kotacerdas.foundation.cases.models import Case, Note
from kotacerdas.foundation.commands.models import TakenCommand
from kotacerdas.foundation.following.present import place_of, public_tag, title_of
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Scope, areas_alone
from kotacerdas.foundation.sync.declarations import Found, Item, Records
from kotacerdas.foundation.territory.minimap import is_rough
from kotacerdas.foundation.territory.queries import inside_regency, is_mapped, nearest_villages
from kotacerdas.kernel.errors import Invalid

MOST_FILED = 100  # on one phone, the newest first
_VILLAGE_DOTS = 3
_NEAR = 3  # a position never states a village: one of the nearest reference points has to be theirs


def filed_records(kind: str, form: str, *, label: Any, icon: str, permission: str) -> Records:
    """What came of the cases of a kind that somebody opened with a form: state and answers as the public is told them.

    There is nothing to do with these records; who filed them sees no more of the case than its reporter does.
    """

    def item(case: Case, answer: str) -> Item:
        tag = public_tag(case)
        return Item(
            id=case.id,
            title=title_of(case),
            small=place_of(case),
            state=(str(tag.text), tag.tone, tag.icon),
            facts=((str(_("Number")), case.number),),
            words=answer,
        )

    def rows(actor: Actor) -> Iterator[Found]:
        chosen = _filed(actor, form)
        answers = _answers(kind, chosen)
        cases = Case.objects.filter(pk__in=chosen, kind=kind).order_by("-opened_at", "id")
        for case in cases:
            yield Found(case.id, partial(item, case, answers.get(case.id, "")))

    return Records(
        name=f"{kind}.filed", label=label, icon=icon, permission=permission, rows=rows, is_today=False
    )


def _filed(actor: Actor, form: str) -> list[UUID]:
    """The cases that a form of this user opened, the newest first."""
    if actor.user is None:
        return []
    taken = TakenCommand.objects.filter(actor=f"user:{actor.user.pk}", name=form).order_by("-came_at")
    return [UUID(one["case"]) for one in taken.values_list("refs", flat=True)[:MOST_FILED] if "case" in one]


def _answers(kind: str, chosen: list[UUID]) -> dict[UUID, str]:
    """The last words of each case that its reporter was told."""
    told = [one.name for one in lifecycles()[kind].notes if one.speaker == "public"]
    notes = Note.objects.filter(case__in=chosen, kind__in=told).order_by("created_at", "id")
    return dict(notes.values_list("case_id", "body"))


def place_for(actor: Actor, permission: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Where a position field says that something is, for whoever may write it down there: position, accuracy, village.

    Somebody who may do so in their areas alone is believed for these: the position must lie in or near one of them.
    The village is stated where its reference point is the nearest; else whoever verifies says which it is. One that
    is too rough to tell a village gives way to the only one of somebody, and states none of several. Invalid
    for another place.
    """
    found = {"lat": value["lat"], "lng": value["lng"], "area_code": ""}
    accuracy = value.get("accuracy")
    found["accuracy_m"] = round(accuracy) if accuracy is not None else None
    bound = areas_alone(actor.grants, permission)
    if bound is None:
        return found
    at = value["lat"], value["lng"]
    only = next(iter(bound)) if len(bound) == 1 else ""
    village = only if only.count(".") == _VILLAGE_DOTS else ""
    if (
        not is_mapped()
    ):  # villages without a point: who has one village is believed, else who verifies says which
        if not inside_regency(*at):
            raise _elsewhere()
        return found | {"area_code": village}
    near = [one.area.code for one in nearest_villages(*at, _NEAR)]
    fits = inside_regency(*at) and any(Scope(areas=bound).covers(area=one) for one in near)
    if is_rough(accuracy) and village:  # it adds nothing, and would send somebody to a wrong place
        return {"area_code": village, "lat": None, "lng": None, "accuracy_m": None}
    if not fits:
        raise _elsewhere()
    return found | {"area_code": near[0] if near[0] in bound and not is_rough(accuracy) else ""}


def _elsewhere() -> Invalid:
    return Invalid(
        _("This place does not lie in your village."),
        fields={"place": _("Stand there and take the position again.")},
        remedy=_("Something in another village is reported by its own people, or by telephone."),
        code="place",
    )
