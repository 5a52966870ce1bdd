"""The demo's plant: manifests received by its meter, two of them short, and its logbook."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.models import Unit
from kotacerdas.kernel import clock
from kotacerdas.kernel.timeline import Act
from kotacerdas.programs.gopal.actions.differences import difference_answer, difference_settle
from kotacerdas.programs.gopal.actions.logbook import log_write
from kotacerdas.programs.gopal.actions.manifests import loaded
from kotacerdas.programs.gopal.actions.receiving import manifest_receive
from kotacerdas.programs.gopal.demo.sensor import trip_told
from kotacerdas.programs.gopal.demo.stage import Stage, at
from kotacerdas.programs.gopal.models import Manifest
from kotacerdas.programs.gopal.queries import plants_of

SHORT = 0.76  # of what was pumped
EXPLAINED = "Sebagian lumpur mengeras di dasar tangki truk dan baru keluar saat dibilas."
DECIDED = "Penjelasan diterima: bilasan sore itu tercatat di IPLT."
RESULTS = {"ph": 7.1, "bod_mg_per_l": 26, "cod_mg_per_l": 84, "tss_mg_per_l": 24, "oil_mg_per_l": 3}
KEPT = "Pompa resirkulasi diperiksa, saringan dibersihkan."


def receiving(stage: Stage, manifest_id: UUID) -> Act:
    """The plant receives what the truck brings. One manifest of the week before, and one of yesterday, are short.

    The truck of the second one has a sensor, which told where the rest went.
    """

    def act(_when: datetime) -> None:
        manifest = Manifest.objects.select_related("unit", "plant").get(id=manifest_id)
        pumped = loaded(manifest)
        is_short = _is_short(stage, manifest.day) and (not stage.short or _has_way(manifest))
        share = SHORT if is_short else 1 + stage.random.uniform(-0.02, 0.02)
        litres = min(round(pumped * share / 10) * 10, manifest.unit.capacity_l)
        if is_short and stage.short:
            trip_told(manifest, lost=pumped - litres)
        manifest = manifest_receive(actor=stage.worker("plant_officer"), manifest=manifest, litres=litres)
        if is_short and manifest.difference_id is not None:
            stage.short.append(manifest.day)
            if len(stage.short) == 1:
                _explained(stage, manifest.unit, manifest.difference_id)

    return act


def logbook(stage: Stage, day: date) -> None:
    """A laboratory result in each week, and maintenance in the last."""
    if day.weekday() == 1:
        stage.later(at(day, 10, 20), _writing(stage, "laboratory"))
    if day.weekday() == 3 and day > stage.today - timedelta(days=7):
        stage.later(at(day, 9, 10), _writing(stage, "maintenance"))


def _has_way(manifest: Manifest) -> bool:
    """Whether there was time for a stop between the last tank and the plant."""
    last = manifest.loads.order_by("-pumped_at").first()
    return last is not None and clock.now() - last.pumped_at > timedelta(minutes=15)


def _is_short(stage: Stage, day: date) -> bool:
    past = [one for one in stage.days() if one < stage.today]
    wanted = (past[len(past) // 2], past[-1]) if past else ()
    return day in wanted and day not in stage.short


def _explained(stage: Stage, unit: Unit, case_id: UUID) -> None:
    """The operator explains on the next day, and the planner decides."""
    day = next(one for one in stage.days() if one > clock.today())

    def answer(_when: datetime) -> None:
        difference_answer(actor=stage.operator(unit), case=Case.objects.get(id=case_id), body=EXPLAINED)

    def decide(_when: datetime) -> None:
        planner = stage.worker("desludging_planner")
        case = Case.objects.get(id=case_id)
        difference_settle(actor=planner, case=case, decision="accepted", body=DECIDED)

    stage.later(at(day, 7, 40), answer)
    stage.later(at(day, 9, 15), decide)


def _writing(stage: Stage, kind: str) -> Act:
    def act(_when: datetime) -> None:
        [plant] = plants_of(stage.agency)
        values = {name: round(value * stage.random.uniform(0.9, 1.1), 1) for name, value in RESULTS.items()}
        log_write(
            actor=stage.worker("plant_officer"),
            plant=plant,
            kind=kind,
            words="" if kind == "laboratory" else KEPT,
            values=values if kind == "laboratory" else None,
        )

    return act
