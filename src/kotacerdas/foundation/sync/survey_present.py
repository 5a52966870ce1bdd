"""What the desk's pages of surveys show: answers in words, rows, filters, what happened to a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.event_time import came_late
from kotacerdas.foundation.casework.evidence import stands_in
from kotacerdas.foundation.casework.history import posts_of
from kotacerdas.foundation.casework.names import position_title
from kotacerdas.foundation.commands.fields import UPLOADS, Field
from kotacerdas.foundation.files.queries import thumb_size
from kotacerdas.foundation.files.urls import signed
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.journal.queries import of_subject
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.sync.models import SurveyPhoto, SurveyRecord
from kotacerdas.foundation.sync.survey_reading import Reading
from kotacerdas.foundation.sync.survey_words import photo_fields, photos_words, words_of
from kotacerdas.foundation.sync.surveys import Survey
from kotacerdas.foundation.ui.shapes import Photo
from kotacerdas.foundation.ui.tags.words import daytime


def record_words(survey: Survey, one: SurveyRecord) -> str:
    """What people call a record."""
    return words_of(survey.field(survey.title), one.answers.get(survey.title)) or str(survey.label)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody looks for: a text, and answers of choice fields by name."""

    text: str
    chosen: Mapping[str, str]

    @classmethod
    def of(cls, survey: Survey, asked: Mapping[str, str]) -> Wanted:
        """What an address asks for; what no field offers is left out."""
        found = {one.name: asked.get(param(one), "") for one in choices(survey)}
        return cls(
            text=asked.get("cari", "").strip()[:80],
            chosen={
                one.name: found[one.name]
                for one in choices(survey)
                if found[one.name] in {choice.name for choice in one.choices}
            },
        )

    def __bool__(self) -> bool:
        return bool(self.text or self.chosen)

    def holds(self, survey: Survey, one: SurveyRecord) -> bool:
        """Whether a record is among what is looked for."""
        answers = checked(survey, one).answers
        if any(answers.get(name) != value for name, value in self.chosen.items()):
            return False
        told = (words_of(field, answers.get(field.name)) for field in survey.fields if not field.personal)
        return not self.text or self.text.casefold() in " ".join(told).casefold()


def choices(survey: Survey) -> list[Field]:
    """The fields by which the list can be narrowed."""
    return [one for one in survey.fields if one.type == "choice" and not one.personal]


def param(asked: Field) -> str:
    """The name of a field's filter in an address."""
    return f"pilih-{asked.name}"


def filters(survey: Survey, wanted: Wanted) -> list[dict[str, Any]]:
    """The filters as the form shows them."""
    return [
        {
            "name": param(one),
            "label": one.label,
            "options": [
                (choice.name, choice.label, wanted.chosen.get(one.name) == choice.name)
                for choice in one.choices
            ],
        }
        for one in choices(survey)
    ]


def checked(survey: Survey, one: SurveyRecord) -> SurveyRecord:
    """The record, where every answer of it can be read; raises what reading raises."""
    answers = one.answers
    for field in survey.fields:
        words_of(field, answers.get(field.name))
    return one


def rows(survey: Survey, records: Sequence[SurveyRecord], reading: Reading) -> list[dict[str, Any]]:
    """Records as the list shows them, those too that cannot be read; one query for the photos of all."""
    photos: dict[UUID, list[SurveyPhoto]] = {}
    shown_ones = SurveyPhoto.objects.filter(record__in=records, field__in=photo_fields(survey.fields))
    for one in shown_ones.select_related("file").order_by("taken_at", "id"):
        photos.setdefault(one.record_id, []).append(one)
    return [
        reading.of(one, partial(_row, survey, one, photos.get(one.id, []))) or _unread(survey, one)
        for one in records
    ]


def _unread(survey: Survey, one: SurveyRecord) -> dict[str, Any]:
    url = reverse("sync:survey_record", args=[survey.name, one.pk])
    return {"record": one, "url": url, "title": _("Cannot be read")}


def _row(survey: Survey, one: SurveyRecord, photos: Sequence[SurveyPhoto]) -> dict[str, Any]:
    answers = checked(survey, one).answers
    return {
        "record": one,
        "url": reverse("sync:survey_record", args=[survey.name, one.pk]),
        "title": record_words(survey, one),
        "small": words_of(survey.field(survey.small), answers.get(survey.small)) if survey.small else "",
        "at": _place(survey, answers),
        "photos": photos_words(len(photos)),
        "thumb": _photo(survey, photos[0]) if photos else None,
    }


def _place(survey: Survey, answers: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Where a record is, unless the place is personal."""
    if not survey.place or survey.field(survey.place).personal:
        return None
    return answers.get(survey.place)


def details(survey: Survey, one: SurveyRecord) -> dict[str, Any]:
    """One record for its page."""
    answers = one.answers
    asked = [field for field in survey.fields if field.type not in UPLOADS]
    photos = one.photos.filter(field__in=photo_fields(survey.fields)).select_related("file")
    return {
        "title": record_words(survey, one),
        "answers": [
            (field.label, words) for field in asked if (words := words_of(field, answers.get(field.name)))
        ],
        "is_masked": any(field.personal and field.name in answers for field in asked),
        "at": _place(survey, answers),
        "photos": [_photo(survey, photo) for photo in photos.order_by("taken_at", "id")],
        "history": history(survey, one),
    }


def _photo(survey: Survey, one: SurveyPhoto) -> Photo:
    whole = signed(one.file)
    width, height = thumb_size(one.file)
    label = next((field.label for field in survey.fields if field.name == one.field), _("Photo"))
    return Photo(
        url=signed(one.file, "thumb"),
        large_url=whole,
        width=width,
        height=height,
        alt=f"{label}, {daytime(one.taken_at)}",
    )


def history(survey: Survey, one: SurveyRecord) -> list[dict[str, Any]]:
    """What the journal has of a record, the newest first: when, what, who in which post, which answers.

    What an answer was before is stored nowhere.
    """
    found = sorted((row for row, _seal in of_subject(one.pk)), key=lambda row: row.occurred_at)
    found.reverse()
    posts, people = posts_of(found), _people(found)
    acts = {"make": survey.make, "change": survey.change}
    return [
        {
            "at": row.occurred_at,
            "came": came_late(row),
            "what": acts.get(row.verb.rsplit(".", 1)[-1], row.verb),
            "who": people.get(_user_of(row), ""),
            "post": f"{stands_in(row)}{position_title(posts[row.actor])}" if row.actor in posts else "",
            "fields": _labels(survey, row.payload.get("fields", ())) if row.verb.endswith(".change") else "",
        }
        for row in found
    ]


def _user_of(row: Row) -> str:
    """The id of who acted; "" in rows of before that name a post alone."""
    return str(row.codes.get("user", "")) or row.actor.partition("user:")[2]


def _people(rows: Iterable[Row]) -> dict[str, str]:
    """The names of those who acted."""
    named = {one for one in map(_user_of, rows) if one}
    return {str(one.pk): one.name for one in User.objects.filter(pk__in=named)}


def _labels(survey: Survey, names: Iterable[str]) -> str:
    return ", ".join(str(one.label) for one in survey.fields if one.name in set(names))
