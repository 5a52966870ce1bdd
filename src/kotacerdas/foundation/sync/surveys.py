"""A survey by declaration alone: records that phones make and change, kept sealed, merged where two people changed one.

SPOTS = Survey(name="iceta.spot", label=_("Danger spots"), …, fields=(Field(…), …), title="name")
SURVEYS = (SPOTS,)

That brings its records and forms on the phone, and its pages at the desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.fields import UPLOADS, Field
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor, in_post
from kotacerdas.foundation.parties.grants import Grants, gives, memberships_giving
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.sync.declarations import FieldForm, Filled, Found, Item, Records
from kotacerdas.foundation.sync.merging import FieldConflict, merged, still_asked
from kotacerdas.foundation.sync.models import SurveyPhoto, SurveyRecord
from kotacerdas.foundation.sync.survey_words import photo_fields, photos_words, shown, words_of
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A survey of an agency's people: what is asked of each thing that they find.

    name        `<app>.<noun>`; permission  who finds, sees and changes the records of their own agencies
    title, small, place   names of the fields that name a record, tell a little more of it, and say where it is
    make, change          the words on its two forms
    """

    name: str
    label: Any
    icon: str
    permission: str
    fields: tuple[Field, ...]
    title: str
    make: Any
    change: Any
    small: str = ""
    place: str = ""

    def records(self) -> Records:
        """Its records as a phone keeps them: a list to look things up in."""
        return Records(
            name=self.name,
            label=self.label,
            icon=self.icon,
            permission=self.permission,
            rows=self._rows,
            is_today=False,
        )

    def forms(self) -> tuple[FieldForm, FieldForm]:
        """The form for a new record, and the one that changes a record."""
        shared: dict[str, Any] = {
            "icon": self.icon,
            "fields": self.fields,
            "button": gettext_lazy("Save"),
            "attach": _attach if any(one.type in UPLOADS for one in self.fields) else None,
        }
        make = Command(name=f"{self.name}.make", input=Filled, run=self._make, permission=self.permission)
        return (
            FieldForm(command=make, label=self.make, **shared),
            FieldForm(command=self.change_command, label=self.change, on=self.name, **shared),
        )

    @property
    def change_command(self) -> Command[Filled]:
        """What changes a record, from a phone or at the desk."""
        return Command(name=f"{self.name}.change", input=Filled, run=self._change, permission=self.permission)

    def visible(self, grants: Grants) -> QuerySet[SurveyRecord]:
        """The records that somebody may see."""
        return SurveyRecord.objects.filter(grants.scope(self.permission).within("agency"), survey=self.name)

    def _rows(self, actor: Actor) -> Iterator[Found]:
        counted = Count("photos", filter=Q(photos__field__in=photo_fields(self.fields)))
        found = self.visible(actor.grants).annotate(photo_count=counted).order_by("-changed_at", "-id")
        for one in found.iterator(chunk_size=200):
            yield Found(one.id, partial(self._item, one, one.photo_count))

    def _item(self, one: SurveyRecord, photos: int) -> Item:
        answers = one.answers
        at = answers.get(self.place) or {}
        return Item(
            id=one.id,
            title=shown(self.field(self.title), answers.get(self.title)),
            small=shown(self.field(self.small), answers.get(self.small)) if self.small else "",
            lat=at.get("lat"),
            lng=at.get("lng"),
            facts=tuple(self._facts(answers, photos)),
            forms=(f"{self.name}.change",),
            values=answers,
        )

    def _facts(self, answers: Mapping[str, Any], photos: int) -> Iterator[tuple[str, str]]:
        """What the page of a record shows below its two lines: the other answers, personal ones masked."""
        above = {self.title, self.small, self.place}
        told = (one for one in self.fields if one.type not in UPLOADS and one.name not in above)
        for one in told:
            if words := words_of(one, answers.get(one.name)):
                yield str(one.label), words
        if photos:
            yield str(_("Photos")), photos_words(photos)

    def field(self, name: str) -> Field:
        """One of its questions."""
        return next(one for one in self.fields if one.name == name)

    def _make(self, *, actor: Actor, given: Filled) -> Refs:
        at = actor.happened_at or clock.now()
        made = SurveyRecord(
            survey=self.name,
            agency=self._agency_of(actor),
            made_by=actor.user,
            made_at=at,
            changed_at=at,
        )
        made.set_answers(self._plain(given.values))
        made.changed((one.name for one in self.fields), at)
        made.save(force_insert=True)
        _journal(made, "make", actor, at, sorted(given.values))
        return {"record": str(made.pk)}

    def _agency_of(self, actor: Actor) -> Agency | None:
        """The agency of the post or the membership by which somebody finds records."""
        post = in_post(actor, [self.permission]).position
        if post is not None and gives(post, [self.permission]):
            return post.agency
        given = memberships_giving(actor.grants.user_id, self.permission).exclude(agency=None)
        role = given.select_related("agency").first()
        return role.agency if role else None

    def _change(self, *, actor: Actor, given: Filled) -> Refs:
        at = actor.happened_at or clock.now()
        one = (
            self.visible(actor.grants)
            .select_for_update(of=("self",))
            .filter(pk=given.item or UUID(int=0))
            .first()
        )
        if one is None:
            raise Missing(_("This record is gone, or belongs to another agency."), remedy=_("Ask the desk."))
        stored = one.answers
        result = merged(
            self.fields,
            base=given.base,
            stored=stored,
            mine=self._plain(given.values),
            newer={field.name for field in self.fields if at < one.time_of(field.name)},
        )
        if result.asked:
            raise FieldConflict(result.asked)
        values = still_asked(self.fields, result.values, clock.local_day(at).isoformat())
        changed = sorted(name for name in {*stored, *values} if stored.get(name) != values.get(name))
        if changed:
            one.set_answers(values)
            one.version += 1
            one.changed(changed, at)
            one.changed_at = max(at, one.changed_at)
            one.save(update_fields=["answers_sealed", "version", "changed_at", "field_times"])
            _journal(one, "change", actor, at, changed)
        return {"record": str(one.pk)}

    def _plain(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The answers without photos, which follow."""
        names = {one.name for one in self.fields if one.type not in UPLOADS}
        return {name: value for name, value in values.items() if name in names}


def _attach(actor: Actor, refs: Refs, name: str, file: StoredFile, at: datetime) -> None:
    SurveyPhoto.objects.create(record_id=UUID(refs["record"]), field=name, file=file, taken_at=at)
    if file.claimed_at is None:
        file.claimed_at = clock.now()
        file.save(update_fields=["claimed_at"])


def _journal(one: SurveyRecord, step: str, actor: Actor, at: datetime, names: list[str]) -> None:
    append(
        verb=f"{one.survey}.{step}",
        subject=(one.survey, one.id),
        actor=actor.code,
        codes={
            "agency": one.agency.code if one.agency else "",
            "version": one.version,
            **({"user": actor.user.pk} if actor.user else {}),  # several may hold a post together
            **({"actor_acting": actor.acting} if actor.acting else {}),
        },
        payload={"fields": names},
        occurred_at=at,
    )
