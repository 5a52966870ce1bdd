"""Actions on files to import: upload, map the columns, take the good rows, cancel."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Given
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.tables import storage, tasks
from kotacerdas.foundation.tables.columns import lacking
from kotacerdas.foundation.tables.models import Mapping, Upload
from kotacerdas.foundation.tables.queries import visible_to
from kotacerdas.foundation.ui.tags.words import daytime
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Missing, Refused
from kotacerdas.kernel.sheets import Sheet, sheets
from kotacerdas.kernel.texts import clean_line

State = Upload.State
_OPEN = (State.WAITING, State.READING, State.MAPPING, State.READY, State.TAKING)
MOST_OPEN = 20  # files of one person that wait


def importable(actor: Actor, name: str) -> Sheet:
    """A declared sheet that this actor may import. Raises Missing for any other."""
    sheet = sheets().get(name)
    if sheet is None or sheet.take is None or not may_import(actor, sheet):
        raise Missing(_("There is no such table here."), remedy=_("Choose one from the list."))
    return sheet


def may_import(actor: Actor, sheet: Sheet) -> bool:
    """Whether they have the sheet's permission; a sheet without one is imported by nobody."""
    return bool(sheet.permission) and (actor.kind == "system" or actor.grants.may(sheet.permission))


def upload_open(*, actor: Actor, sheet: Sheet, file_name: str, data: bytes) -> tuple[Upload, bool]:
    """Keep a file and have it read; the upload, and whether it is a new one.

    The same bytes again give the upload that waits already, or the one that was taken where nothing came after it.
    Raises Invalid for an empty or too large file, Refused, Conflict for too many that wait.
    """
    _must_may(actor, sheet)
    user = _person(actor)
    if not data:
        raise Invalid(
            _("There is nothing in this file."), fields={"berkas": _("Choose the file with the table in it.")}
        )
    if len(data) > settings.MAX_BODY_BYTES:
        raise Invalid(
            _("The file is too large."), fields={"berkas": _("Split the table into several files.")}
        )
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        if (known := _known(actor, sheet, sha256)) is not None:
            return known, False
        if Upload.objects.filter(user=user, state__in=_OPEN).count() >= MOST_OPEN:
            raise Conflict(
                _("Twenty of your files wait already."), remedy=_("Take or cancel some of them first.")
            )
        upload = Upload(
            sheet=sheet.name,
            file_name=clean_line(file_name)[-160:] or "-",
            sha256=sha256,
            bytes=len(data),
            user=user,
            position=actor.position,
        )
        try:
            storage.put(upload.id, data)
            upload.save(force_insert=True)
            tasks.read.defer(upload_id=str(upload.id))
        except BaseException:
            storage.drop(upload.id)  # no bytes without a row
            raise
    return upload, True


def _known(actor: Actor, sheet: Sheet, sha256: str) -> Upload | None:
    same = visible_to(actor, sheet).filter(sha256=sha256)
    waiting = same.filter(user=actor.user, state__in=_OPEN).first()
    if waiting is not None:
        return waiting
    earlier = same.filter(state=State.TAKEN).order_by("-taken_at").first()
    if earlier is None:
        return None
    if sheet.current is None:
        return earlier
    last = Upload.objects.filter(sheet=sheet.name, state=State.TAKEN).order_by("-taken_at").first()
    return earlier if last == earlier and not earlier.wrong else None


def upload_map(*, actor: Actor, upload: Upload, columns: Given[str, Given[str, Any]]) -> Upload:
    """Map the file's columns, and how their values are written; remembered for files with the same heads.

    columns  {name: {"place": n from 0, "mark": "" | "," | ".", "order": "" | "day" | "month"}}
    Raises Invalid for a required column without a place, or a place given twice; Conflict once it is taken.
    """
    sheet = _theirs(actor, upload)
    with transaction.atomic():
        locked = _locked(upload, State.MAPPING, State.READY)
        width = len(locked.head["heads"])
        places = {name: int(one["place"]) for name, one in columns.items()}
        wrong = {name: _("Choose its column.") for name in lacking(sheet, places)}
        for name, place in places.items():
            if not 0 <= place < width or list(places.values()).count(place) > 1:
                wrong[name] = _("Choose another column: each one of the file can be used once.")
        if wrong:
            raise Invalid(_("The columns are not all named yet."), fields=wrong)
        chosen = {name: dict(columns[name]) for name in places}
        Mapping.objects.update_or_create(
            sheet=sheet.name,
            source=locked.source,
            defaults={"columns": chosen, "user": _person(actor), "at": clock.now()},
        )
        locked.columns, locked.state = chosen, State.WAITING
        locked.save(update_fields=["columns", "state"])
        tasks.read.defer(upload_id=str(locked.id))
    return locked


