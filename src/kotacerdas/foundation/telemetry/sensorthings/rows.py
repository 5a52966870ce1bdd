"""Collections that can be filtered, ordered and paged: of models, and of observations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from psycopg.errors import QueryCanceled

from kotacerdas.foundation.telemetry.sensorthings.language import COMPARISONS, BadQuery, Compare, Tree, walk

LONGEST_MS = 8_000  # a query of a machine may run so long
_LOOKUPS = {"eq": "", "gt": "__gt", "ge": "__gte", "lt": "__lt", "le": "__lte"}


class Rows(Protocol):
    """A collection."""

    def narrowed(self, tree: Tree | None, order: Sequence[tuple[str, bool]]) -> Rows:
        """Filtered and ordered. Raises BadQuery for a property that cannot be asked for."""

    def count(self) -> int:
        """How many there are."""

    def page(self, skip: int, top: int) -> list[Any]:
        """Some of them."""


@dataclass(frozen=True)
class ModelRows:
    """Rows of a queryset; `paths` maps the names of SensorThings to fields."""

    found: QuerySet[Any]
    paths: Mapping[str, str]

    def narrowed(self, tree: Tree | None, order: Sequence[tuple[str, bool]]) -> ModelRows:
        found = self.found
        if tree is not None:
            found = found.filter(walk(tree, self._compare, _join, lambda one: ~one))
        if order:
            found = found.order_by(
                *(f"{'-' if down else ''}{self._field(path)}" for path, down in order), "pk"
            )
        return ModelRows(found, self.paths)

    def _field(self, path: str) -> str:
        try:
            return self.paths[path]
        except KeyError:
            raise BadQuery(f"no property {path[:60]} to ask for") from None

    def _compare(self, one: Compare) -> Q:
        field, value = self._field(one.path), one.value
        if isinstance(value, str) and "\x00" in value:
            raise BadQuery("a NUL")
        if field.rsplit("__", 1)[-1] in ("id", "pk") or field == "id":
            value = _whole(value)
        elif not isinstance(value, str) and value is not None:
            value = f"{value:g}" if isinstance(value, float) else str(value)
        if value is None:
            return Q(**{f"{field}__isnull": one.sign == "eq"})
        if one.sign == "ne":
            return ~Q(**{field: value})
        return Q(**{f"{field}{_LOOKUPS[one.sign]}": value})

    def count(self) -> int:
        return self.found.count()

    def page(self, skip: int, top: int) -> list[Any]:
        return list(self.found[skip : skip + top])


def _whole(value: Any) -> int:
    try:
        found = int(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    return found if abs(found) < 2**31 else 0


def _join(word: str, left: Q, right: Q) -> Q:
    return left & right if word == "and" else left | right


@dataclass(frozen=True, slots=True)
class Observed:
    """One observation as SensorThings shows it; its id is `<stream>-<microseconds since 2000>`."""

    stream: int
    at: datetime
    came: datetime
    value: float
    value2: float | None


_COLUMNS = {
    "result": "o.value",
    "phenomenonTime": "o.at",
    "resultTime": "o.came",
    "Datastream/@iot.id": "o.stream",
    "Datastream/id": "o.stream",
}


@dataclass(frozen=True)
class ObservationRows:
    """Observations of chosen datastreams, by conditions of SQL with their values."""

    where: tuple[str, ...]
    values: tuple[Any, ...]
    order: str = "o.at, o.stream"

    def narrowed(self, tree: Tree | None, order: Sequence[tuple[str, bool]]) -> ObservationRows:
        where, values = self.where, list(self.values)
        if tree is not None:

            def compare(one: Compare) -> str:
                column = self._column(one.path)
                values.append(_value(column, one.value))
                return f"{column} {COMPARISONS[one.sign]} %s"

            words = walk(
                tree,
                compare,
                lambda word, left, right: f"({left} {word} {right})",
                lambda inner: f"(NOT {inner})",
            )
            where = (*where, words)
        wanted = ", ".join(f"{self._column(path)}{' DESC' if down else ''}" for path, down in order)
        return ObservationRows(where, tuple(values), wanted or self.order)

    @staticmethod
    def _column(path: str) -> str:
        try:
            return _COLUMNS[path]
        except KeyError:
            raise BadQuery(f"no property {path[:60]} to ask for") from None

    def count(self) -> int:
        rows = self._ask(f"SELECT count(*) FROM (SELECT 1 {self._from()} LIMIT 1000000) n", ())  # noqa: S608
        return int(rows[0][0])

    def page(self, skip: int, top: int) -> list[Observed]:
        text = f"SELECT o.stream, o.at, o.came, o.value, o.value2 {self._from()} ORDER BY {self.order}"
        return [Observed(*row) for row in self._ask(f"{text} LIMIT %s OFFSET %s", (top, skip))]

    def _from(self) -> str:
        """Only columns and signs of our own stand in the text; values are parameters."""
        return f"FROM telemetry_observation o WHERE {' AND '.join(self.where)}"

    def _ask(self, text: str, more: tuple[Any, ...]) -> list[Any]:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(LONGEST_MS)])
                cursor.execute(text, [*self.values, *more])
                return list(cursor.fetchall())
        except Exception as error:
            if isinstance(error.__cause__, QueryCanceled):
                raise BadQuery("this asks for too much: name a datastream or a span of time") from error
            raise


def _value(column: str, value: Any) -> Any:
    if column in ("o.at", "o.came"):
        return instant_of(value)
    if column == "o.stream":
        return _whole(value)
    try:
        return float(value)
    except (TypeError, ValueError):
        raise BadQuery("result is a number") from None


def instant_of(value: Any) -> datetime:
    """An instant of ISO 8601; of an interval its beginning. Raises BadQuery."""
    try:
        at = datetime.fromisoformat(str(value).split("/", 1)[0])
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    except ValueError:
        raise BadQuery("no time") from None
