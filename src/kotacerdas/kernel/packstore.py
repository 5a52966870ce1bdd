"""Bringing a table to what a pack says: one idempotent upsert by key, in as few queries as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models

from kotacerdas.kernel.pack import Counts

Missing = Callable[[models.Model], Mapping[str, Any]]


def upsert(
    model: type[models.Model],
    key: tuple[str, ...],
    wanted: Iterable[Mapping[str, Any]],
    *,
    among: models.QuerySet[Any] | None = None,
    gone: Missing | None = None,
    stamp: Mapping[str, Any] | None = None,
) -> Counts:
    """Create what is new, change what differs, and let `gone` say what becomes of rows the pack lost.

    key     attribute names that name a row (`agency_id`, not `agency`)
    wanted  the attribute values of each row, the key's among them
    among   the rows the pack is answerable for (all by default); others are left alone
    gone    the values a row gets that the pack no longer has (its closing date); without it, it stays
    stamp   values set on rows that are created or changed, not compared (`changed_at`)

    Runs inside the caller's transaction.
    """
    rows = among if among is not None else model._default_manager.all()
    here = {tuple(getattr(row, name) for name in key): row for row in rows}
    new: list[models.Model] = []
    changed: list[models.Model] = []
    touched: set[str] = set(stamp or ())
    unchanged = 0
    for values in wanted:
        row = here.pop(tuple(values[name] for name in key), None)
        if row is None:
            new.append(model(**values, **(stamp or {})))
        elif differing := _differing(row, values):
            _set(row, {**differing, **(stamp or {})})
            touched.update(differing)
            changed.append(row)
        else:
            unchanged += 1
    lost = _close(here.values(), gone, stamp or {}, touched)
    model._default_manager.bulk_create(new, batch_size=1000)
    if changed or lost:
        model._default_manager.bulk_update([*changed, *lost], sorted(touched), batch_size=500)
    return Counts(created=len(new), changed=len(changed), unchanged=unchanged, closed=len(lost))


def _close(
    rows: Iterable[models.Model], gone: Missing | None, stamp: Mapping[str, Any], touched: set[str]
) -> list[models.Model]:
    lost = []
    for row in rows if gone else ():
        if differing := _differing(row, gone(row)):  # type: ignore[misc]
            _set(row, {**differing, **stamp})
            touched.update(differing)
            lost.append(row)
    return lost


def _differing(row: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def _set(row: models.Model, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