def upload_take(*, actor: Actor, upload: Upload, wrong: int) -> Upload:
    """Start importing the good rows, all of them in one transaction.

    wrong  how many lines the one who presses saw left out. Raises Conflict where that is no longer so, Refused for who
    gave a file that two must look at.
    """
    sheet = _theirs(actor, upload)
    with transaction.atomic():
        locked = _locked(upload, State.READY)
        if sheet.by_two and locked.user_id == _person(actor).pk:
            raise Refused(
                _("You gave this file; somebody else takes it."),
                remedy=_("Ask another person with this right to look at it and take it."),
            )
        if locked.wrong != wrong:
            raise Conflict(_("The preview has changed meanwhile."), remedy=_("Look at it again."))
        if not locked.new + locked.changed:
            raise Conflict(_("There is nothing to take."), remedy=_("Correct the file and choose it again."))
        locked.state, locked.done, locked.cancel_at = State.TAKING, 0, None
        locked.refusal = {}
        locked.user, locked.position = _person(actor), actor.position
        locked.save(update_fields=["state", "done", "cancel_at", "refusal", "user", "position"])
        tasks.take.defer(upload_id=str(locked.id))
    return locked


def upload_mark(*, actor: Actor, upload: Upload, language: str) -> Upload:
    """Start making the workbook of wrong rows. Raises Conflict where there are none, or the file is gone."""
    _theirs(actor, upload)
    with transaction.atomic():
        locked = _locked(upload, State.READY, State.TAKEN)
        if not locked.wrong_lines or locked.dropped_at is not None:
            raise Conflict(_("This file has no wrong rows."), remedy=_("Go back to it."))
        locked.marking_at = clock.now()
        locked.save(update_fields=["marking_at"])
        tasks.mark.defer(upload_id=str(locked.id), language=language)
    return locked


def upload_cancel(*, actor: Actor, upload: Upload) -> Upload:
    """Drop a file; what is at work on it ends soon, and leaves nothing behind. Raises Conflict once it is taken."""
    _theirs(actor, upload)
    with transaction.atomic():
        locked = _locked(upload, *_OPEN, State.REFUSED, State.FAILED)
        if locked.state in (State.READING, State.TAKING):
            locked.cancel_at = clock.now()
            locked.save(update_fields=["cancel_at"])
            return locked
        locked.state = State.CANCELLED
        locked.save(update_fields=["state"])
        transaction.on_commit(lambda: drop(locked))
    return locked


def _theirs(actor: Actor, upload: Upload) -> Sheet:
    """The table of a file that the actor sees. Raises Missing."""
    sheet = importable(actor, upload.sheet)
    if not visible_to(actor, sheet).filter(pk=upload.pk).exists():
        raise Missing(_("There is no such file here."), remedy=_("Choose one from the list."))
    return sheet


def drop(upload: Upload) -> None:
    """Delete the file's bytes from the disk, and its problems and differences from the store."""
    storage.drop(upload.id)  # first: a row that still says it has bytes is dropped again
    upload.problems.all().delete()
    upload.differences.all().delete()
    Upload.objects.filter(pk=upload.pk).update(dropped_at=clock.now(), head={})
    Fence("tables").forget(str(upload.pk))


def _locked(upload: Upload, *states: str) -> Upload:
    locked = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.state in states:
        return locked
    if locked.state == State.TAKEN and locked.taken_at is not None:
        raise Conflict(
            _("This file was taken on %(day)s.") % {"day": daytime(locked.taken_at)},
            remedy=_("Nothing more was done."),
        )
    raise Conflict(
        _("This file is at another step now: %(state)s.") % {"state": locked.get_state_display()},
        remedy=_("Look at it again."),
    )


def _person(actor: Actor) -> User:
    """The user who acts. Files belong to a person, the system uploads none."""
    if actor.user is None:
        raise Refused(_("Files are given by a person."), remedy=_("Sign in."))
    return actor.user


def _must_may(actor: Actor, sheet: Sheet) -> None:
    if sheet.take is None or not may_import(actor, sheet):
        raise Refused(_("You may not import this table."), remedy=_("Ask the operator of the system."))
