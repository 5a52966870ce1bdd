"""Reports in the field: an officer's own work, and reports written down on the spot."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.kinds import OTHER
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.fields import Choice, Field, When, Words
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.sync.cases import attach_as, case_records, step_form
from kotacerdas.foundation.sync.declarations import FieldForm, Filled
from kotacerdas.foundation.sync.filed import filed_records, place_for
from kotacerdas.foundation.sync.surveys import Survey
from kotacerdas.programs.iceta.actions.filing import Draft, report_file
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.desks import REPORT_DESK
from kotacerdas.programs.iceta.lifecycles import KIND
from kotacerdas.programs.iceta.lifecycles.kinds import AFTER, BEFORE
from kotacerdas.programs.iceta.permissions import FILE, WORK

_PHOTOS = Field(name="photos", type="photos", label=_("Photos"), required=False, most=5)


def _facts(case: Case) -> Iterable[tuple[str, str]]:
    if case.report.place_words:
        yield str(_("Landmark")), case.report.place_words


SPOTS = Survey(
    name="iceta.spot",
    label=_("Danger spots"),
    icon="triangle-alert",
    permission=WORK,
    make=_("New danger spot"),
    change=_("Change the danger spot"),
    title="name",
    small="danger",
    place="place",
    fields=(
        Field(name="name", type="text", label=_("What people call it"), shortest=3, longest=80),
        Field(
            name="danger",
            type="choice",
            label=_("What is the danger?"),
            choices=(
                Choice("flood", _("Flood")),
                Choice("landslide", _("Landslide")),
                Choice("road", _("Broken road or bridge")),
                Choice("fire", _("Fire")),
                Choice("other", _("Something else")),
            ),
        ),
        Field(
            name="danger_words",
            type="text",
            label=_("Which danger?"),
            shown_if=When("danger", "is", "other"),
            longest=120,
        ),
        Field(name="place", type="position", label=_("Where is it?")),
        Field(name="homes", type="integer", label=_("Homes in danger"), required=False, least=0, most=5000),
        Field(name="checked_on", type="date", label=_("Looked at on"), most="today", merge="last"),
        Field(name="remark", type="text", label=_("Remark"), required=False, longest=1000, lines=3),
        _PHOTOS,
    ),
)
SURVEYS = (SPOTS,)
RECORDS = (
    case_records(
        REPORT_DESK,
        icon="inbox",
        label=_("Reports"),
        facts=_facts,
        words=lambda case: case.report.words,
        personal=True,
    ),
    filed_records(KIND, "iceta.report.file", label=_("What I reported"), icon="file-text", permission=FILE),
)


def _filing_fields() -> tuple[Field, ...]:
    choices = tuple(Choice(one.code, Words(one.name_id, one.name_en)) for one in categories().values())
    return (
        Field(name="words", type="text", label=_("What happened?"), shortest=10, longest=2000, lines=4),
        Field(name="category", type="choice", label=_("Category"), choices=choices),
        Field(name="place", type="position", label=_("Where is it?")),
        Field(name="place_words", type="text", label=_("Landmark"), required=False, longest=120),
        Field(name="name", type="text", label=_("Name"), required=False, longest=80, personal=True),
        Field(
            name="phone", type="phone", label=_("Telephone of the reporter"), required=False, personal=True
        ),
        _PHOTOS,
    )


def _file(*, actor: Actor, given: Filled) -> Refs:
    values = given.values
    told = {name: values[name] for name in ("words", "place_words", "name", "phone") if name in values}
    draft = Draft(
        category=categories()[values["category"]],
        channel="field",
        language=get_language() or "id",
        **told,
        **place_for(actor, FILE, values["place"]),
    )
    return {"case": str(report_file(actor=actor, draft=draft).case.pk)}


_words_of = partial(Field, name="body", type="text", longest=4000, lines=4)
FORMS = (
    step_form(
        REPORT_DESK, "accept", _("Accept"), "check", _("Accept the work"), _("Accepted (not sent yet)")
    ),
    step_form(
        REPORT_DESK, "on_scene", _("On scene"), "map-pin", _("I am on scene"), _("On scene (not sent yet)")
    ),
    step_form(
        REPORT_DESK,
        "resolve",
        _("Resolve"),
        "check",
        _("Save the result"),
        _("Resolved (not sent yet)"),
        fields=(_words_of(label=_("What was done")), _PHOTOS),
        moment=AFTER.name,
    ),
    step_form(
        REPORT_DESK,
        "note",
        _("Inside note"),
        "pencil",
        _("Save note"),
        fields=(_words_of(label=_("Inside note")), _PHOTOS),
        moment=OTHER.name,
    ),
    FieldForm(
        command=Command(name="iceta.report.file", input=Filled, run=_file, permission=FILE),
        label=_("New report"),
        icon="file-text",
        button=_("Save the report"),
        fields=_filing_fields,
        attach=attach_as(BEFORE.name),
    ),
)
