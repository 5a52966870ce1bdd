"""Actions on differences of sludge: the operator is asked, answers, and somebody decides. Nobody is accused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import Place, StepResult
from kotacerdas.foundation.cases.kinds import INSIDE, LEAD, OTHER
from kotacerdas.foundation.cases.models import Case, Note
from kotacerdas.foundation.dispatch.models import Unit
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import SYSTEM, Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel.errors import Invalid, Refused
from kotacerdas.programs.gopal.balance import Balance
from kotacerdas.programs.gopal.levels import Fall
from kotacerdas.programs.gopal.lifecycles.differences import DECISIONS, DIFFERENCE, EXPLANATION
from kotacerdas.programs.gopal.models import Manifest, SludgeDifference
from kotacerdas.programs.gopal.permissions import JUDGE
from kotacerdas.programs.gopal.queries import balance_of

LONGEST = 2000


def difference_open(*, actor: Actor, manifest: Manifest, found: Balance) -> Case:
    """Ask the operator of a manifest whose sums differ; a case that asks already over it takes the figures in.

    Called within the transaction that received the manifest, which is locked.
    """
    litres = {one.name: one.litres for one in found.sides}
    figures = {
        "pumped_l": found.pumped,
        "carried_l": litres.get("carried"),
        "received_l": litres.get("received"),
    }
    known = SludgeDifference.objects.filter(case=manifest.difference, case__closed_at=None).first()
    if known is not None:
        SludgeDifference.objects.filter(pk=known.pk).update(**figures)
        _figures_added(known.case, figures)
        return known.case
    plant = manifest.plant
    place = Place(lat=plant.lat, lng=plant.lng) if plant is not None else Place()
    return _asked(
        actor,
        manifest.agency,
        place,
        {
            "manifest": manifest,
            "unit": manifest.unit,
            "cause": SludgeDifference.Cause.MASS,
            "asked": manifest.operator,
            **figures,
        },
    )


def balance_again(*, actor: Actor, manifest: Manifest) -> None:
    """A load came after the plant had received its manifest: the sums are looked at anew.

    Where they agree now, the case that asked over them closes by itself. Called in the transaction that holds the manifest.
    """
    found = balance_of(manifest, sum(manifest.loads.values_list("litres", flat=True)))
    case = manifest.difference
    if not found.is_even:
        if manifest.is_complete:  # it counted until now
            _count_anew(actor, manifest, "uneven")
        difference_open(actor=actor, manifest=manifest, found=found)
        return
    own = SludgeDifference.objects.filter(case=case, case__closed_at=None)
    own.update(pumped_l=found.pumped)
    if case is not None and own.filter(cause=SludgeDifference.Cause.MASS).exists():
        cases.take(case, "even", actor=SYSTEM, codes=_counted(manifest, completes=True))
    elif not manifest.is_complete:
        _count_anew(actor, manifest, "even")


def fall_open(
    *, unit: Unit, fall: Fall, manifest: Manifest | None, lat: float | None, lng: float | None
) -> Case | None:
    """Ask about a level that fell outside every plant's fence; once for each fall, None where it was asked already.

    The manifest at hand is locked by the caller. An open case over the same manifest takes the fall in.
    """
    if _is_known(unit, fall):
        return None
    if manifest is not None and manifest.difference is not None:
        known = SludgeDifference.objects.filter(case=manifest.difference, case__closed_at=None).first()
        if known is not None:
            known.cause = SludgeDifference.Cause.OUTSIDE
            _set_falls(known, [*_falls_of(known), fall])
            known.save()
            _figures_added(known.case, {"fell_l": known.fell_l})
            return known.case
    own = {
        "manifest": manifest,
        "unit": unit,
        "cause": SludgeDifference.Cause.OUTSIDE,
        "asked": manifest.operator if manifest is not None else None,
    }
    return _asked(SYSTEM, unit.agency, Place(lat=lat, lng=lng), own, falls=[fall])


def difference_answer(
    *,
    actor: Actor,
    case: Case,
    body: str,
    photos: Iterable[StoredFile] = (),
    seen_version: int | None = None,
) -> StepResult:
    """The operator who is asked explains. Raises Refused for another operator, Invalid for no words."""
    asked = case.sludge_difference.asked
    if asked is not None and (actor.user is None or actor.user.pk != asked.pk):
        raise Refused(
            _("%(name)s is asked, and answers for this trip.") % {"name": asked.get_full_name() or asked},
            remedy=_("Tell the planner what you know of it."),
        )
    return _answered(actor, case, "answer", body, photos, seen_version)


def difference_told(*, actor: Actor, case: Case, body: str, seen_version: int | None = None) -> StepResult:
    """Whoever judges writes down what the operator said. Raises Refused, Invalid for no words."""
    return _answered(actor, case, "told", body, (), seen_version)


def difference_settle(
    *, actor: Actor, case: Case, decision: str, body: str = "", seen_version: int | None = None
) -> StepResult:
    """Decide about a difference, after the operator was heard or let the time for it pass.

    Raises WrongStep before that, Invalid for a decision that is none, and for one against the operator without words.
    """
    if decision not in DECISIONS:
        words = _("Choose one of the decisions.")
        raise Invalid(words, fields={"decision": words})
    body = _words(body, is_needed=decision != "accepted")
    with transaction.atomic():
        manifest = _manifest_of(case)
        difference = SludgeDifference.objects.select_for_update(of=("self",)).get(case=case)
        codes = {"decision": decision, **_counted(manifest, completes=decision == "accepted")}
        result = cases.take(
            case, "settle", actor=actor, seen_version=seen_version, decision=decision, codes=codes
        )
        difference.decision = decision
        difference.save(update_fields=["decision"])
        if body:
            cases.add_note(case, kind=INSIDE.name, body=body, actor=actor, row=result.row)
        return result


def difference_note(*, actor: Actor, case: Case, body: str, photos: Iterable[StoredFile] = ()) -> Note:
    """An inside note. Raises Invalid for an empty one."""
    body = _words(body)
    return cases.note_inside(case, actor=actor, body=body, photos=photos)


def may_decide(case: Case) -> bool:
    """Whether the operator was heard, or let the time pass."""
    return case.state in ("answered", "unheard")


def may_judge(actor: Actor, case: Case) -> bool:
    """Whether somebody decides about this difference."""
    return actor.grants.may(JUDGE, agencies=[case.lead_agency_id])


def _answered(
    actor: Actor,
    case: Case,
    step: str,
    body: str,
    photos: Iterable[StoredFile],
    seen_version: int | None,
) -> StepResult:
    body = _words(body)
    with transaction.atomic():
        result = cases.take(case, step, actor=actor, seen_version=seen_version, body=body)
        note = cases.add_note(case, kind=EXPLANATION.name, body=body, actor=actor, row=result.row)
        cases.add_files(case, photos, moment=OTHER.name, note=note)
        return result


def _asked(
    actor: Actor, agency: Agency, place: Place, own: dict[str, Any], falls: Sequence[Fall] = ()
) -> Case:
    manifest, cause = own["manifest"], str(own["cause"])
    opened = cases.open(
        DIFFERENCE,
        actor=actor,
        title_code=cause,
        channel="sensor" if cause == SludgeDifference.Cause.OUTSIDE else "plant",
        place=place,
        given_to=((LEAD, agency),),
        own=lambda case: _set_falls(SludgeDifference(case=case, **own), falls),
    )
    if manifest is not None:
        manifest.difference = opened.case
        Manifest.objects.filter(pk=manifest.pk).update(difference=opened.case)
    return opened.case


def _figures_added(case: Case, figures: dict[str, int | None]) -> None:
    cases.take(case, "figures", actor=SYSTEM, payload={k: v for k, v in figures.items() if v is not None})


def _words(body: str, *, is_needed: bool = True) -> str:
    body = body.strip()
    if is_needed and not body:
        words = _("Write what is to be said.")
        raise Invalid(words, fields={"body": words})
    if len(body) > LONGEST:
        words = _("At most %(most)d letters.") % {"most": LONGEST}
        raise Invalid(words, fields={"body": words})
    return body


def _is_known(unit: Unit, fall: Fall) -> bool:
    """Whether a fall was asked about. One that was seen before it had ended grows while its case is open."""
    near = SludgeDifference.objects.filter(unit=unit, fell_at__lte=fall.until, fell_until__gte=fall.since)
    for one in near.select_related("case"):
        falls = _falls_of(one)
        for index, known in enumerate(falls):
            if known.since <= fall.until and known.until >= fall.since:
                if known.litres < fall.litres and one.case.closed_at is None:
                    falls[index] = fall
                    _set_falls(one, falls).save()
                return True
    return False


def _falls_of(difference: SludgeDifference) -> list[Fall]:
    return [
        Fall(datetime.fromisoformat(since), datetime.fromisoformat(until), litres, 0)
        for since, until, litres in difference.falls
    ]


def _set_falls(difference: SludgeDifference, falls: Sequence[Fall]) -> SludgeDifference:
    """The falls of a difference, with their sum and span; not saved."""
    difference.falls = [[one.since.isoformat(), one.until.isoformat(), one.litres] for one in falls]
    if falls:
        difference.fell_l = sum(one.litres for one in falls)
        difference.fell_at = min(one.since for one in falls)
        difference.fell_until = max(one.until for one in falls)
    return difference


def _manifest_of(case: Case) -> Manifest | None:
    """The manifest that a case asks about, held until the transaction ends: before the case, as who receives does."""
    held = Manifest.objects.select_for_update(of=("self",)).select_related("agency")
    return held.filter(differences__case=case).first()


def _count_anew(actor: Actor, manifest: Manifest, word: str) -> None:
    """A late load made a received manifest complete (`even`), or no more so (`uneven`), without a case that says it."""
    codes = {"agency": manifest.agency.code, "area": "", **_counted(manifest, completes=word == "even")}
    if word == "uneven":
        _complete(manifest, False)
    append(
        verb=f"gopal.manifest.{word}",
        subject=("gopal.manifest", manifest.id),
        actor=actor.code,
        codes=codes,
    )


def _complete(manifest: Manifest, is_complete: bool) -> None:
    manifest.is_complete = is_complete
    Manifest.objects.filter(pk=manifest.pk).update(is_complete=is_complete)


def _counted(manifest: Manifest | None, *, completes: bool) -> dict[str, str]:
    """What indicators ask of a manifest: its day, its first load's village, and whether it is complete from now on.

    One that is complete counts already.
    """
    if manifest is None:
        return {"completes": "no"}
    first = manifest.loads.select_related("order__tank").first()
    is_new = completes and manifest.state == Manifest.State.RECEIVED and not manifest.is_complete
    if is_new:
        _complete(manifest, True)
    return {
        "day": manifest.day.isoformat(),
        "load_area": first.order.tank.area_code if first is not None else "",
        "completes": "yes" if is_new else "no",
    }
