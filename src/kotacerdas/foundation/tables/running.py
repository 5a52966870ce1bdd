"""The jobs' work: read a file into a preview, and import what the preview showed."""

from __future__ import annotations

import hashlib
import pickle
import re
import tempfile
from collections.abc import Iterator
from typing import IO, Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor, staff
from kotacerdas.foundation.tables import child, storage
from kotacerdas.foundation.tables.actions import drop, may_import
from kotacerdas.foundation.tables.cells import shown
from kotacerdas.foundation.tables.columns import lacking, mapped, names_of, repeated, source_of
from kotacerdas.foundation.tables.intake import MOST_GIVEN, Batch, Found, Intake, Summary, plain, words_of
from kotacerdas.foundation.tables.models import Difference, Mapping, Problem, Upload
from kotacerdas.foundation.tables.reading.refused import Unreadable
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import KotaError
from kotacerdas.kernel.sheets import Row, RowRefused, Rows, Sheet, Wrong, sheets

MOST_KEPT = 5_000  # problems, and differences, that are kept one by one; all are counted
State = Upload.State
_LONG_NUMBER = re.compile(r"([0-9+]{3})[0-9 -]{6,}")
log = structlog.get_logger(__name__)


class _Cancelled(Exception):
    """Somebody cancelled the file, or it is at another step."""


class _Over(Exception):
    """Another run of the same job has taken over the file."""


class _Moved(Exception):
    """The stored rows have changed since the preview."""


def read_upload(upload_id: str) -> None:
    """Read a file once; its state becomes ready, waiting for its columns, refused, cancelled or failed."""
    started = Upload.objects.filter(pk=upload_id, state__in=(State.WAITING, State.READING))
    if not started.update(state=State.READING, done=0, total=0, refusal={}):
        return
    upload = Upload.objects.get(pk=upload_id)
    with _ends_well(upload, "read"):
        _read(upload)


def take_upload(upload_id: str) -> None:
    """Take the good rows of a file in one transaction, or none."""
    upload = Upload.objects.filter(pk=upload_id, state=State.TAKING).first()
    if upload is None:
        return
    with _ends_well(upload, "take"):
        try:
            with transaction.atomic():
                _take(upload)
        except _Over:
            return
        except RowRefused as refused:
            _refuse_row(upload, refused)
        except _Moved:
            if not Upload.objects.filter(pk=upload.pk, state=State.TAKING).update(state=State.WAITING):
                return
            read_upload(upload_id)
            Upload.objects.filter(pk=upload.pk, state=State.READY).update(
                refusal={"code": "moved", "given": {}}
            )


class _ends_well:
    """Writes any error to the upload; only a lost database connection is raised, so that the job runs again."""

    def __init__(self, upload: Upload, step: str) -> None:
        self.upload, self.step = upload, step

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if error is None:
            return False
        own = Upload.objects.filter(pk=self.upload.pk).exclude(state=State.TAKEN)
        if isinstance(error, Unreadable):
            own.update(state=State.REFUSED, refusal={"code": error.code, "given": error.given})
            return True
        if isinstance(error, _Cancelled):
            if own.filter(cancel_at__isnull=False).update(state=State.CANCELLED):
                drop(self.upload)
            return True
        if isinstance(error, (OperationalError, InterfaceError)) or not isinstance(error, Exception):
            return False
        log.error("table_failed", step=self.step, sheet=self.upload.sheet, exc_info=error)
        refusal = (
            {"message": error.message and str(error.message), "remedy": str(error.remedy)}
            if isinstance(error, KotaError)
            else {}
        )
        own.update(state=State.FAILED, refusal={"code": "failed", "given": {}, **refusal})
        Fence("tables").set_aside(str(self.upload.pk), error)
        return True


def _opened(upload: Upload) -> tuple[Sheet, bytes, Actor]:
    sheet, data = sheets().get(upload.sheet), storage.get(upload.id)
    if sheet is None or data is None or hashlib.sha256(data).hexdigest() != upload.sha256:
        raise Unreadable("gone")
    actor = staff(upload.user, position=upload.position)
    if not may_import(actor, sheet):
        raise Unreadable("gone")
    return sheet, data, actor


