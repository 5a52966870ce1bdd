"""The records of a survey as a spreadsheet: what the list shows within its filter, with every answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kotacerdas.foundation.commands.fields import UPLOADS, Field
from kotacerdas.foundation.sync.models import SurveyPhoto, SurveyRecord
from kotacerdas.foundation.sync.survey_present import checked
from kotacerdas.foundation.sync.survey_reading import Reading
from kotacerdas.foundation.sync.survey_words import words_of
from kotacerdas.foundation.sync.surveys import Survey
from kotacerdas.foundation.tables.writing import XLSX, write_xlsx
from kotacerdas.kernel import clock
from kotacerdas.kernel.sheets import Column, Kind, Sheet

_KINDS = {"integer": Kind.WHOLE, "decimal": Kind.DECIMAL, "date": Kind.DATE}


def workbook(survey: Survey, records: Iterable[SurveyRecord], reading: Reading) -> HttpResponse:
    """The records as XLSX, in their order. Personal answers are masked as on the pages; what cannot be read says so."""
    found = list(records)
    counted = SurveyPhoto.objects.filter(record__in=found).values_list("record").annotate(n=Count("pk"))
    photos = dict(counted)
    rows = (_row(survey, one, photos.get(one.pk, 0), reading) for one in found)
    made = write_xlsx(_sheet(survey), rows)
    name = f"{slugify(str(survey.label))}-{clock.today():%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(made, content_type=XLSX, headers=headers)


def _sheet(survey: Survey) -> Sheet:
    return Sheet(
        name="sync.survey",
        words=survey.label,
        columns=(
            *(column for one in _asked(survey) for column in _columns(one)),
            Column(name="_photos", words=_("Photos"), kind=Kind.WHOLE),
            Column(name="_agency", words=_("Agency")),
            Column(name="_by", words=_("Found by")),
            Column(name="_made", words=_("Found"), width=18),
            Column(name="_changed", words=_("Last changed"), width=18),
        ),
    )


def _asked(survey: Survey) -> list[Field]:
    return [one for one in survey.fields if one.type not in UPLOADS]


def _columns(asked: Field) -> Iterator[Column]:
    label = f"{asked.label} ({asked.unit})" if str(asked.unit) else str(asked.label)
    if asked.type == "position" and not asked.personal:
        yield Column(name=f"{asked.name}.lat", words=_("Latitude"), kind=Kind.DECIMAL)
        yield Column(name=f"{asked.name}.lng", words=_("Longitude"), kind=Kind.DECIMAL)
    else:
        kind = Kind.TEXT if asked.personal else _KINDS.get(asked.type, Kind.TEXT)
        yield Column(name=asked.name, words=label, kind=kind)


def _row(survey: Survey, one: SurveyRecord, photos: int, reading: Reading) -> list[Any]:
    zone = clock.local_zone()
    return [
        *(reading.of(one, partial(_answers, survey, one)) or _unread(survey)),
        photos,
        one.agency.short_name if one.agency else "",
        one.made_by.name if one.made_by else "",
        one.made_at.astimezone(zone),
        one.changed_at.astimezone(zone),
    ]


def _answers(survey: Survey, one: SurveyRecord) -> list[Any]:
    answers = checked(survey, one).answers
    return [cell for asked in _asked(survey) for cell in _cells(asked, answers.get(asked.name))]


def _unread(survey: Survey) -> list[Any]:
    """Empty cells, and in the one of its name the word that it cannot be read."""
    named = [one.name for asked in _asked(survey) for one in _columns(asked)]
    return [_("Cannot be read") if one == survey.title else None for one in named]


def _cells(asked: Field, value: Any) -> list[Any]:
    if asked.type == "position" and not asked.personal:
        return [Decimal(str(value[name])) if value else None for name in ("lat", "lng")]
    if value is None:
        return [None]
    if not asked.personal and asked.type in _KINDS:
        return [date.fromisoformat(value) if asked.type == "date" else Decimal(str(value))]
    return [words_of(asked, value)]
