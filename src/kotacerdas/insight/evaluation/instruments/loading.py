"""Instruments of the pack into the store. A version that a round has used never changes: it needs a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from kotacerdas.insight.evaluation.instruments.queries import digest_of
from kotacerdas.insight.evaluation.models import Instrument, Level, Measure, MeasureWeight, Round, ScoreClass
from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.pack import Counts, Pack
from kotacerdas.kernel.packstore import upsert


def load_instruments(rows: Sequence[Any], pack: Pack) -> Counts:
    """Instruments by name and version; one gone from the pack stays, since rounds may have used it."""
    wanted = []
    for row in rows:
        code, _slash, version = row.code.partition("/")
        wanted.append({**vars(row), "code": code, "version": version})
    return upsert(Instrument, ("code", "version"), wanted)


def load_measures(rows: Sequence[Any], pack: Pack) -> Counts:
    """Measures by instrument and code; one gone from the pack goes, where no round has used it."""
    instruments = _instruments()
    wanted = [
        {
            "instrument_id": instruments[row.instrument],
            "code": row.code,
            "name_id": row.name_id,
            "name_en": row.name_en,
            "question_id": row.question_id,
            "question_en": row.question_en,
            "takes_figures": row.figures,
            "sequence": order,
        }
        for order, row in enumerate(rows, 1)
    ]
    wanted_keys = {(one["instrument_id"], one["code"]) for one in wanted}
    of_pack = Measure.objects.filter(instrument__in={one["instrument_id"] for one in wanted}, items=None)
    for measure in of_pack:
        if (measure.instrument_id, measure.code) not in wanted_keys:
            measure.weights.all().delete()
            measure.levels.all().delete()
            measure.delete()
    return upsert(
        Measure, ("instrument_id", "code"), wanted, among=_ours(Measure.objects, "instrument", wanted)
    )


def load_weights(rows: Sequence[Any], pack: Pack) -> Counts:
    """Weights by measure and first year; the pack's are all there are."""
    measures = _measures()
    wanted = [
        {
            "measure_id": measures[row.instrument, row.measure],
            "from_year": row.from_year,
            "weight": row.weight,
        }
        for row in rows
    ]
    return _replace(MeasureWeight, ("measure_id", "from_year"), wanted)


def load_levels(rows: Sequence[Any], pack: Pack) -> Counts:
    """The rubric by measure and level; the pack's levels are all there are."""
    measures = _measures()
    wanted = [
        {
            "measure_id": measures[row.instrument, row.measure],
            "level": row.level,
            "text_id": row.text_id,
            "text_en": row.text_en,
        }
        for row in rows
    ]
    return _replace(Level, ("measure_id", "level"), wanted)


def load_classes(rows: Sequence[Any], pack: Pack) -> Counts:
    """Classes by instrument and code; then what rounds have used must be as it was."""
    instruments = _instruments()
    wanted = [
        {
            "instrument_id": instruments[row.instrument],
            "code": row.code,
            "name_id": row.name_id,
            "name_en": row.name_en,
            "low": row.low,
            "high": row.high,
        }
        for row in rows
    ]
    counts = _replace(ScoreClass, ("instrument_id", "code"), wanted)
    _refuse_changed()
    return counts


def _refuse_changed() -> None:
    for one in Round.objects.select_related("instrument"):
        if digest_of(one.instrument) != one.instrument_digest:
            raise Invalid(
                _("The round %(round)s was opened with the instrument %(code)s, which the pack now changes.")
                % {"round": one.slug, "code": one.instrument.key},
                remedy=_("Leave that version as it is, and add a new one beside it."),
            )


def _replace(model: type[models.Model], key: tuple[str, str], wanted: list[dict[str, Any]]) -> Counts:
    """Upsert within the parents that the pack names, and delete what it no longer has there."""
    among = _ours(model._default_manager, key[0], wanted)
    wanted_keys = {(one[key[0]], one[key[1]]) for one in wanted}
    gone = [pk for pk, *rest in among.values_list("pk", *key) if tuple(rest) not in wanted_keys]
    model._default_manager.filter(pk__in=gone).delete()
    return upsert(model, key, wanted, among=among) + Counts(closed=len(gone))


def _ours(manager: Any, parent: str, wanted: list[dict[str, Any]]) -> models.QuerySet[Any]:
    name = parent if parent.endswith("_id") else f"{parent}_id"
    return manager.filter(**{f"{name}__in": {one[name] for one in wanted}})  # type: ignore[no-any-return]


def _instruments() -> dict[str, UUID]:
    return {one.key: one.id for one in Instrument.objects.all()}


def _measures() -> dict[tuple[str, str], UUID]:
    return {(one.instrument.key, one.code): one.id for one in Measure.objects.select_related("instrument")}