def _read(upload: Upload) -> None:
    sheet, data, actor = _opened(upload)
    known = names_of(sheet.name)
    upload.problems.all().delete()
    upload.differences.all().delete()
    storage.drop_made(upload.id)
    with child.read(data, known, sheet=upload.head.get("sheet")) as table:
        head = table.head
        columns, is_mapped = _columns_of(sheet, head)
        head["sample"] = _without_private(sheet, columns, head["sample"])
        Upload.objects.filter(pk=upload.pk).update(
            head=head, source=source_of(head["heads"]), columns=columns, total=head["rows"]
        )
        if not head["rows"]:
            raise Unreadable("no_rows")
        if lacking(sheet, columns) or (not is_mapped and repeated(known, head["heads"])):
            if not Upload.objects.filter(pk=upload.pk, cancel_at=None).update(state=State.MAPPING):
                raise _Cancelled
            return
        summary = _preview(upload, Intake(sheet, table, columns, actor))
    _finish(upload, summary)


def _columns_of(sheet: Sheet, head: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The columns as somebody mapped them for files with these heads; else by their names.

    The second value says whether somebody did.
    """
    mapping = Mapping.objects.filter(sheet=sheet.name, source=source_of(head["heads"])).first()
    if mapping is not None:
        return dict(mapping.columns), True
    found = mapped(names_of(sheet.name), head["heads"])
    return {name: {"place": place} for name, place in found.items()}, False


def _without_private(sheet: Sheet, columns: dict[str, Any], sample: list[list[Any]]) -> list[list[str]]:
    """The sample rows shown beside the columns: without private cells, and only the first digits of long numbers."""
    private = {one["place"] for name, one in columns.items() if sheet.column(name).private}
    return [
        [
            "" if place in private else _LONG_NUMBER.sub(r"\1…", shown(cell)[:40])
            for place, cell in enumerate(row)
        ]
        for row in sample
    ]


def _preview(upload: Upload, intake: Intake) -> Summary:
    """Check all rows, and store the first few thousand problems and differences."""
    stored = {"problems": 0, "differences": 0}
    done = 0
    for batch in intake.batches():
        done += batch.rows
        found = batch.found[: MOST_KEPT - stored["problems"]]
        Problem.objects.bulk_create([_problem(upload, intake, one) for one in found])
        stored["problems"] += len(found)
        changed = batch.changed[: MOST_KEPT - stored["differences"]]
        Difference.objects.bulk_create([_difference(upload, intake.sheet, one) for one in changed])
        stored["differences"] += len(changed)
        if not Upload.objects.filter(pk=upload.pk, state=State.READING, cancel_at=None).update(done=done):
            raise _Cancelled
    return intake.summary


def _problem(upload: Upload, intake: Intake, one: Found) -> Problem:
    line, wrong, text = one
    private = bool(wrong.column) and intake.sheet.column(wrong.column).private
    return Problem(
        upload=upload,
        line=line,
        place=intake.places.get(wrong.column, -1) + 1,
        column=wrong.column,
        given="•••" if private and text else text[:MOST_GIVEN],
        words=words_of(wrong),
    )


def _difference(upload: Upload, sheet: Sheet, one: Any) -> Difference:
    changes: list[list[Any]] = [
        [name, None, None] if sheet.column(name).private else [name, plain(before), plain(after)]
        for name, before, after in one.changes
    ]
    if one.row.before is None:
        changes = [
            [name, None if sheet.column(name).private else plain(value)]
            for name, value in one.row.values.items()
            if value is not None and name not in sheet.key
        ]
    key = " · ".join(str(part) for part in one.key if part not in (None, ""))
    return Difference(upload=upload, line=one.row.line, key=key[:160], changes=changes)


def _finish(upload: Upload, summary: Summary) -> None:
    """Subtract lines that turned out wrong after they were counted as good (their double came later)."""
    late = Difference.objects.filter(upload=upload, line__in=summary.bad)
    late.delete()
    if summary.bad:
        summary = _recount(upload, summary)
    is_ready = Upload.objects.filter(pk=upload.pk, state=State.READING, cancel_at=None).update(
        state=State.READY,
        read_at=clock.now(),
        good=summary.good,
        new=summary.new,
        changed=summary.changed,
        same=summary.same,
        sums=summary.sums,
        wrong=len(summary.bad),
        problem_count=summary.problems,
        wrong_lines=sorted(summary.bad),
        fingerprint=summary.fingerprint,
    )
    if not is_ready:
        raise _Cancelled


def _recount(upload: Upload, summary: Summary) -> Summary:
    """Count again in one more pass without the wrong lines, as the import will."""
    sheet, data, actor = _opened(upload)
    upload.refresh_from_db()
    with child.read(data, names_of(sheet.name), sheet=upload.head.get("sheet")) as table:
        intake = Intake(sheet, table, upload.columns, actor, skip=frozenset(summary.bad))
        for _batch in intake.batches():
            if Upload.objects.filter(pk=upload.pk, cancel_at__isnull=False).exists():
                raise _Cancelled
    again = intake.summary
    again.bad, again.problems = summary.bad, summary.problems
    return again


def _take(upload: Upload) -> None:
    """In one transaction: check again, compare with the preview, import, and write the journal row."""
    sheet, data, actor = _opened(upload)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"tables:{sheet.name}"])
    if not Upload.objects.filter(pk=upload.pk, state=State.TAKING).exists():
        raise _Over
    if (
        sheet.current is None
        and Upload.objects.filter(sheet=sheet.name, sha256=upload.sha256, state=State.TAKEN).exists()
    ):
        raise Unreadable("twice")
    skip = frozenset(upload.wrong_lines)
    with tempfile.TemporaryFile(dir=settings.SPOOL_FOLDER) as spool:
        with child.read(data, names_of(sheet.name), sheet=upload.head.get("sheet")) as table:
            intake = Intake(sheet, table, upload.columns, actor, skip=skip)
            for batch in intake.batches():
                _keep(spool, batch)
                _go_on(upload)
        if intake.summary.fingerprint != upload.fingerprint:
            raise _Moved
        spool.seek(0)
        assert sheet.take is not None
        sheet.take(Rows(_spooled(spool, upload), left_out=upload.wrong), actor)
    locked = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.state != State.TAKING or locked.cancel_at is not None:
        raise _Cancelled
    locked.state, locked.taken_at, locked.done = State.TAKEN, clock.now(), locked.total
    locked.save(update_fields=["state", "taken_at", "done"])
    append(
        verb="tables.upload.take",
        subject=("tables.upload", upload.id),
        actor=actor.code,
        codes={"sheet": sheet.name, "sha256": upload.sha256},
        measures={"new_rows": upload.new, "changed_rows": upload.changed, "left_out_rows": upload.wrong},
    )


def _keep(spool: IO[bytes], batch: Batch) -> None:
    if batch.changed:
        pickle.dump([one.row for one in batch.changed], spool)


def _spooled(spool: IO[bytes], upload: Upload) -> Iterator[Row]:
    """The rows that this process has just spooled."""
    while True:
        try:
            rows: list[Row] = pickle.load(spool)  # noqa: S301  our own bytes, in a file without a name
        except EOFError:
            return
        _go_on(upload)
        yield from rows


def _go_on(upload: Upload) -> None:
    if Upload.objects.filter(pk=upload.pk, cancel_at__isnull=False).exists():
        raise _Cancelled


def _refuse_row(upload: Upload, refused: RowRefused) -> None:
    """Note a row that could not be imported after all. Nothing is imported then, and it is listed as wrong."""
    wrong: Wrong = refused.wrong
    with transaction.atomic():
        locked = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        place = int(locked.columns.get(wrong.column, {}).get("place", -1)) + 1
        Problem.objects.create(
            upload=locked, line=refused.line, place=place, column=wrong.column, words=words_of(wrong)
        )
        locked.state = State.READING
        locked.save(update_fields=["state"])
        summary = Summary(bad={*locked.wrong_lines, refused.line}, problems=locked.problem_count + 1)
        _finish(locked, summary)
        storage.drop_made(upload.id)
        Upload.objects.filter(pk=upload.pk).update(refusal={"code": "row", "given": {"line": refused.line}})
